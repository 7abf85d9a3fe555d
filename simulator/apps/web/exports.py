"""A dropped export: read, or refused with what can be done about it."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from simulator.apps.web import formats
from simulator.apps.web.formats import plain
from simulator.apps.web.jobs import learning
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInput, SimulatorError
from simulator.learning.export.headers import BESIDES, HEADERS, recognise
from simulator.learning.export.languages import WEAK
from simulator.learning.export.text import plain as plain_header
from simulator.presentation.formats import short_date
from simulator.reference.parameters import currencies

if TYPE_CHECKING:
    import pandas as pd

SHORTEST = 4
"""Letters of a header below which it says nothing within another."""
LIKELY = 0.8
"""Likeness of two headers, 0 to 1, from which one is proposed for the other."""
_LONG = 400
_ORDERS = {"day/month/year": "dmy", "month/day/year": "mdy"}
_ROLES = (
    "age",
    "gender",
    "day",
    "week",
    "month",
    "country",
    "region",
    "platform",
    "placement",
    "device",
    "hour",
    "period",
)


@dataclass(frozen=True, eq=False)
class Export:
    """A file as it was dropped, how it is to be read, and the campaigns or the refusal that came of it."""

    name: str
    content: bytes
    mapping: Mapping[str, str]
    day_first: bool | None
    frame: pd.DataFrame | None
    refusal: SimulatorError | None
    parts: tuple[Export, ...] = ()
    are_clients: bool = False
    """Of ``parts``: whether each is a client of its own."""
    currency: str = ""
    """The currency given for a file that lacks it."""
    keep_repeated: bool = False
    """Whether rows that say again what a row before said count too."""
    units_per_euro: float | None = None
    """The rate typed for a currency that has none here."""
    asked: SimulatorError | None = None
    """The refusal that asked for columns: they stay to be chosen anew."""

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """What happened to rows, from the reader."""
        if self.frame is not None:
            return list(self.frame.attrs["warnings"])
        return list(self.refusal.data.get("warnings", ())) if self.refusal else []

    def order(self) -> bool | None:
        """Say whether days come before months in dates that could be read both ways; None where they cannot."""
        if self.day_first is not None:
            return self.day_first
        orders = [entry["data"]["order"] for entry in self.warnings if entry["code"] == "ambiguous_dates"]
        return _ORDERS[str(orders[0])] == "dmy" if orders and self.frame is not None else None

    def tells_money(self) -> bool:
        """Say whether the file itself tells the money of every campaign."""
        return not self.currency and self.frame is not None and bool(self.frame["currency"].notna().all())

    def without_rate(self) -> list[str]:
        """Return the currencies of the file that no rate is known of."""
        found = [] if self.frame is None else self.frame["currency"].dropna().unique().tolist()
        return sorted(set(found) - set(currencies()))

    def said(self) -> dict[str, Any]:
        """Return how the user chose to read the file."""
        return {
            "mapping": dict(self.mapping),
            "day_first": self.day_first,
            "currency": self.currency,
            "keep_repeated": self.keep_repeated,
            "units_per_euro": self.units_per_euro,
        }

    def told_country(self) -> bool:
        """Say whether every campaign tells its country."""
        return self.frame is not None and bool(self.frame["country"].notna().all())


def opened(
    name: str,
    content: bytes,
    mapping: Mapping[str, str],
    day_first: bool | None = None,
    currency: str = "",
    **said: Any,
) -> Export:
    """Read a file; where it does not say its money, ``currency`` does; ``said`` are other fields of ``Export``."""
    stream = io.BytesIO(content)
    stream.name = name
    export = Export(name, content, mapping, day_first, None, None, currency=currency, **said)
    try:
        return replace(export, frame=learning.read_as_said(stream, export.said()))
    except SimulatorError as error:
        return replace(export, refusal=error)


def together(parts: Sequence[Export], are_clients: bool, texts: Texts) -> Export:
    """Return several files as one: the years of one account, or the clients of an advisor."""
    read = [part for part in parts if part.frame is not None and not part.frame.empty]
    name = texts.plural("clients.files", len(read), count=len(read))
    whole = Export(name, b"", {}, None, None, None, tuple(parts), are_clients)
    if not read:
        return whole
    frame = learning.together([part.frame for part in read], are_clients=are_clients)
    told = [{**warning, "file": part.name} for part in read for warning in part.warnings]
    frame.attrs = {**frame.attrs, "level": read[0].frame.attrs["level"], "warnings": told}
    return replace(whole, frame=frame)


def headers_of(refusal: SimulatorError) -> tuple[str, ...]:
    """Return the headers of a file that lacks columns."""
    return tuple(dict.fromkeys(str(header) for header in refusal.data.get("headers", ())))


def likely(refusal: SimulatorError, name: str) -> str | None:
    """Return the header that very likely holds a field; a guess that is only the nearest would mislead."""
    labels = (label for labels in HEADERS.values() for label in labels.get(name, ()))
    known = {label for label in labels if label not in WEAK and len(label) >= SHORTEST}
    for header in refusal.data.get("nearest", {}).get(name, ()):
        said = plain_header(str(header))
        if any(label in said or SequenceMatcher(None, label, said).ratio() >= LIKELY for label in known):
            return str(header)
    return None


def untold(refusal: SimulatorError) -> list[str]:
    """Return what is worth knowing besides and is in no column that was recognised."""
    found = {match[0] for header in headers_of(refusal) if (match := recognise(header))}
    return [name for name in BESIDES if name not in found]


def refused(error: SimulatorError, texts: Texts) -> str:
    """Return why a file could not be read and what to do, in the words of the screen."""
    data = error.data
    if error.code == "no_usable_rows" and "reason" in data:
        why = reason(str(data["reason"]), data.get("reason_data", {}), texts)
        return texts("results.refused.no_usable_rows", rows=data["received"], row=data["row"], why=why)
    if error.code == "missing_columns" and "missing" in data:
        missing = ", ".join(field(str(name), texts) for name in data["missing"])
        return texts("results.refused.missing_columns", missing=missing)
    if error.code == "not_a_table":
        return texts("results.refused.not_a_table")
    if error.code == "damaged_file":
        return texts("results.refused.damaged_file")
    if isinstance(error, InvalidInput) and error.code == "too_large":
        return texts("results.refused.too_large")
    return sentence(error, texts)


def field(name: str, texts: Texts) -> str:
    """Return how the screen calls a field of an export."""
    return texts.entries.get(f"results.field.{name}") or plain(name)


def reason(code: str, data: Mapping[str, Any], texts: Texts) -> str:
    """Return why a row was left out or put right."""
    key = f"results.reason.{code}"
    if key not in texts:
        return plain(code)
    said = {"column": "", "received": "", "expected": "", "order": ""}
    said |= {name: plain(value) for name, value in data.items()}
    if data.get("column"):
        said["column"] = field(str(data["column"]), texts)
    if code in ("rows_of_parts", "days_without_names"):
        parts = str(data.get("received", "")).split(", ")
        said["received"] = ", ".join(part(name, texts) for name in parts)
    if code == "ambiguous_dates":
        said["order"] = texts(f"results.order.{_ORDERS[str(data['order'])]}")
    return texts(key, **said)


def part(name: str, texts: Texts) -> str:
    """Return what rows are split by."""
    return texts(f"results.part.{name}") if name in _ROLES else plain(name)


def level(frame: pd.DataFrame, texts: Texts) -> str:
    """Return what one row of the file stands for."""
    name, *parts = str(frame.attrs["level"]).split("/")
    said = texts.choice("results.level", name)
    return (
        texts("results.level_split", level=said, parts=", ".join(part(each, texts) for each in parts))
        if parts
        else said
    )


def period(frame: pd.DataFrame, texts: Texts) -> str:
    """Return the first and the last day of all campaigns."""
    first, last = frame["start"].min(), frame["end"].max()
    return texts(
        "results.period",
        first=formats.date(first.date(), texts.language),
        last=formats.date(last.date(), texts.language),
    )


def day(value: datetime.date, texts: Texts) -> str:
    """Return a date as short as it can be written without doubt: 3 janv. 2025."""
    return short_date(value, texts.language)


def notes(export: Export, texts: Texts, most: int) -> list[tuple[str, str]]:
    """Return (row or "whole file", what happened) for the first warnings, those about the whole file first."""
    found = []
    for warning in sorted(export.warnings, key=lambda entry: (entry["row"] is not None, entry["row"] or 0))[:most]:
        if warning["row"] is not None:
            where = texts("results.row", row=warning["row"])
        elif warning["count"] > 1:
            where = texts("results.times", count=warning["count"])
        else:
            where = texts("results.whole_file")
        if warning.get("file"):
            where = texts("clients.where", file=plain(warning["file"], 40), where=where)
        why = reason(warning["code"], warning["data"], texts)
        found.append((where, texts("results.line", done=texts(f"results.done.{warning['action']}"), why=why)))
    return found
