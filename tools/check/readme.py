"""Run the examples of README.md and fail when one fails.

Usage: ``python tools/check/readme.py [FILE]``. Run are the ``python`` blocks, all in one program from top to bottom,
and the lines ``$ adsim …`` and ``$ python …`` of ``console`` blocks. A block under the line
``<!-- not run: reason -->`` is left out, and so are ``adsim app``, which would serve for ever, and other commands.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^(?P<fence>`{3,})(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=fence)\s*$", re.DOTALL | re.MULTILINE)
NOT_RUN = re.compile(r"<!-- not run: [^\n]+ -->\n+\Z")
PROGRAMS = ("adsim", "python", "python3")
SECONDS_EACH = 120


@dataclass(frozen=True)
class Block:
    """A fenced block, and the line of the page its text begins at (counted from 1)."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """One command line, and the line of the page it stands on."""

    text: str
    line: int


def main(arguments: list[str] | None = None) -> int:
    """Run everything; return 0 when there was something to run and all of it worked."""
    given = sys.argv[1:] if arguments is None else arguments
    page = Path(given[0] if given else ROOT / "README.md").resolve()
    if not page.is_file():
        print(f"{page.name}: there is no such file", file=sys.stderr)
        return 1
    blocks = list(blocks_of(page.read_text(encoding="utf-8")))
    script, commands = script_of(blocks), list(commands_of(blocks))
    if not script.strip() or not commands:
        print(f"{page.name}: no python example, or no `$ adsim …` example, was found", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        # The examples read the project's files by relative paths; what they write stays out of it.
        for entry in ROOT.iterdir():
            (Path(folder) / entry.name).symlink_to(entry)
        example = Path(folder) / f"{page.stem}_examples.py"
        example.write_text(script, encoding="utf-8")
        worked = [run(f"{page.name}, python blocks", [sys.executable, example.name], folder)]
        worked += [run(f"{page.name}:{one.line}, {one.text}", ["bash", "-c", one.text], folder) for one in commands]
    print(f"{sum(worked)} of {len(worked)} examples of {page.name} work")
    return 0 if all(worked) else 1


def blocks_of(text: str) -> Iterator[Block]:
    """Yield the fenced blocks, those marked as not run left out."""
    for match in FENCE.finditer(text):
        if not NOT_RUN.search(text, 0, match.start()):
            yield Block(match["language"].lower(), match["text"], 1 + text.count("\n", 0, match.start("text")))


def script_of(blocks: list[Block]) -> str:
    """Return one program of all python blocks, each line where it stands in the page: tracebacks then fit."""
    lines: list[str] = []
    for block in blocks:
        if block.language == "python":
            lines += [""] * (block.line - 1 - len(lines))
            lines += block.text.splitlines()
    return "\n".join(lines) + "\n"


def commands_of(blocks: list[Block]) -> Iterator[Command]:
    """Yield the commands that this project is answerable for."""
    for block in blocks:
        if block.language != "console":
            continue
        text = block.text.replace("\\\n", "\\\0")  # a continued line is one command
        line = block.line
        for row in text.split("\n"):
            if row.startswith("$ ") and is_ours(command := row[2:].replace("\\\0", "")):
                yield Command(command, line)
            line += 1 + row.count("\0")


def is_ours(command: str) -> bool:
    """Say whether the command is one to run here."""
    words = shlex.split(command, comments=True)
    return bool(words) and words[0] in PROGRAMS and words[:2] != ["adsim", "app"]


def run(name: str, command: list[str], folder: str) -> bool:
    """Run one example with this environment's programs first; say how it went, and on failure all it said."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS_EACH,
        )
    except subprocess.TimeoutExpired:
        print(f"FAILED  {name}: no end after {SECONDS_EACH} seconds")
        return False
    if done.returncode:
        print(f"FAILED  {name}: exit code {done.returncode}\n{done.stdout}")
        return False
    print(f"ok      {name}")
    return True


if __name__ == "__main__":
    sys.exit(main())
