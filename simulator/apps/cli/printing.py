"""Print tables, figures and JSON, to a file written whole or not at all, or to the standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from simulator.base.errors import InvalidInput, shown

if TYPE_CHECKING:
    from simulator.campaign.campaign import Campaign


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


STANDARD = "-"
"""What other programs call the standard output; a file of that name is ``./-``."""


def check(out: str | None, field: str = "--out", *, as_json: bool = False, no_text: bool = False) -> None:
    """Refuse, before anything is worked out, what the standard output cannot take.

    Parameters
    ----------
    out : str, optional
        What was given as the place.
    field : str
        What to call it in an error.
    as_json : bool
        Whether an answer in JSON goes to the standard output as well.
    no_text : bool
        Whether a terminal would show it as rubbish: a PDF, a workbook, an archive.

    Raises
    ------
    InvalidInput
        ``unknown_choice``.
    """
    if out != STANDARD:
        return
    if as_json:
        allowed = "the name of a file, since --json prints its answer there"
    elif no_text and sys.stdout.isatty():
        allowed = "the name of a file; a terminal shows text only, a pipe takes anything"
    else:
        return
    raise InvalidInput("unknown_choice", field=field, received=repr(STANDARD), allowed=allowed)


@contextmanager
def written(out: str, field: str = "--out") -> Iterator[IO[bytes]]:
    """Open the place for writing.

    Raises
    ------
    SimulatorError
        As ``replaced``; what stood there is untouched.
    """
    if out == STANDARD:
        yield sys.stdout.buffer
        return
    from simulator.base.files import replaced

    with replaced(Path(out), field) as file:
        yield file


def said_beside(out: str | None) -> Any:
    """Return a block in which what is printed does not mix with what goes to the standard output."""
    return redirect_stdout(sys.stderr) if out == STANDARD else nullcontext()


def read_campaign(path: str) -> Campaign:
    """Return the campaign of a file; what is no longer sold in it was left out, which is said beside the output."""
    from simulator.campaign.files import read_scenario_file

    found = read_scenario_file(path)
    say_left_out(path, found.left_out)
    return found.campaign


def say_left_out(path: str, names: Iterable[str]) -> None:
    """Say which entries of a file were left out."""
    for name in names:
        sys.stderr.write(f"adsim: {shown(path)}: {name} is no longer sold with this objective and was left out\n")
