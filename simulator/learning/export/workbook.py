"""Rows of an XLSX workbook, after its archive has been found harmless.

openpyxl reads it, as a stream (read-only mode): python-calamine is faster but lays a sheet out as one dense
rectangle, so that a file with two cells far apart takes the process down. Formulas are never evaluated: the value
saved with them is read, and one saved without a value is handed on as the text of the formula, which is no number.
"""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from simulator.base.errors import InvalidInput, SimulatorError, shown
from simulator.learning.export.delimited import HEADER_WITHIN, SEPARATORS, apart
from simulator.learning.export.headers import score
from simulator.learning.export.text import is_blank, normalise

MAX_MEMBERS = 1000
MAX_SHEETS = 20
MAX_UNPACKED = 60_000_000
"""Bytes of all parts together, unpacked: more than 500,000 cells take."""
MAX_MARKS = 6_000_000
"""Marks (opening and closing) of all parts together: what the time to read is made of."""
MAX_PARTS = {"xl/worksheets/": MAX_UNPACKED, "xl/sharedstrings.xml": 20_000_000}
"""Bytes a part may have unpacked, by the beginning of its name."""
MAX_OTHER = 2_000_000
"""Bytes any other part may have unpacked, pictures excepted."""
MAX_CELLS = 500_000
"""Cells read from a sheet, blank ones within a row included: about six seconds. Half as many where there are formulas,
which are read too."""
MAX_SHEET_ROWS = 1_048_576
"""Rows of a sheet, blank ones included: what the format allows."""

_ENTITY = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_RAW = re.compile("raw|brut", re.IGNORECASE)
_FORMULA = re.compile(rb"<(\w+:)?f[\s>/]")

Row = Sequence[object]


@dataclass(frozen=True)
class Sheet:
    """Rows of the sheet that names most fields, how its date serials count, and sheets that name as many.

    Sheets with the same header, one a month, are read one after the other: they are ``joined``, the first included.
    """

    rows: Iterator[Row]
    date_of: Callable[[float], datetime.date | None]
    others: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()


@contextmanager
def opened_sheet(stream: IO[bytes], file: str, wanted: frozenset[str]) -> Iterator[Sheet]:
    """Yield the sheet to read; ``wanted`` are headers the user named.

    Raises
    ------
    InvalidInput
        ``too_large`` (unpacked), ``not_a_table`` (another kind of archive), ``damaged_file``, ``too_many_rows``.
    SimulatorError
        ``missing_package`` where openpyxl is not installed.
    """
    with _broken_is_refused(file):
        books = _books(stream, file)
        name, joined, others = _best_sheet(books[0], wanted)
    if name is None:
        raise InvalidInput("empty_file", field=file)
    most = MAX_CELLS // len(books)
    names = (name, *joined)
    rows = _rows(books[0], names, most, file)
    if len(books) == 2:
        rows = _marked(rows, _rows(books[1], names, most, file))
    try:
        yield Sheet(_guarded(rows, file), _date_reader(books[0].epoch), others, names if joined else ())
    finally:
        for book in books:
            book.close()


@contextmanager
def _broken_is_refused(file: str) -> Iterator[None]:
    """Turn what a broken archive makes the library raise, which may be anything, into a refusal."""
    try:
        yield
    except (SimulatorError, MemoryError):
        raise
    except Exception as error:
        received = f"the workbook ({type(error).__name__})"
        raise InvalidInput("damaged_file", field=file, received=received) from error


def _guarded(rows: Iterator[Row], file: str) -> Iterator[Row]:
    with _broken_is_refused(file):
        yield from rows


def _books(stream: IO[bytes], file: str) -> list[Any]:
    """Open the workbook for its values and, where it has formulas, once more for these."""
    has_formulas = _inspect(stream, file)
    try:
        import openpyxl
    except ImportError:
        raise SimulatorError("missing_package", field=file, received="openpyxl") from None
    with warnings.catch_warnings():
        # Styles and extensions that are not read: nothing the figures depend on.
        warnings.simplefilter("ignore", UserWarning)
        return [
            openpyxl.load_workbook(stream, read_only=True, keep_links=False, data_only=data_only)
            for data_only in ((True, False) if has_formulas else (True,))
        ]


def _inspect(stream: IO[bytes], file: str) -> bool:
    """Check the archive before anything is unpacked, then each part piece by piece; tell whether it has formulas.

    ``zipfile`` never unpacks more of a part than the archive declares, and its checksum then fails; so the
    declared sizes bound the real ones.
    """
    archive = zipfile.ZipFile(stream)
    members = archive.infolist()
    names = {member.filename.lower() for member in members}
    _check_sizes(members, file)
    if "xl/workbook.xml" not in names:
        what = "a workbook in another format" if names & {"xl/workbook.bin", "mimetype"} else "an archive"
        raise InvalidInput("not_a_table", field=file, received=what)
    has_formulas = False
    marks = 0
    for member in members:
        if member.flag_bits & 0x1:
            raise InvalidInput("old_workbook", field=file)
        found, count = _scan(archive, member, file)
        has_formulas |= found
        marks += count
        if marks > MAX_MARKS:
            raise InvalidInput("too_many_rows", field=file, allowed=f"{MAX_CELLS:,} cells in a workbook")
    stream.seek(0)
    return has_formulas


def _check_sizes(members: list[zipfile.ZipInfo], file: str) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or total > MAX_UNPACKED:
        received = f"{total / 1e6:,.0f} MB in {len(members):,} parts once unpacked"
        allowed = f"at most {MAX_UNPACKED / 1e6:,.0f} MB in a workbook (save it as CSV)"
        raise InvalidInput("too_large", field=file, received=received, allowed=allowed)


def _scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> tuple[bool, int]:
    """Unpack one part piece by piece and return (whether it has a formula, marks).

    Parts are told apart by what they hold, not by their names: an archive may call its strings a picture.
    """
    part_name = member.filename[:60]
    most = next((size for start, size in MAX_PARTS.items() if member.filename.lower().startswith(start)), MAX_OTHER)
    found, marks, overlap = False, 0, b""
    try:
        with archive.open(member) as part:
            while block := part.read(1 << 18):
                if not overlap and not _is_xml(block):
                    return False, 0
                if member.file_size > most:
                    received = f"{member.file_size / 1e6:,.0f} MB in the part {part_name} once unpacked"
                    raise InvalidInput(
                        "too_large", field=file, received=received, allowed=f"at most {most / 1e6:,.0f} MB"
                    )
                window = overlap + block
                # In UTF-16, which no workbook uses, an entity would hide from the search.
                if _ENTITY.search(window) or b"\0" in window:
                    raise InvalidInput("damaged_file", field=file, received=f"the part {part_name}")
                found = found or _FORMULA.search(window) is not None
                marks += block.count(b"<")
                overlap = window[-64:]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        raise InvalidInput("damaged_file", field=file, received=f"the part {part_name}") from None
    return found, marks


def _is_xml(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return not start or start.startswith(b"<")


def _best_sheet(book: Any, wanted: frozenset[str]) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """Return the sheet that names most fields, those of the same header, and others that name as many.

    Of equals the raw one goes first, then the first. The sheet with the raw rows says the same as its formatted
    neighbour: there are then no others.
    """
    ranks: dict[str, tuple[int, bool]] = {}
    headers: dict[str, tuple[str, ...]] = {}
    for sheet in book.worksheets[:MAX_SHEETS]:
        sheet.reset_dimensions()
        first = _first_rows(sheet)
        scores = [max(score(row, wanted), _score_in_a(row, wanted)) for row in first]
        ranks[sheet.title] = max(scores, default=-1), bool(_RAW.search(sheet.title))
        if scores:
            cells = first[scores.index(max(scores))]
            headers[sheet.title] = tuple(normalise(str(cell)) for cell in cells if not is_blank(cell))
    chosen = max(ranks, key=lambda title: ranks[title], default=None)
    if chosen is None or ranks[chosen] < (0, False):
        return None, (), ()
    names, is_raw = ranks[chosen]
    is_alone = names < 1 or (is_raw and sum(raw for _, raw in ranks.values()) == 1)
    others = [title for title, rank in ranks.items() if rank[0] == names and title != chosen]
    if is_alone:
        return chosen, (), ()
    joined = tuple(title for title in others if headers[title] == headers[chosen])
    return chosen, joined, tuple(title for title in others if title not in joined)


def _score_in_a(row: Row, wanted: frozenset[str]) -> int:
    """Return how many fields a line names that stands whole in the first cell."""
    return max((score(apart(row, separator), wanted) for separator in SEPARATORS), default=0) if row else 0


def _first_rows(sheet: Any) -> list[Row]:
    """Return the first rows, none from beyond the first thousand: two cells far apart are a million rows."""
    rows = sheet.iter_rows(max_row=1000, values_only=True)
    return list(islice((row for row in rows if row), HEADER_WITHIN))


def _rows(book: Any, names: Sequence[str], most: int, file: str) -> Iterator[Row]:
    """Yield rows, refusing sheets of too many cells; the size a sheet states of itself is not believed."""
    cells = 0
    for name in names:
        sheet = book[name]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True)):
            if not row and number < MAX_SHEET_ROWS:
                yield row
                continue
            cells += len(row)
            if cells > most or number >= MAX_SHEET_ROWS:
                raise InvalidInput("too_many_rows", field=file, allowed=f"{most:,} cells in a workbook")
            yield row


def _marked(values: Iterator[Row], formulas: Iterator[Row]) -> Iterator[Row]:
    """Put the text of a formula where it was saved without a value: a blank would be read as zero."""
    for saved, written in zip(values, formulas, strict=True):
        yield [
            f"={shown(text)}" if value is None and text is not None else value
            for value, text in zip(saved, written, strict=True)
        ]


def _date_reader(epoch: datetime.datetime) -> Callable[[float], datetime.date | None]:
    from openpyxl.utils.datetime import from_excel

    def date_of(serial: float) -> datetime.date | None:
        try:
            found = from_excel(serial, epoch)
        except (ValueError, OverflowError):
            return None
        return found.date() if isinstance(found, datetime.datetime) else None

    return date_of
