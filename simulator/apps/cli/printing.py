"""Print tables, figures and JSON for the command line."""

from __future__ import annotations

import json
import sys
from typing import Any


def figure(value: float) -> str:
    """Return a figure with the digits it deserves."""
    if abs(value) < 1e-6:  # nobody; the tail of a distribution that is never quite zero
        return "0"
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1.0 else f"{value:.3g}"


def note(entries: dict[str, Any]) -> str:
    """Return a flag in words: its code and its data."""
    code = str(entries.pop("code")).replace("_", " ")
    details = ", ".join(
        f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}" for key, value in entries.items()
    )
    return f"{code} ({details})" if details else code


def print_json(value: Any) -> None:
    """Print JSON, in plain letters where the terminal knows no others."""
    any_letter = "utf" in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    print(json.dumps(value, ensure_ascii=not any_letter, indent=2, allow_nan=False))


def print_table(header: list[str], rows: list[list[str]]) -> None:
    """Print columns, figures to the right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    numeric = [all(row[column][:1].isdigit() for row in rows) for column in range(len(header))]
    for row in [header, *rows]:
        cells = (
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        )
        print("  ".join(cells).rstrip())
