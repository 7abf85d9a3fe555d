"""What every benchmark understands: ``--help``, which measures nothing, and ``--check`` where it writes a page."""

from __future__ import annotations

import argparse


def read(about: str | None, *, writes: bool = False) -> argparse.Namespace:
    """Read the command line.

    Parameters
    ----------
    about : str
        The module's docstring; its first line is the help.
    writes : bool
        Whether the benchmark writes into a page, which ``--check`` then keeps it from.
    """
    parser = argparse.ArgumentParser(description=(about or "").split("\n")[0])
    if writes:
        parser.add_argument("--check", action="store_true", help="write nothing")
    return parser.parse_args()
