"""What the check of the package looks at in the archives it builds."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tools.check.wheel import missing, packed, same


def wheel(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_an_archive_that_lacks_a_file_of_the_package_is_named(tmp_path: Path) -> None:
    whole = packed()
    assert "simulator/py.typed" in whole
    assert not [name for name in whole if "__pycache__" in name]
    archive = wheel(tmp_path / "one.whl")
    missing("wheel", archive, whole)
    with pytest.raises(SystemExit, match=r"simulator/reference/parameters/prices\.toml"):
        missing("wheel", archive, whole - {"simulator/reference/parameters/prices.toml"})


@pytest.mark.parametrize("other", [{"a": "2"}, {}, {"a": "1", "b": "1"}], ids=["changed", "lacking", "more"])
def test_two_wheels_that_differ_are_told(tmp_path: Path, other: dict[str, str]) -> None:
    first = wheel(tmp_path / "first.whl", a="1")
    same(first, wheel(tmp_path / "same.whl", a="1"))
    with pytest.raises(SystemExit, match=r"differs: [ab]$"):
        same(first, wheel(tmp_path / "other.whl", **other))
