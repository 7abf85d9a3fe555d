"""Rows of a delimited text file, read as a stream: the separator is the one that makes sense of the header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterator, Sequence
from itertools import chain, islice
from typing import IO

from simulator.base.errors import InvalidInput
from simulator.learning.export.headers import HEADER_SCORE, score
from simulator.learning.export.text import SAMPLE, Encoded, is_blank

TOGETHER = 16
"""Rows of which a spreadsheet decides together how many separators they end with."""
SEPARATORS = (",", ";", "\t", "|")
HEADER_WITHIN = 30
"""The header row is among the first so many rows."""
USUAL = "éèêëàâäîïôöùûüçœÉÈÊÀÂÎÔÇŒ’‘“”«»–—…€°\u00a0"
"""Letters and marks of French and English text beyond ASCII: a wrong codec shows others."""
_AMID = re.compile(r"(?<=[0-9])[^\W\d_](?=[0-9])(?<![A-Za-z])|(?<=[A-Za-z])[‘“”«»…€°](?=[a-z])")
"""A letter beyond ASCII amid digits, a mark amid letters: a space and a letter under the wrong codec."""
LINES = 1 << 18
"""Characters of whole lines read at a time."""


Row = Sequence[object]


def choose(stream: IO[bytes], encoded: Encoded, wanted: frozenset[str]) -> tuple[str, str]:
    """Return (codec, separator): by which most headers are recognised, accents look right, most cells are found.

    ``wanted`` are headers the user named; the stream is left at its start.
    """
    head = stream.read(SAMPLE)
    stream.seek(0)
    best: tuple[tuple[int, int, int], str, str] = ((-1, 0, 0), encoded.candidates[0], ",")
    for codec in encoded.candidates:
        text = head.decode(codec, "ignore")
        usual = sum(map(text.count, USUAL)) - len(_AMID.findall(text)) if len(encoded.candidates) > 1 else 0
        for separator in SEPARATORS:
            first = [apart(row, separator) for row in _first_rows(text, separator)]
            names, width = max(((score(cells, wanted), len(cells)) for cells in first), default=(0, 0))
            if (names, usual, width) > best[0]:
                best = ((names, usual, width), codec, separator)
    return best[1], best[2]


def rows(stream: IO[bytes], codec: str, separator: str, file: str) -> Generator[list[str], None, None]:
    """Yield the cells of each row, blank lines as empty lists.

    The caller's stream is left open.

    Raises
    ------
    InvalidInput
        ``damaged_file`` with the line: a quote that never closes, or text after one.
    """
    # An incomplete last character, of a file cut short, must not hide the rows before it.
    text = io.TextIOWrapper(stream, encoding=codec, errors="replace", newline="")
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        received = f"line {reader.line_num} ({error})"
        raise InvalidInput("damaged_file", field=file, received=received) from None
    finally:
        text.detach()


def apart(cells: Sequence[object], separator: str) -> Sequence[object]:
    """Return the cells of a line that a spreadsheet left whole in its first cell, else the same cells.

    So are the lines of a file with commas that were opened where semicolons separate cells.
    """
    whole = cells[0] if cells else None
    if not isinstance(whole, str) or separator not in whole or any(not is_blank(cell) for cell in cells[1:]):
        return cells
    try:
        return next(csv.reader([whole], delimiter=separator, strict=True), list(cells))
    except csv.Error:
        return cells


def in_column_a(rows: Sequence[Sequence[object]], wanted: frozenset[str]) -> str | None:
    """Return the separator of whole lines in the first cells of rows, or None where that is no header."""
    for row in rows:
        if not row or not isinstance(row[0], str) or any(not is_blank(cell) for cell in row[1:]):
            continue
        for separator in SEPARATORS:
            if separator in row[0] and score(apart(row, separator), wanted) >= HEADER_SCORE:
                return separator
    return None


def header_row(first: Sequence[Sequence[object]], wanted: frozenset[str]) -> int:
    """Return which of the first rows (from 0) is the header; the first that is not blank where none names a field.

    The first that names as many fields as only a header does, else the one that names most: another header may
    follow, and the rows before it must not be lost.
    """
    scores = [score(cells, wanted) for cells in first]
    enough = next((place for place, names in enumerate(scores) if names >= HEADER_SCORE), None)
    if enough is not None:
        return enough
    if max(scores, default=0) > 0:
        return scores.index(max(scores))
    return next((place for place, cells in enumerate(first) if not all(map(is_blank, cells))), 0)


def as_wide_as_rows(header: Sequence[object], below: Sequence[Sequence[object]]) -> list[object]:
    """Return the header with as many cells as the rows below it, where they all agree and nothing is in the difference.

    Spreadsheets and scripts end rows, or the header alone, with separators too many. One row shows no habit: its
    cells may be shifted.
    """
    rows = [row for row in below if len(row) > 1 and not all(is_blank(cell) for cell in row)]
    width = len(rows[0]) if len(rows) > 1 else len(header)
    beyond = [*header[width:], *(cell for row in rows for cell in row[len(header) :])]
    if any(len(row) != width for row in rows) or not all(is_blank(cell) for cell in beyond):
        return list(header)
    return [*header[:width], *[""] * (width - len(header))]


def with_ends(rows: Iterator[Row], number: int, width: int, least: int) -> Iterator[Row]:
    """Give back the separators that a spreadsheet leaves out at the end of rows whose last cells are blank.

    It does so for sixteen rows of the sheet at a time: one row that is shorter than those around it is cut.

    Parameters
    ----------
    number
        Place of the first row in the sheet, from 0.
    width
        Cells of a row.
    least
        Cells that must be there.
    """
    before = width
    while block := list(islice(rows, TOGETHER - number % TOGETHER)):
        number += len(block)
        lengths = {len(row) for row in block if row}
        length = next(iter(lengths), width)
        if len(lengths) == 1 and least <= length < width and (len(block) > 1 or length == before):
            block = [[*row, *[""] * (width - length)] if row else row for row in block]
        before = length
        yield from block


def _first_rows(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from islice(reader, HEADER_WITHIN)
    except csv.Error:
        return  # the sample may end inside a quoted cell


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    return chain.from_iterable(iter(lambda: text.readlines(LINES), []))
