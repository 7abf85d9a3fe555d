"""Change single entries of a parameter file and leave every other character as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "simulator" / "reference" / "parameters"


def changed(text: str, name: str, entries: Mapping[str, str]) -> str:
    """Return a file's text with entries of one table replaced, or added at its end.

    Parameters
    ----------
    name : str
        The table, ``persistence.leads``.
    entries : mapping
        Entry to its value in TOML, on one line each.
    """
    header = re.search(rf"^\[{re.escape(name)}\]$", text, re.MULTILINE)
    if header is None:
        raise KeyError(name)
    after = re.compile(r"^\[", re.MULTILINE).search(text, header.end())
    end = after.start() if after else len(text)
    body = text[header.end() : end]
    for entry, value in entries.items():
        line = f"{entry} = {value}"
        body, count = re.subn(rf"^{entry} = .*$", lambda _, line=line: line, body, flags=re.MULTILINE)  # type: ignore[misc]
        if count > 1:
            raise ValueError(f"[{name}] {entry} is written {count} times")
        if not count:
            body = f"{body.rstrip()}\n{line}\n{body[len(body.rstrip()) + 1 :]}"
    return text[: header.end()] + body + text[end:]


def number(value: float) -> str:
    """Return a number as TOML has it, always with a point."""
    text = repr(float(f"{value:.10g}"))
    return text if "." in text or "e" in text else f"{text}.0"


def string(value: str) -> str:
    """Return a text as TOML has it."""
    return json.dumps(value, ensure_ascii=False)
