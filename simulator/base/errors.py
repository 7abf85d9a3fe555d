"""One family of errors: each carries a code and data, so that a screen can say it in any language.

An error says what is wrong, where, what was received, what is allowed and what to do. The English
sentence is built here from the code; the screen builds its own from the same code and data.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MESSAGES: dict[str, str] = {
    "out_of_range": "{field}: received {received}; allowed: {allowed}. Choose a value in that range.",
    "not_a_number": "{field}: received {received}; a number is needed ({allowed}). Correct it.",
    "wrong_type": "{field}: received {received}; allowed: {allowed}. Correct the type.",
    "missing": "{field}: nothing was given; allowed: {allowed}. Add it.",
    "unknown_field": "{field}: there is no such entry; known entries: {allowed}. Remove or rename it.",
    "unknown_choice": "{field}: received {received}; allowed: {allowed}. Choose one of these.",
    "duplicate_choice": "{field}: {received} is given twice; give each choice once.",
    "empty_choice": "{field}: nothing is chosen; allowed: {allowed}. Choose at least one.",
    "too_many": "{field}: received {received} entries; allowed: {allowed}. Remove some.",
    "unprintable": "{field}: received {received}, which holds characters that cannot be printed. Remove them.",
    "too_long": "{field}: received a text of {received} characters; allowed: {allowed}. Shorten it.",
    "age_order": "age_min, age_max: received {received}; age_min must not be above age_max. Swap them.",
    "no_budget": "daily_budget, total_budget: received neither; give exactly one of the two.",
    "both_budgets": "daily_budget, total_budget: received both ({received}); give exactly one.",
    "unknown_place": "{field}: no place called {received} in {country}. {advice}",
    "ambiguous_place": "{field}: {received} names several places: {allowed}. Use one of these names or codes.",
    "unknown_region": "{field}: no region has the code {received}; {allowed}. Correct it.",
    "unknown_country": (
        "{field}: received {received}; a two-letter country code such as FR or CA is needed. Use one{advice}."
    ),
    "unknown_interest": "{field}: no interest is called {received}. Nearest: {allowed}. Choose from the list.",
    "unknown_currency": "{field}: received {received}; known currencies: {allowed}. Choose one of these.",
    "frozen": "{field}: a {received} cannot be changed. Make a new one with replace({field}=…).",
    "broken_json": "{field}: this is not valid JSON ({received}). Correct the file at that place.",
    "too_deep": "{field}: the JSON is nested too deeply; allowed: {allowed} levels. Remove the inner brackets.",
    "too_large": "{field}: received {received}; allowed: {allowed}. Use a smaller file.",
    "file_not_found": "{field}: no file at {received}. Check the path.",
    "is_a_folder": "{field}: {received} is a folder. Give a file inside it.",
    "not_allowed": "{field}: {received} may not be read. Change its permissions, or copy it elsewhere.",
    "cannot_read": "{field}: {received} cannot be read ({reason}). Try again, or use a copy in another place.",
    "unreadable_file": "{field}: {received} cannot be read as text in UTF-8. Save it again as UTF-8.",
    "cannot_open": "{field}: it cannot be opened ({received}). Choose the exported file itself.",
    "empty_file": "{field}: there is nothing in it. Export it again.",
    "not_a_table": "{field}: this is {received}, not a table. Export it from Ads Manager as CSV or XLSX.",
    "html_file": "{field}: a web page, whatever its name says. Open it in a spreadsheet and save it as CSV or XLSX.",
    "old_workbook": "{field}: an old (.xls) or protected workbook. Save it as .xlsx or CSV, without a password.",
    "spreadsheet_ods": "{field}: a LibreOffice sheet (.ods). Save it as .xlsx or CSV.",
    "several_files": "{field}: an archive of {received} files. Unpack it and give one table at a time.",
    "other_network": "{field}: a file of {received}, not of Facebook or Instagram. Export it from Ads Manager.",
    "damaged_file": "{field}: damaged at {received}. Export it again.",
    "too_many_rows": "{field}: more than {allowed}. Export fewer days or breakdowns, or as CSV.",
    "missing_columns": (
        "{field}: columns not found: {allowed}. Nearest headers in the file: {received}. "
        "Export them as well, or say which column holds each."
    ),
    "conflicting_columns": "{field}: the columns {received} stand for the same and differ. Keep the right one of them.",
    "several_tables": "{field}: another table begins at row {received}. Give one table to a file.",
    "mixed_numbers": "{field}: numbers are written in two ways, such as {received}. Export it again, unedited.",
    "ambiguous_numbers": "{field}: amounts such as 1,234 fit two readings. Export them with two decimals, or as XLSX.",
    "mixed_dates": "{field}: some dates begin with the day, others with the month. Export it again, unedited.",
    "ambiguous_dates": "{field}: dates such as 05/06/2024 fit two readings. Say which comes first, day or month.",
    "no_usable_rows": "{field}: none of the {received} rows can be used; {allowed}. Correct or export it again.",
    "missing_package": "{field}: reading it needs the package {received}. Install it, or save the file as CSV.",
    "broken_calibration": "{field}: this is not a calibration that was saved here ({received}). Make it again.",
    "both_engines": "{field}: received together with {received}. Give the engine alone, or the settings alone.",
    "broken_forecast": "{field}: this is not a forecast that was saved here ({received}). Simulate the campaign again.",
    "no_draws": "{field}: {received} has no draws. Simulate its campaign again.",
    "no_engine": "{field}: {received} has no engine to ask. Simulate its campaign again.",
    "unknown_metric": "{field}: received {received}; known metrics: {allowed}. Choose one of these.",
    "bad_parameter": "{field}: {received}; {allowed}. {advice}",
    "unknown_parameter": "{field}: there is no parameter {received}. Nearest: {allowed}.",
    "future_version": (
        "{field}: {received} comes from a later version of the simulator; this one reads up to {allowed}. "
        "Install the newer version; nothing was changed."
    ),
    "several_rows": "{field}: received {received} rows; a result is one row. Choose it: reach never adds up.",
    "part_of_campaign": "{field}: the row is a part of a campaign ({received}). Export without breakdowns.",
    "above_whole": "{field}: received {received}, more than {whole} ({allowed}). Correct one of the two.",
    "no_cap": (
        "{field}: no frequency cap is sold with the objective {received}; with: {allowed}. "
        "Leave the cap out, or choose one of these."
    ),
    "special_category": (
        "{field}: in the special category {received} only this can be had: {allowed}. "
        "Change it, or take the campaign's in_special_category."
    ),
    "mixed_budgets": "{field}: received {received}; the first campaign's is {allowed}. Give all in the same way.",
    "other_currency": "{field}: received {received}; the campaign is in {allowed}. Give both in the same currency.",
    "result_of_another": "{field}: it belongs to the campaign that ran; this one differs. Keep it as another scenario.",
    "unknown_scenario": "{field}: there is no scenario {received}{advice}. Choose one from the list.",
    "over_limit": "{field}: received {received}; this server takes {allowed}. "
    "Send less, or ask whoever looks after it.",
    "session_ended": "{field}: this sign-in was ended. Sign in again.",
    "session_expired": "{field}: this sign-in has expired. Sign in again.",
    "too_many_sessions": "{field}: {received} sign-ins are open; allowed: {allowed}. Sign out elsewhere first.",
    "unknown_link": "{field}: it leads nowhere, or no longer. Ask for a new link.",
    "unknown_person": "{field}: nobody is known as {received}. They appear here once they have signed in.",
    "deleted_scenario": "{field}: the scenario {received} was deleted. Restore it, or open an earlier version.",
    "version_conflict": (
        "{field}: changed by somebody else since: you started from version {received}, the latest is {allowed}. "
        "They differ in: {differences}. Open the latest and take over what you want, or save yours on top of it."
    ),
    "unknown_database": "{field}: received {received}; allowed: {allowed}. Correct the address of the database.",
    "driver_missing": "{field}: this needs the package {received}. Install it: pip install {allowed}.",
    "disk_full": "{field}: no room left for {received}. Nothing that was saved is lost. Free some space and try again.",
    "read_only": "{field}: {received} may not be written. Nothing was changed. Choose another place, or allow it.",
    "cannot_write": "{field}: {received} cannot be written ({reason}). Nothing was changed. Choose another place.",
    "store_locked": "{field}: {received} is in use by another program. Nothing was lost. Close that one, or try again.",
    "store_damaged": (
        "{field}: {received} is damaged or no database ({reason}). It was left as it is. "
        "Move it aside and import your last exported library."
    ),
    "store_foreign": "{field}: {received} belongs to another program. It was left as it is. Choose another file.",
    "store_unreachable": "{field}: the database {received} does not answer ({reason}). Check address and network.",
    "store_failed": "{field}: the database {received} refused ({reason}). What was saved before is still there.",
    "not_a_library": "{field}: {received}. Choose a file made by exporting a library, or the file of a scenario.",
    "unsafe_library": "{field}: refused: {received}; allowed: {allowed}. Nothing was imported. Export it again.",
    "not_a_picture": "{field}: received {received}; a whole picture in PNG or JPEG is needed. Choose another file.",
    "report_failed": "{field}: the report could not be made ({received}). Tell the authors; the figures are not lost.",
    "other_sweep": "{field}: {received} holds another sweep or other files; nothing was changed. "
    "Choose another folder.",
    "sweep_stopped": "{field}: it was stopped; the parts in its folder are kept. Start it again to go on from there.",
    "table_missing": "{field}: the table {received} is missing or damaged; install the package again.",
}

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
"""Where an object lies in memory: it says nothing to anybody, and is another in every run."""
_ENTRIES = reprlib.Repr()
_ENTRIES.maxother = 60

MOST_SAID = 5
"""Sentences that one error with many problems prints."""


class SimulatorError(Exception):
    """Base of all errors that this package raises on purpose.

    Attributes
    ----------
    code : str
        Key of ``MESSAGES``; the screen translates by it.
    data : dict
        What the sentence needs: ``field``, ``received``, ``allowed``, …
    """

    def __init__(self, code: str, **data: Any) -> None:
        self.code = code
        self.data = data
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The sentence in English, after the file where the entry lies in one."""
        file = self.data.get("file")
        return f"{file}: {self.sentence}" if file else self.sentence

    @property
    def sentence(self) -> str:
        """The sentence without the file."""
        return MESSAGES[self.code].format_map(_Blank(self.data))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.code, self.data))


class InvalidInput(SimulatorError, ValueError):
    """Something the user decided cannot be taken as it is."""

    def within(self, prefix: str) -> InvalidInput:
        """Return the same error, its field placed inside ``prefix`` (``targeting.places.0``)."""
        field = str(self.data.get("field", ""))
        return self.at(f"{prefix}.{field}" if prefix and field else prefix or field)

    def at(self, field: str) -> InvalidInput:
        """Return the same error at another field."""
        return InvalidInput(self.code, **{**self.data, "field": field})

    def inside(self, file: str) -> InvalidInput:
        """Return the same error, of an entry in a file of that name."""
        return InvalidInput(self.code, **{**self.data, "file": file})


class InvalidInputs(InvalidInput):
    """Several things at once; ``problems`` lists them in the order of the fields."""

    def __init__(self, problems: Iterable[InvalidInput]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.code, **first.data)

    @property
    def sentence(self) -> str:
        """The first sentences on one line, and how many more there are."""
        said = " ".join(problem.sentence for problem in self.problems[:MOST_SAID])
        more = len(self.problems) - MOST_SAID
        return f"{said} And {more} more problems." if more > 0 else said

    def within(self, prefix: str) -> InvalidInputs:
        """Return the same errors, each field placed inside ``prefix``."""
        return type(self)(problem.within(prefix) for problem in self.problems)

    def inside(self, file: str) -> InvalidInputs:
        """Return the same errors, of entries in a file of that name."""
        return type(self)(problem.inside(file) for problem in self.problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.problems,))


class ParameterError(SimulatorError, ValueError):
    """A parameter file or an override is wrong; the message names file and key."""


class TableError(SimulatorError):
    """A table of the package cannot be read."""


def shown(value: object, limit: int = 60) -> str:
    """Return ``value`` as text for a message, never longer than ``limit`` characters."""
    text = " ".join(_printed(value, limit).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _printed(value: object, limit: int) -> str:
    """Print anything: a number of too many digits, which Python refuses to print, by its type."""
    if isinstance(value, str):
        return repr(value[: limit + 1])
    try:
        inside = isinstance(value, (list, tuple, set, frozenset, dict))
        return _ADDRESS.sub("", _ENTRIES.repr(value) if inside else str(value))
    except ValueError:
        return f"something of type {type(value).__name__}"


def joined(problems: Sequence[InvalidInput]) -> InvalidInput:
    """Return the one problem, or all of them together."""
    return problems[0] if len(problems) == 1 else InvalidInputs(problems)


class _Blank(dict[str, Any]):
    """A missing entry of a message prints as nothing rather than failing inside an error."""

    def __init__(self, entries: Mapping[str, Any]) -> None:
        super().__init__(entries)

    def __missing__(self, key: str) -> str:
        return ""


def _rebuild(kind: type[SimulatorError], code: str, data: dict[str, Any]) -> SimulatorError:
    return kind(code, **data)
