"""Where ``--out`` leads: to a file, written whole or not at all, or for ``-`` to the standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from pathlib import Path
from typing import IO, Any

from simulator.base.errors import InvalidInput

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
