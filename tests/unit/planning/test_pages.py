"""The examples of the pages for analysts run, and every public name has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import simulator
from tools import check_readme


@pytest.mark.parametrize("page", ["tutorial.md", "sweeps.md", "api.md"])
def test_the_examples_of_a_page_work(page: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = check_readme.main([str(root / "docs" / page)])
    assert code == 0, capsys.readouterr().out


def test_every_public_name_stands_on_the_page(root: Path) -> None:
    headings = re.findall(r"^### `(\w+)", (root / "docs" / "api.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(simulator.__all__)


def test_type_hints_are_shipped(root: Path) -> None:
    """The build packs every file below simulator/, this mark of PEP 561 among them."""
    assert (root / "simulator" / "py.typed").is_file()
