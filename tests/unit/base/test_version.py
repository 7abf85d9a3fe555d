"""The version of the package is that of its release."""

from __future__ import annotations

import tomllib
from pathlib import Path

import simulator


def test_the_package_says_the_version_of_its_release() -> None:
    released = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert simulator.__version__ == released
