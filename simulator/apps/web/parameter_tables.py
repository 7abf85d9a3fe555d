"""Every starting figure in words, generated from the parameter files: nothing is written twice."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from simulator.apps.web import formats
from simulator.apps.web.formats import plain
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInput
from simulator.base.metrics import METRICS
from simulator.campaign.objectives import CAPPED
from simulator.reference.controls import DOORS, FIELDS, control
from simulator.reference.interests import find_interest
from simulator.reference.parameters import Parameter, Parameters
from simulator.reference.parameters.entry import GROUPS
from simulator.reference.places import region_label

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


def lines(entries: Iterable[Entry], texts: Texts) -> list[str]:
    """Return one line of Markdown an entry: what it is, value with unit, range, origin, date, reason."""
    said = []
    for entry in entries:
        first = entry[0]
        unit = f" {_unit(first, texts)}" if first.unit != "1" else ""
        facts = (
            f"**{_values(entry, texts)}**{unit} ({_range(entry, texts)})",
            texts(f"understand.origins.{first.origin}"),
            texts("understand.since", date=formats.date(first.valid_from, texts.language)),
            *_rule(first, texts),
        )
        reason = texts("understand.reason", reason=plain(first.reason, _LONG)) if first.reason else ""
        said.append(f"{described(first, texts)}  \n  {' · '.join(facts)}" + (f"  \n  {reason}" if reason else ""))
    return said


def _rule(rule: Parameter, texts: Texts) -> tuple[str, ...]:
    """Return until when a rule holds, how firm it is, and by when it must be looked at again."""
    said = []
    if rule.valid_to is not None:
        said.append(texts("understand.until", date=formats.date(rule.valid_to, texts.language)))
    if rule.state:
        said.append(texts(f"understand.states.{rule.state}"))
    if rule.recheck_by is not None:
        said.append(texts("understand.recheck", date=formats.date(rule.recheck_by, texts.language)))
    return tuple(said)


def controls(texts: Texts) -> Rows:
    """Return what the platform does with each thing chosen, one row a field; a cap by the goals that have one."""
    rows = []
    for field in FIELDS:
        row = {texts("controls.field"): texts(f"controls.fields.{field}")}
        for door in DOORS:
            usual = control("link_clicks", door, field)
            said = texts(f"controls.rules.{usual.rule}")
            goals = [goal for goal in CAPPED if control(goal, door, field) != usual]
            if goals:
                names = ", ".join(texts(f"objective.{goal}") for goal in goals)
                said = texts("controls.cap_only", goals=names)
            row[texts(f"controls.doors.{door}")] = f"{said} ({texts(f'understand.states.{usual.state}')})"
        rows.append(row)
    return rows


def control_sources(texts: Texts) -> list[str]:
    """Return every source of that table once, as Markdown."""
    found = dict.fromkeys(control("reach", door, field).source for door in DOORS for field in FIELDS)
    return [
        texts(
            "understand.source_line",
            title=plain(source.title, _LONG),
            publisher=plain(source.publisher, _LONG),
            locator=plain(source.locator, _LONG),
            accessed=formats.date(source.accessed, texts.language),
            population=plain(source.population, _LONG),
        )
        for source in found
    ]


def to_recheck(parameters: Parameters, day: datetime.date, texts: Texts) -> str:
    """Return which rules are due to be looked at again, as Markdown; an empty text where none is."""
    due = parameters.to_recheck(day)
    if not due:
        return ""
    names = (f"- {described(rule, texts)} ({', '.join(_rule(rule, texts))})" for rule in due)
    return texts("understand.to_recheck") + "\n\n" + "\n".join(names)


def sources(entries: Iterable[Entry], texts: Texts) -> list[str]:
    """Return every source of the entries once, as Markdown."""
    said = {}
    for entry in entries:
        for parameter in entry:
            for source in parameter.sources:
                said[source] = texts(
                    "understand.source_line",
                    title=plain(source.title, _LONG),
                    publisher=plain(source.publisher, _LONG),
                    locator=plain(source.locator, _LONG),
                    accessed=formats.date(source.accessed, texts.language),
                    population=plain(source.population, _LONG),
                )
    return list(said.values())


def described(parameter: Parameter, texts: Texts) -> str:
    """Return what a parameter is, as Markdown: the file says it in English, a catalogue in French."""
    if texts.language == "en":
        return plain(parameter.description, _LONG)
    key = parameter.table or parameter.key
    for pattern, sentence in french_patterns():
        found = pattern.fullmatch(key)
        if found:
            return plain(sentence.format(*(_named(part, texts) for part in found.groups())), _LONG)
    return plain(parameter.description, _LONG)


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    written = files("simulator.apps.web.texts").joinpath("parameters_fr.json").read_text(encoding="utf-8")
    return dict(json.loads(written))


@cache
def french_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the French descriptions by the keys they belong to; a star stands for one part of a key."""
    described_in_french = _catalogue()["descriptions"]
    return tuple(
        (re.compile(re.escape(key).replace(r"\*", "([^.]+)")), said) for key, said in described_in_french.items()
    )


def _unit(parameter: Parameter, texts: Texts) -> str:
    french = _catalogue()["units"].get(parameter.unit, parameter.unit)
    return plain(french if texts.language == "fr" else parameter.unit)


def _named(code: str, texts: Texts) -> str:
    """Return the name of what a part of a key stands for: a goal, a platform, a trade, a subject, a country."""
    for group in ("objective", "platform", "trade", "understand.country"):
        if f"{group}.{code}" in texts:
            return texts(f"{group}.{code}")
    try:
        return region_label(code, texts.language) if code[:2].isupper() else find_interest(code).name(texts.language)
    except InvalidInput:
        return code


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
    return f"{texts('allowed.range', low=low, high=high)}, {formats.percent(entry[0].level, texts.language)}"


def _number(value: float, texts: Texts) -> str:
    return formats.number(formats.rounded(value, 4), texts.language, 6 if abs(value) < 10 else 2)
