"""Dates as exports and spreadsheets write them, read without guessing the order of day and month.

"05/06/2024" fits two orders. A file writes all its dates one way, so a date that fits one order only ("25/06/2024")
decides; then the order under which no row ends before it starts; then the language and the currency, with a warning.
So do the serial numbers of a spreadsheet: in a text file they are read where a column holds nothing else.
"""

from __future__ import annotations

import calendar
import datetime
import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput
from simulator.learning.export.text import plain
from simulator.learning.export.values import ALL_OF

YEARS = (2004, 2100)
"""Years of a campaign: not before the platform."""

EPOCHS = (1_072_915_200, 4_102_444_800)
"""Those years in seconds since 1970."""

DATED, BLANK, INVALID, ONGOING, SERIAL = range(5)
"""Kinds of cell. SERIAL is a spreadsheet's number for a day in a text file: doubtful beside dates written out."""

_ISO = re.compile(r"(?=[0-9]{4}(?:-[0-9]+-|/[0-9]+/|\.[0-9]+\.))([0-9]{4}).([0-9]{1,2}).([0-9]{1,2})")
_COMPACT = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})")
_JAPANESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_EPOCH = re.compile(r"([0-9]{10})(?:[0-9]{3}|\.[0-9]+)?")
"""Seconds, or milliseconds, since 1970."""
_NUMERIC = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})")
_DAY_NAMED = re.compile(
    r"([0-9]{1,2})(?:er|st|nd|rd|th|o|º|°)?[-/. ]+(?:de )?([a-z]+)\.?,?[-/. ]+(?:del? )?([0-9]{4}|[0-9]{2}(?![0-9:h]))"
)
_NAMED_DAY = re.compile(r"([a-z]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? (?:de )?([0-9]{4})")
_MONTHS_ONLY = (
    re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})"),
    re.compile(r"(?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
    re.compile(r"(?P<month>[a-z]+)\.?(?:[-/ ]| de )(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月"),
    re.compile(r"(?P<month>[a-z]+)\.?-(?P<year>[0-9]{2})"),
)
_WEEK = re.compile(r"([0-9]{4})-?w([0-9]{2})")
_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? "
    r"|(?:lun|mar|mer|jeu|ven|sam|dim)(?:\.|di|credi|dredi|edi|anche),? "
    r"|(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|(?:segunda|terca|quarta|quinta|sexta)(?:-feira)?),? "
    r"|(?:(?:lune|marte|mercole|giove|vener)di|domenica|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch),? "
    r"|(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag),? "
    r"|(?:mo|di|mi|do|fr|sa|so|ma|wo|vr|za|zo|seg|ter|qua|qui|sex|sab|dom|mie|jue|vie|gio)\.,? "
    r"|[月火水木金土日]曜日?,? ?"
)
_TIME = re.compile(
    r"(?:t| |, | a | at )[0-9]{1,2}(?::|h)[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r" ?(?:[ap]\.?m\.?)? ?(?:z|(?:[a-z]{3,5}|\([^()]{1,40}\))? ?(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?)"
)
_RANGES = (
    re.compile(r"(?:du |from )?(.{1,30}?) ?(?: - | – | to | au | [→~] )(.{6,30})"),
    re.compile("(.{6,30}?)/(.{6,30})"),
)
_ENDING_YEAR = re.compile(r".*[ /.-]([0-9]{4})")
_SERIAL = re.compile("([0-9]{5})(?:[.,][0-9]+)?")
_SERIAL_ZERO = datetime.date(1899, 12, 30)
_ONGOING = frozenset(("ongoing", "en cours", "continuous", "en continu", "no end date", "aucune date de fin",
                      "sans date de fin", "pas de date de fin", "continu", "continue", "not set", "none", "sans fin",
                      "permanent", "permanente", "no end", "en curso", "en circulacion", "sin fecha de finalizacion",
                      "laufend", "fortlaufend", "kein enddatum", "em andamento", "continuo", "sem data de termino",
                      "in corso", "nessuna data di fine", "doorlopend", "lopend", "geen einddatum", "継続中",
                      "実施中", "終了日なし"))  # fmt: skip
_BLANK = frozenset(("", "-", "--", "—", "–", "n/a", "na", "null", "nat", "nan", "0", "0000-00-00", "#n/a", "(null)",
                    "(not set)", "undefined"))  # fmt: skip
FAR = 2100
"""A year from which on a date stands for no end: 9999-12-31."""
_MONTHS = {
    plain(name): number
    for number, names in enumerate(
        (
            "jan january janv janvier ene enero januar janner janeiro gen gennaio januari sty stycznia",
            "feb february fev fevr fevrier febrero februar fevereiro febbraio februari lut lutego",
            "mar march mars marzo marz mrz maerz marco maart mrt marca",
            "apr april avr avril abr abril aprile kwi kwietnia",
            "may mai mayo maio mag maggio mei maj maja",
            "jun june juin junio juni junho giu giugno cze czerwca",
            "jul july juil juillet julio juli julho lug luglio lip lipca",
            "aug august aou aout ago agosto augustus sie sierpnia",
            "sep sept september septembre septiembre setiembre set setembro sett settembre wrz wrzesnia",
            "oct october octobre octubre okt oktober out outubro ott ottobre paz pazdziernika",
            "nov november novembre noviembre novembro lis listopada",
            "dec december decembre dic diciembre dez dezember dezembro dicembre gru grudnia",
        ),
        1,
    )
    for name in names.split()
}
"""English, French, Spanish, German, Portuguese, Italian, Dutch, Polish; Japanese writes numbers."""

Day = datetime.date
Pair = tuple[Day | None, Day | None]


@dataclass
class Dates:
    """Reads the cells of all date columns, each text once.

    ``day_first`` and ``month_first`` hold, by code, the first and last day of a text under each order, or None.
    """

    serial: Callable[[float], Day | None] | None = None
    codes: dict[object, int] = field(default_factory=dict)
    kinds: list[int] = field(default_factory=list)
    day_first: list[Pair] = field(default_factory=list)
    month_first: list[Pair] = field(default_factory=list)

    def read(self, cells: Sequence[object]) -> list[int]:
        """Return the codes of ``cells``."""
        codes = self.codes
        for cell in dict.fromkeys(cells):
            if cell not in codes:
                codes[cell] = len(codes)
                self._read(cell)
        return [codes[cell] for cell in cells]

    def _read(self, cell: object) -> None:
        kind = DATED
        day_first: Pair = (None, None)
        month_first: Pair = (None, None)
        if isinstance(cell, datetime.datetime):
            cell = cell.date()
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            is_serial = self.serial is not None and 0 < cell < EPOCHS[0]
            cell = (
                self.serial(cell) if is_serial and self.serial else str(int(cell)) if _is_epoch(cell) else cell or None
            )
        if isinstance(cell, datetime.date):
            kind = BLANK if cell.year >= FAR else DATED
            day_first = month_first = (cell, cell) if YEARS[0] <= cell.year <= YEARS[1] else (None, None)
        elif isinstance(cell, str):
            text = plain(cell.strip("'"))
            far = re.match("[0-9]{4}", text)
            is_blank = (
                text in _BLANK
                or text in ALL_OF
                or (far is not None and len(text) >= 8 and text[4] in "-/." and int(far[0]) >= FAR)
            )
            kind = BLANK if is_blank else ONGOING if text in _ONGOING else DATED
            if kind == DATED:
                day_first, month_first = _both(text)
                serial = _SERIAL.fullmatch(text) if day_first[0] is None and month_first[0] is None else None
                day = _SERIAL_ZERO + datetime.timedelta(days=int(serial[1])) if serial else None
                if day and YEARS[0] <= day.year <= YEARS[1]:
                    kind, day_first, month_first = SERIAL, (day, day), (day, day)
        else:
            kind = BLANK if cell is None else INVALID
        if kind == DATED and day_first[0] is None and month_first[0] is None:
            kind = INVALID
        self.kinds.append(kind)
        self.day_first.append(day_first)
        self.month_first.append(month_first)

    @cached_property
    def texts(self) -> list[object]:
        """The cells by code."""
        return list(self.codes)


@dataclass
class DateColumn:
    """The cells of one column, as codes of ``Dates``."""

    dates: Dates
    codes: array[int] = field(default_factory=lambda: array("i"))

    def add(self, cells: Sequence[object]) -> None:
        """Append cells."""
        self.codes.extend(self.dates.read(cells))

    @property
    def array(self) -> NDArray[np.int32]:
        """The codes, shape (row,)."""
        return np.frombuffer(self.codes, np.int32)


@dataclass(frozen=True)
class Days:
    """By code: kind, first and last day (they differ for "2024-01-01 - 2024-01-31")."""

    kinds: NDArray[np.int8]
    first: NDArray[np.datetime64]
    last: NDArray[np.datetime64]


def orders_seen(dates: Dates, used: NDArray[np.int32]) -> tuple[bool, bool, str | None]:
    """Return (a date fits day-first only, one fits month-first only, an example that fits both differently)."""
    only_day = only_month = False
    example = None
    for code in used.tolist():
        day, month = dates.day_first[code], dates.month_first[code]
        if dates.kinds[code] != DATED or day == month:
            continue
        only_day |= day[0] is not None and month[0] is None
        only_month |= month[0] is not None and day[0] is None
        if example is None and day[0] is not None and month[0] is not None:
            example = str(dates.texts[code])
    return only_day, only_month, example


def settle_serials(dates: Dates, columns: Iterable[NDArray[np.int32]]) -> bool:
    """Take serial numbers for days where no column has them beside dates written out, else for nothing.

    Return whether there are any that are days.
    """
    kinds = np.array(dates.kinds, np.int8)
    is_mixed = any({SERIAL, DATED} <= set(kinds[np.unique(column)].tolist()) for column in columns)
    serials = np.flatnonzero(kinds == SERIAL).tolist()
    for code in serials:
        dates.kinds[code] = INVALID if is_mixed else DATED
    return bool(serials) and not is_mixed


def resolved(dates: Dates, day_first: bool) -> Days:
    """Return the days of each code under one order; texts that only fit the other are invalid."""
    pairs = dates.day_first if day_first else dates.month_first
    first = np.array([pair[0] for pair in pairs], "datetime64[D]")
    last = np.array([pair[1] for pair in pairs], "datetime64[D]")
    kinds = np.array(dates.kinds, np.int8)
    kinds[(kinds == SERIAL) | ((kinds == DATED) & np.isnat(first))] = INVALID
    first[kinds == INVALID] = last[kinds == INVALID] = np.datetime64("NaT", "D")
    return Days(kinds, first, last)


def prior_order(language: str | None, separator: str, decimal: str | None, currencies: set[str], file: str) -> bool:
    """Return whether day comes first where no date tells.

    Raises
    ------
    InvalidInput
        ``ambiguous_dates`` for an English file of a country that writes both ways, or of an unknown one.
    """
    if language == "fr" or separator == ";" or decimal == ",":
        return True
    if currencies == {"USD"}:
        return False
    if currencies and not currencies & {"USD", "CAD"}:
        return True
    raise InvalidInput("ambiguous_dates", field=file)


def _is_epoch(number: float) -> bool:
    return EPOCHS[0] <= number < EPOCHS[1] or 1000 * EPOCHS[0] <= number < 1000 * EPOCHS[1]


def _both(text: str) -> tuple[Pair, Pair]:
    epoch = _EPOCH.fullmatch(text)
    if epoch and EPOCHS[0] <= int(epoch[1]) < EPOCHS[1]:
        day = datetime.datetime.fromtimestamp(int(epoch[1]), datetime.UTC).date()
        return (day, day), (day, day)
    single = _single(text)
    if single != (None, None):
        return (single[0], single[0]), (single[1], single[1])
    whole = _week(text) or _month(text)
    if whole:
        return whole, whole
    match = next((match for pattern in _RANGES if (match := pattern.fullmatch(text))), None)
    if match is None:
        return (None, None), (None, None)
    begin, end = match[1].strip(), match[2].strip()
    first, last = _single(begin), _single(end)
    year = _ENDING_YEAR.fullmatch(end)
    if first == (None, None) and year:
        # "Apr 1 - Apr 7, 2024" and "1 - 7 avr. 2024" say what both days share once.
        shared = end[end.index(" ") :] if begin.isdigit() and " " in end else f" {year[1]}"
        first = _single(begin + shared)
    pairs = tuple((a, b) if a and b else (None, None) for a, b in zip(first, last, strict=True))
    return pairs[0], pairs[1]


def _week(text: str) -> Pair | None:
    match = _WEEK.fullmatch(text)
    try:
        monday = datetime.date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        return None
    return (monday, monday + datetime.timedelta(days=6)) if monday and YEARS[0] <= monday.year < YEARS[1] else None


def _month(text: str) -> Pair | None:
    for pattern in _MONTHS_ONLY:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        month, year = match["month"], int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
        first = _day(year, int(month) if month.isdigit() else _MONTHS.get(month, 0), 1)
        return (first, month_end(first)) if first else None
    return None


def month_end(day: Day) -> Day:
    """Return the last day of the month of ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _single(text: str) -> Pair:
    """Return the day of a text read day first and month first; a weekday and a time of day are cut off."""
    text = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    for pattern in (_ISO, _COMPACT, _DAY_NAMED, _NAMED_DAY, _NUMERIC, _JAPANESE):
        match = pattern.match(text)
        if match and (match.end() == len(text) or _TIME.fullmatch(text, match.end())):
            return _orders(pattern, match)
    return None, None


def _orders(pattern: re.Pattern[str], match: re.Match[str]) -> Pair:
    one, two, three = match.groups()
    if pattern is _NUMERIC:
        year = int(three) + (2000 if len(three) == 2 else 0)
        return _day(year, int(two), int(one)), _day(year, int(one), int(two))
    if pattern is _DAY_NAMED:
        day = _day(int(three) + (2000 if len(three) == 2 else 0), _MONTHS.get(two, 0), int(one))
    elif pattern is _NAMED_DAY:
        day = _day(int(three), _MONTHS.get(one, 0), int(two))
    else:
        day = _day(int(one), int(two), int(three))
    return day, day


def _day(year: int, month: int, day: int) -> Day | None:
    try:
        return datetime.date(year, month, day) if YEARS[0] <= year <= YEARS[1] else None
    except ValueError:
        return None
