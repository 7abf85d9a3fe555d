"""Errors, flags and reasons in the language of the screen, from their code and data, at the field concerned."""

from __future__ import annotations

import logging
import math
import re
import secrets
from collections.abc import Mapping
from typing import Any

import streamlit as st

from simulator.apps.web import formats, session
from simulator.apps.web.choices import Attempt
from simulator.apps.web.formats import figures, plain
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError
from simulator.campaign.forecast import Flag
from simulator.presentation.wording import country, flag_data

_CHOICES = {
    "objective": "objective",
    "gender": "gender",
    "platforms": "platform",
    "creative_format": "creative_format",
    "trade": "trade",
    "metric": "metric",
    "frequency_cap": "objective",
    "tax": "tax",
}
"""Catalogue group of the choices of a field."""

_KNOWN = {
    "a whole one, such as 7": "whole",
    "such as 5 or 2.5": "number",
    "a finite one": "number",
    "a text": "text",
    "a list": "list",
    "a date such as 2026-12-01": "date",
    "a value": "value",
}
"""What the core says is allowed, in its English, and the key of the screen's sentence."""
_OURS = ("minimum", "people", "results", "needed", "frequency", "share", "month", "percent", "age")
"""Data of a flag that are figures of our own writing."""
_LONG = 400
"""A list of choices may be longer than one text of the user."""


def sentence(error: SimulatorError, texts: Texts) -> str:
    """Return what is wrong and what to do, as Markdown."""
    data = error.data
    if f"error.{error.code}" not in texts:
        return plain(error.message, _LONG)
    whole = str(data.get("field", ""))
    field = whole.split(".")[-1]
    said = {name: plain(value) for name, value in data.items()}
    said |= {
        "field": texts.entries.get(f"field.{field}") or plain(whole),
        "received": _received(data.get("received", ""), texts),
        "allowed": _allowed(field, data, texts),
        "country": _country(str(data.get("country", "")), texts),
        "advice": _advice(data, texts) if error.code == "unknown_place" else "",
    }
    return texts.entries[f"error.{error.code}"].format_map(_Blank(said)).strip()


def flag_sentence(flag: Flag, texts: Texts) -> str | None:
    """Return what to check and what to do about it; None where the catalogue has no such code."""
    key = f"flag.{flag.code}"
    return texts(key, **_figures(flag.data, texts)) if key in texts else None


def reason_sentence(flag: Flag, texts: Texts) -> str | None:
    """Return why figures are zero."""
    key = f"reason.{flag.code}"
    return texts(key, **_figures(flag.data, texts)) if key in texts else None


def _figures(data: Mapping[str, Any], texts: Texts) -> dict[str, str]:
    """Return every datum of a flag as Markdown."""
    said = flag_data(data, texts)
    return {name: figures(text) if name in _OURS else plain(text) for name, text in said.items()}


def _received(value: object, texts: Texts) -> str:
    """Return what was received, in the quotation marks of the language; numbers as they are written there."""
    text = str(value)
    if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text) and math.isfinite(float(text)):
        return formats.number(float(text), texts.language, 6)
    if re.fullmatch(r"[\d, ]+", text):
        return text
    if len(text) > 1 and text[0] in "'\"" and text[-1] in (text[0], "…"):
        text = text[1:] if text[-1] == "…" else text[1:-1]
    return f"«\u00a0{plain(text)}\u00a0»" if texts.language == "fr" else f"“{plain(text)}”"


def _allowed(field: str, data: Mapping[str, Any], texts: Texts) -> str:
    """Return what is allowed, from the limits where the error holds them."""
    if "low" in data and "high" in data:
        return _range(data, texts)
    allowed = str(data.get("allowed", ""))
    if allowed in _KNOWN:
        return texts(f"allowed.{_KNOWN[allowed]}")
    counted = re.fullmatch(r"at most ([\d,]+).*", allowed)
    if counted:
        return texts("allowed.at_most", count=formats.number(float(counted[1].replace(",", "")), texts.language))
    group = _CHOICES.get(field)
    if group:
        return ", ".join(plain(texts.choice(group, code)) for code in allowed.split(", "))
    return plain(allowed, _LONG)


def _range(data: Mapping[str, Any], texts: Texts) -> str:
    low, high, unit = float(data["low"]), float(data["high"]), str(data.get("unit", ""))
    if re.fullmatch(r"[A-Z]{3}", unit):
        limits = [formats.money(value, unit, texts.language) for value in (low, high)]
        unit = ""
    else:
        limits = [formats.number(value, texts.language, 2) for value in (low, high)]
        unit = texts.entries.get(f"unit.{unit}", plain(unit))
    # Nothing at all may or may not be allowed; only the core's words say which.
    key = "allowed.above_zero" if low == 0 and "above" in str(data.get("allowed", "above")) else "allowed.range"
    return figures(texts(key, low=limits[0], high=limits[1])) + (f"\u00a0{unit}" if unit else "")


def _country(code: str, texts: Texts) -> str:
    return plain(country(code, texts.language))


def _advice(data: Mapping[str, Any], texts: Texts) -> str:
    """Return what to do about a place that is not there."""
    if "codes" in data:
        return texts(f"allowed.codes_{data['codes']}")
    said = []
    if "elsewhere" in data:
        where = _country(str(data.get("elsewhere_country", "")), texts)
        said.append(texts("allowed.elsewhere", name=plain(data["elsewhere"]), country=where))
    if "nearest" in data:
        said.append(texts("allowed.nearest", names=plain(data["nearest"])))
    return " ".join(said) or texts("allowed.no_nearest")


class _Blank(dict[str, str]):
    """What an error does not say stays empty."""

    def __missing__(self, key: str) -> str:
        return ""


def problem_of_field(field: str, trial: Attempt, texts: Texts) -> None:
    """Say what is wrong with one field, if anything is."""
    if field in trial.problems:
        st.error(sentence(trial.problems[field], texts))


def instead_of_answer(trial: Attempt, texts: Texts) -> None:
    """Say, where the answer would stand, what has to be corrected first."""
    fields = ", ".join(texts.entries.get(f"field.{field}", field) for field in trial.problems)
    with st.container(key="blocked"):
        st.markdown(f"## {texts('answer.blocked')}\n\n{texts('answer.blocked_why', fields=fields)}", anchors=False)


def failed(error: SimulatorError, texts: Texts) -> None:
    """Say that the calculation could not be done, and why."""
    lines = (f"## {texts('answer.failed')}", sentence(error, texts), texts("answer.failed_why"))
    with st.container(key="blocked"):
        st.markdown("\n\n".join(lines), anchors=False)


def unexpected(error: Exception) -> bool:
    """Say, in the visitor's language, that the page failed; the log has the rest. True: nothing more is shown.

    Both have the same mark, so that whoever looks after the server finds what a visitor speaks of.
    """
    incident = secrets.token_hex(4)
    logging.getLogger(__name__).error("the page failed, %s", incident, exc_info=error, extra={"incident": incident})
    texts = session.texts()
    st.error(f"{texts('answer.failed')}. {texts('answer.failed_why')} {texts('access.incident', mark=incident)}")
    return True
