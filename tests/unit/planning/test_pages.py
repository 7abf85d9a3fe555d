"""The examples of the pages for analysts run, and every public name has one."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import simulator
from simulator.apps.cli import main as cli
from tools.check import readme


@pytest.mark.parametrize("page", ["tutorial.md", "sweeps.md", "api.md"])
def test_the_examples_of_a_page_work(page: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, whose imports are done; ``python tools/check/readme.py docs/PAGE`` runs each on its own."""
    blocks = list(readme.blocks_of((root / "docs" / page).read_text(encoding="utf-8")))
    script, commands = readme.script_of(blocks), list(readme.commands_of(blocks))
    assert script.strip()
    assert commands
    monkeypatch.chdir(root)
    exec(compile(script, page, "exec"), {"__name__": "__main__"})
    for command in commands:
        program, *arguments = shlex.split(command.text)
        assert program == "adsim"
        assert cli.main(arguments) == 0, command.text


def test_every_public_name_stands_on_the_page(root: Path) -> None:
    headings = re.findall(r"^### `(\w+)", (root / "docs" / "api.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(simulator.__all__)


def test_type_hints_are_shipped(root: Path) -> None:
    """The build packs every file below simulator/, this mark of PEP 561 among them."""
    assert (root / "simulator" / "py.typed").is_file()
