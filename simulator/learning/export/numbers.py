"""Numbers as spreadsheets and languages write them, read without guessing.

"1,234" alone may be a thousand or one and a bit. A file writes all its numbers one way, so the cells that can be
read in one way only ("1,234.50", "12,5", "1,234,567") decide for the others, and so does a column that counts people
or clicks, which has no decimals. If nothing decides, the file is refused rather than read wrongly by a factor of a
thousand.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.learning.export.text import repaired
from simulator.learning.export.values import unit_of

PLAIN, BLANK, INVALID, COMMA, DOT, ROUNDED = range(6)
"""Kinds of cell. COMMA and DOT are the ambiguous ones; their value is stored as if the mark separated thousands."""
MAX_CACHE = 20_000
"""Texts remembered at a time; the cells of an export repeat."""
MAX_SHOWN = 100
"""Unreadable texts kept for the report."""

_SIMPLE = re.compile(r"([0-9]+)([.,])([0-9]+)")
_GROUPED = re.compile(r"([0-9]{1,3}(?:([.,' ?])[0-9]{3})(?:\2[0-9]{3})*)(?:([.,])([0-9]+))?")
_INDIAN = re.compile(r"([0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3})(?:\.([0-9]+))?")
_UNGROUPED = re.compile(r"([0-9]*)(?:([.,])([0-9]+))?")
_EXPONENT = re.compile(r"[0-9]+(?:[.,][0-9]+)?e[+-]?[0-9]+", re.IGNORECASE)
_WHOLE = "(?:[0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)"
_ALL = {mark: re.compile(f"(?:(?:{_WHOLE}(?:[{mark}][0-9]+)?)?(?:\n|\\Z))+") for mark in (".", ",")}
_AMBIGUOUS = re.compile("[1-9][0-9]{0,2}[.,][0-9]{3}")
_THREE = re.compile(r"[.,][0-9]{3}(?:\n|\Z)")
_SPACE = re.compile("[ \u00a0\u202f]")
_NO_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f"), None)
_SIGNS = str.maketrans("’−\ufffd", "'-?")
_BLANKS = frozenset(("", "-", "--", "—", "–", "n/a", "na", "n/d", "nd", "s. o.", "s.o.", "null", "none", "nan"))
_AROUND = re.compile(r"([^0-9]*?)((?:(?<![A-Za-z])[.,])?[0-9](?:.*[0-9])?)([^0-9]*)")
"""A number with what stands before and behind it: a sign, a unit of money; the point of "Fr.500" is the unit's."""

_ENDS = re.compile(r"([^0-9.,(-]*)[0-9][^\n]*?([^0-9]*)")
_CONTRADICTIONS = (
    ((",", "decimal"), (".", "decimal")),
    ((",", "decimal"), (",", "thousands")),
    ((".", "decimal"), (".", "thousands")),
)

Mark = Literal[",", "."]


@dataclass
class Numbers:
    """Reads cells and remembers what they show of the file's way to write numbers."""

    roles: dict[tuple[str, str], str] = field(default_factory=dict)
    """What a mark was seen to stand for ("decimal", "thousands"), with a cell that shows it."""
    units: dict[object, str | None] = field(default_factory=dict)
    """Cells that name a unit of money, with its ISO code where the unit is that of one currency only."""
    _values: dict[object, float] = field(default_factory=dict)
    _kinds: dict[object, int] = field(default_factory=dict)

    def read(self, cells: Sequence[object]) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Return the values and kinds of ``cells``, both of shape (cell,)."""
        return self._read_together(cells) or self._read_together(self._bare(cells)) or self._read_singly(cells)

    def _bare(self, cells: Sequence[object]) -> Sequence[object]:
        """Return the cells without the unit of money that they all have, for ``_read_together``; else none."""
        example = next((cell for cell in cells if cell), None)
        ends = _ENDS.fullmatch(example) if isinstance(example, str) else None
        if ends is None or bool(ends[1]) == bool(ends[2]):
            return ()
        is_unit, code = unit_of(ends[1] or ends[2])
        try:
            is_common = all(not cell or (cell.startswith(ends[1]) and cell.endswith(ends[2])) for cell in cells)  # type: ignore[attr-defined]
        except AttributeError:
            return ()
        if not is_unit or not is_common:
            return ()
        self.units[example] = code
        return [cell and cell[len(ends[1]) : len(cell) - len(ends[2])] for cell in cells]  # type: ignore[index,arg-type]

    def _read_together(self, cells: Sequence[object]) -> tuple[NDArray[np.float64], NDArray[np.int8]] | None:
        """Read all at once where every cell is blank or a simple number with one mark: five times as fast."""
        if not cells:
            return None
        try:
            joined = "\n".join(cells)  # type: ignore[arg-type]
        except TypeError:
            return None
        mark = next((mark for mark, pattern in _ALL.items() if pattern.fullmatch(joined)), None)
        if mark is None or joined.count("\n") != len(cells) - 1:
            return None
        texts = (joined.translate(_NO_SPACES) if _SPACE.search(joined) else joined).replace(mark, ".").split("\n")
        if "" in texts:
            texts = [text or "nan" for text in texts]
        values = np.fromiter(map(float, texts), np.float64, len(texts))
        kinds = np.where(np.isnan(values), BLANK, PLAIN).astype(np.int8)
        if mark in joined:
            self._set_ambiguous(joined, mark, values, kinds)
        return values, kinds

    def _set_ambiguous(self, joined: str, mark: str, values: NDArray[np.float64], kinds: NDArray[np.int8]) -> None:
        """Mark the ambiguous among the cells of ``_read_together``; note the first that is not."""
        role = (mark, "decimal")
        cells = joined.split("\n")
        if _THREE.search(joined):
            found = [place for place, cell in enumerate(cells) if _AMBIGUOUS.fullmatch(cell)]
            kinds[found] = COMMA if mark == "," else DOT
            values[found] = np.rint(values[found] * 1000)
        if role not in self.roles:
            example = next((cell for cell in cells if mark in cell and not _AMBIGUOUS.fullmatch(cell)), None)
            if example is not None:
                self.roles[role] = example

    def _read_singly(self, cells: Sequence[object]) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        values, kinds = self._values, self._kinds
        if len(values) > MAX_CACHE:
            values.clear()
            kinds.clear()
            self.units.clear()
        for cell in set(cells).difference(values):
            values[cell], kinds[cell] = self._read(cell)
        count = len(cells)
        return (
            np.fromiter(map(values.__getitem__, cells), np.float64, count),
            np.fromiter(map(kinds.__getitem__, cells), np.int8, count),
        )

    def _read(self, cell: object) -> tuple[float, int]:
        if isinstance(cell, str):
            if cell.isascii() and cell.isdigit():
                return self._ungrouped(cell, "", "")
            simple = _SIMPLE.fullmatch(cell)
            return self._marked(*simple.groups()) if simple else self._awkward(cell)
        if cell is None:
            return np.nan, BLANK
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return (float(cell), PLAIN) if abs(cell) < 1e300 else (np.nan, INVALID)
        return np.nan, INVALID

    def _ungrouped(self, whole: str, mark: str, decimals: str) -> tuple[float, int]:
        if mark:
            self.roles.setdefault((mark, "decimal"), f"{whole}{mark}{decimals}")
        return float(f"{whole or '0'}.{decimals or '0'}"), PLAIN

    def _marked(self, whole: str, mark: str, decimals: str) -> tuple[float, int]:
        """One mark: ambiguous only after one to three digits, the first not 0, and before exactly three."""
        if len(decimals) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
            return float(whole + decimals), COMMA if mark == "," else DOT
        return self._ungrouped(whole, mark, decimals)

    def _awkward(self, cell: str) -> tuple[float, int]:
        text = _tidied(cell)
        if text.casefold() in _BLANKS:
            return np.nan, BLANK
        if text[:1] not in "0123456789" or text[-1:] not in "0123456789":
            text = self._without_unit(cell, text)
        sign = 1.0
        if text.startswith("(") and text.endswith(")"):
            sign, text = -1.0, text[1:-1].strip()
        elif text.startswith("-"):
            sign, text = -1.0, text[1:].strip()
        value, kind = self._unsigned(text)
        return sign * value, kind

    def _without_unit(self, cell: str, text: str) -> str:
        """Return the number without the unit of money before or behind it; the text as it is where there is none."""
        around = _AROUND.fullmatch(text)
        if around is None:
            return text
        before, number, behind = around.groups()
        signs = re.sub("[^-(]", "", before)
        codes = set()
        for unit in (re.sub("[-(]", " ", before), behind.removesuffix(")")):
            is_unit, code = unit_of(unit)
            if unit.strip() and not is_unit:
                return text
            codes |= {code} if unit.strip() else set()
        if len(codes - {None}) > 1:
            return text
        if codes:
            self.units[cell] = next(iter(codes - {None}), None)
        return f"{signs}{number}{')' if behind.endswith(')') else ''}"

    def _unsigned(self, text: str) -> tuple[float, int]:
        simple = _SIMPLE.fullmatch(text)
        if simple:
            return self._marked(*simple.groups())
        grouped = _GROUPED.fullmatch(text)
        if grouped and grouped[2] != grouped[3]:
            return self._grouped(grouped[1], grouped[2], grouped[3], grouped[4])
        indian = _INDIAN.fullmatch(text)
        if indian:
            return self._grouped(indian[1], ",", "." if indian[2] else None, indian[2])
        ungrouped = _UNGROUPED.fullmatch(text)
        if ungrouped and text:
            return self._ungrouped(ungrouped[1], ungrouped[2] or "", ungrouped[3] or "")
        return (float(text.replace(",", ".")), ROUNDED) if _EXPONENT.fullmatch(text) else (np.nan, INVALID)

    def _grouped(self, whole: str, separator: str, mark: str | None, decimals: str | None) -> tuple[float, int]:
        if separator in ",.":
            self.roles.setdefault((separator, "thousands"), whole)
        if mark:
            self.roles.setdefault((mark, "decimal"), f"{whole}{mark}{decimals}")
        return float(f"{whole.replace(separator, '')}.{decimals or '0'}"), PLAIN


@dataclass
class NumberColumn:
    """The cells of one column, as values and kinds; unreadable texts by position."""

    numbers: Numbers
    values: array[float] = field(default_factory=lambda: array("d"))
    kinds: array[int] = field(default_factory=lambda: array("b"))
    unread: dict[int, str] = field(default_factory=dict)
    units: set[str | None] = field(default_factory=set)
    """Currencies that the cells name; None for a unit of several currencies."""

    def add(self, cells: Sequence[object]) -> None:
        """Append cells."""
        start = len(self.values)
        values, kinds = self.numbers.read(cells)
        units = self.numbers.units
        self.units |= {units[cell] for cell in set(cells) if cell in units} if units else set()
        self.values.frombytes(values.tobytes())
        self.kinds.frombytes(kinds.tobytes())
        for place in np.flatnonzero((kinds == INVALID) | (kinds == ROUNDED))[:MAX_SHOWN].tolist():
            if len(self.unread) < MAX_SHOWN:
                self.unread[start + place] = shown(cells[place], 40)

    def has(self, kind: int) -> bool:
        """Whether any cell is of ``kind``."""
        return bool(np.any(np.frombuffer(self.kinds, np.int8) == kind))

    def first(self, kind: int) -> float:
        """The value of the first cell of ``kind``."""
        return self.values[int(np.argmax(np.frombuffer(self.kinds, np.int8) == kind))]

    def resolved(self, decimal: Mark | None) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Return (values, kinds) once the decimal mark is known, ambiguous cells settled in place."""
        values = np.frombuffer(self.values, np.float64)
        kinds = np.frombuffer(self.kinds, np.int8)
        if decimal:
            # Both operands are whole, so the quotient is the double nearest to what was written.
            values[kinds == (COMMA if decimal == "," else DOT)] /= 1000.0
        kinds[(kinds == COMMA) | (kinds == DOT)] = PLAIN
        return values, kinds


def decimal_mark(
    numbers: Numbers, counts: Sequence[NumberColumn], amounts: Sequence[NumberColumn], file: str
) -> Mark | None:
    """Return the file's decimal mark, or None where no cell has one and none is ambiguous.

    Parameters
    ----------
    numbers
        What was seen in all columns.
    counts, amounts
        Columns that cannot, and that can, have decimals.

    Raises
    ------
    InvalidInput
        ``mixed_numbers`` where cells contradict each other, ``ambiguous_numbers`` where nothing decides.
    """
    roles = dict(numbers.roles)
    for mark, kind in ((",", COMMA), (".", DOT)):
        value = next((column.first(kind) for column in counts if column.has(kind)), None)
        if value is not None:
            roles.setdefault((mark, "thousands"), f"{value:,.0f}".replace(",", mark))
    for one, other in _CONTRADICTIONS:
        if one in roles and other in roles:
            received = f"{shown(roles[one], 30)} beside {shown(roles[other], 30)}"
            raise InvalidInput("mixed_numbers", field=file, received=received)
    if (",", "decimal") in roles or (".", "thousands") in roles:
        return ","
    if (".", "decimal") in roles or (",", "thousands") in roles:
        return "."
    if any(column.has(COMMA) or column.has(DOT) for column in amounts):
        raise InvalidInput("ambiguous_numbers", field=file)
    return None


def _tidied(cell: str) -> str:
    """Return the cell with plain spaces, apostrophes and minus, and one sign for lost characters.

    A narrow no-break space becomes "?" in an encoding that has none; decimal marks are never lost.
    """
    text = unicodedata.normalize("NFKC", repaired(cell)).translate(_SIGNS).strip(" '\t\r\n\ufeff")
    return re.sub(r"\s", " ", text)
