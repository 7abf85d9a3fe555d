"""Every starting figure as rows of tables, generated from the parameter files: nothing is written twice."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.metrics import METRICS
from simulator.parameters import Parameter, Parameters
from simulator.parameters.entry import GROUPS
from simulator.ui import formats
from simulator.ui.escape import plain
from simulator.ui.texts import Texts

Rows = list[dict[str, str]]
Entry = tuple[Parameter, ...]
"""One number, or the numbers of a table that share a description."""
_LONG = 400


def glossary(texts: Texts) -> Rows:
    """Return our word, the platform's term and the meaning of every metric."""
    return [
        {
            texts("understand.word"): texts(f"metric.{name}.word"),
            texts("understand.term"): texts(f"metric.{name}.term"),
            texts("understand.meaning"): texts(f"metric.{name}.meaning"),
        }
        for name in METRICS
    ]


def by_group(parameters: Parameters) -> dict[str, list[Entry]]:
    """Return single numbers and tables of numbers by group, in the order of the files."""
    found: dict[str, dict[str, list[Parameter]]] = {group: {} for group in GROUPS}
    for parameter in parameters.values():
        found[parameter.group].setdefault(parameter.table or parameter.key, []).append(parameter)
    return {group: [tuple(entry) for entry in entries.values()] for group, entries in found.items()}


def rows(entries: Iterable[Entry], texts: Texts) -> Rows:
    """Return one row an entry: what it is, value with unit, range, origin, date."""
    said = []
    for entry in entries:
        first = entry[0]
        unit = plain(first.unit) if first.unit != "1" else ""
        reason = f" {texts('understand.reason')}: {plain(first.reason, _LONG)}" if first.reason else ""
        said.append(
            {
                texts("understand.what"): f"{described(first, texts)}{reason}",
                texts("understand.value"): f"{_values(entry, texts)} {unit}".strip(),
                texts("understand.range"): _range(entry, texts),
                texts("understand.origin"): texts(f"understand.origins.{first.origin}"),
                texts("understand.since"): first.valid_from.isoformat(),
            }
        )
    return said


def sources(entries: Iterable[Entry], texts: Texts) -> list[str]:
    """Return every source of the entries once, as Markdown."""
    lines = {}
    for entry in entries:
        for parameter in entry:
            for source in parameter.sources:
                lines[source] = texts(
                    "understand.source_line",
                    title=plain(source.title, _LONG),
                    publisher=plain(source.publisher, _LONG),
                    locator=plain(source.locator, _LONG),
                    accessed=formats.date(source.accessed, texts.language),
                    population=plain(source.population, _LONG),
                )
    return list(lines.values())


def described(parameter: Parameter, texts: Texts) -> str:
    """Return what a parameter is, in the language of the screen where it has been put into words."""
    return plain(parameter.description, _LONG)


def _values(entry: Entry, texts: Texts) -> str:
    values = [parameter.value for parameter in entry]
    if len(values) == 1:
        return _number(values[0], texts)
    low, high = _number(min(values), texts), _number(max(values), texts)
    return texts("understand.several", low=low, high=high, count=len(values))


def _range(entry: Entry, texts: Texts) -> str:
    if entry[0].family == "fixed":
        return texts("understand.fixed")
    if len(entry) > 1:
        return texts("understand.each")
    low, high = _number(entry[0].low, texts), _number(entry[0].high, texts)
    return f"{texts('allowed.range', low=low, high=high)} ({formats.percent(entry[0].level, texts.language)})"


def _number(value: float, texts: Texts) -> str:
    return formats.number(formats.rounded(value, 4), texts.language, 6 if abs(value) < 10 else 2)
