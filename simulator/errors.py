"""One family of errors: each carries a code and data, so that a screen can say it in any language.

An error says what is wrong, where, what was received, what is allowed and what to do. The English
sentence is built here from the code; the screen builds its own from the same code and data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

MESSAGES: dict[str, str] = {
    "out_of_range": "{field}: received {received}; allowed: {allowed}. Choose a value in that range.",
    "not_a_number": "{field}: received {received}; a number is needed ({allowed}).",
    "wrong_type": "{field}: received {received}; allowed: {allowed}. Correct the type.",
    "missing": "{field}: nothing was given; allowed: {allowed}. Add it.",
    "unknown_field": "{field}: there is no such entry; known entries: {allowed}. Remove or rename it.",
    "unknown_choice": "{field}: received {received}; allowed: {allowed}.",
    "duplicate_choice": "{field}: {received} is given twice; give each choice once.",
    "empty_choice": "{field}: nothing is chosen; allowed: {allowed}. Choose at least one.",
    "too_many": "{field}: received {received} entries; allowed: {allowed}. Remove some.",
    "too_long": "{field}: received a text of {received} characters; allowed: {allowed}. Shorten it.",
    "age_order": "age_min, age_max: received {received}; age_min must not be above age_max. Swap them.",
    "no_budget": "daily_budget, total_budget: received neither; give exactly one of the two.",
    "both_budgets": "daily_budget, total_budget: received both ({received}); give exactly one.",
    "unknown_place": "{field}: no place called {received} in {country}. {advice}",
    "ambiguous_place": "{field}: {received} names several places: {allowed}. Use one of these names or codes.",
    "unknown_region": "{field}: no region has the code {received}; {allowed}.",
    "unknown_country": "{field}: received {received}; a two-letter country code such as FR or CA is needed.",
    "unknown_interest": "{field}: no interest is called {received}. Nearest: {allowed}.",
    "unknown_currency": "{field}: received {received}; known currencies: {allowed}.",
    "broken_json": "{field}: this is not valid JSON ({received}). Correct the file at that place.",
    "too_deep": "{field}: the JSON is nested too deeply; a campaign needs at most {allowed} levels.",
    "too_large": "{field}: received {received}; allowed: {allowed}. Use a smaller file.",
    "file_not_found": "{field}: no file at {received}. Check the path.",
    "unreadable_file": "{field}: {received} cannot be read as text in UTF-8. Save it again as UTF-8.",
    "unknown_metric": "{field}: received {received}; known metrics: {allowed}.",
    "bad_parameter": "{field}: {received}; {allowed}. {advice}",
    "unknown_parameter": "{field}: there is no parameter {received}. Nearest: {allowed}.",
    "table_missing": "{field}: the table {received} is missing or damaged; install the package again.",
}


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
        """The sentence in English."""
        return MESSAGES[self.code].format_map(_Blank(self.data))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.code, self.data))


class InvalidInput(SimulatorError, ValueError):
    """Something the user decided cannot be taken as it is."""

    def within(self, prefix: str) -> InvalidInput:
        """Return the same error, its field placed inside ``prefix`` (``targeting.places.0``)."""
        field = str(self.data.get("field", ""))
        joined = f"{prefix}.{field}" if prefix and field else prefix or field
        return type(self)(self.code, **{**self.data, "field": joined})


class InvalidInputs(InvalidInput):
    """Several things at once; ``problems`` lists them in the order of the fields."""

    def __init__(self, problems: Iterable[InvalidInput]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.code, **first.data)

    @property
    def message(self) -> str:
        """All sentences on one line."""
        return " ".join(problem.message for problem in self.problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.problems,))


class ParameterError(SimulatorError, ValueError):
    """A parameter file or an override is wrong; the message names file and key."""


class TableError(SimulatorError):
    """A table of the package cannot be read."""


def shown(value: object, limit: int = 60) -> str:
    """Return ``value`` as text for a message, never longer than ``limit`` characters."""
    text = repr(value) if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def raise_problems(problems: list[InvalidInput]) -> None:
    """Raise what was found wrong: nothing, the one problem, or all of them together."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise InvalidInputs(problems)


class _Blank(dict[str, Any]):
    """A missing entry of a message prints as nothing rather than failing inside an error."""

    def __init__(self, entries: Mapping[str, Any]) -> None:
        super().__init__(entries)

    def __missing__(self, key: str) -> str:
        return ""


def _rebuild(kind: type[SimulatorError], code: str, data: dict[str, Any]) -> SimulatorError:
    return kind(code, **data)
