"""Numbers, money and dates on the screen: written as everywhere, and read as people type them."""

from __future__ import annotations

import math
import re

from simulator.base.errors import InvalidInput, shown
from simulator.presentation.formats import (
    around_amount,
    currency_label,
    date,
    fine_money,
    money,
    month,
    month_of,
    number,
    people,
    percent,
    rounded,
    sortable,
    spoken,
    symbol,
)

__all__ = [
    "MAX_TYPED",
    "around_amount",
    "currency_label",
    "date",
    "fine_money",
    "money",
    "month",
    "month_of",
    "number",
    "parse_number",
    "people",
    "percent",
    "rounded",
    "sortable",
    "spoken",
    "symbol",
]

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
_GROUPED = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")
MAX_TYPED = 60
"""Longest text read as a number, characters."""


def parse_number(text: str, field: str, language: str, *, whole: bool = False) -> float:
    """Read a number as people type it: ``6 200``, ``12,5``, ``5 €``; ``1,000`` is a thousand in English only.

    Raises
    ------
    InvalidInput
        ``not_a_number``; what was typed stays in the data.
    """
    kept = _SPACES.sub("", text[:MAX_TYPED]).replace("−", "-").rstrip("€$%").lstrip("€$")
    if language == "en" and _GROUPED.match(kept):
        kept = kept.replace(",", "")
    kept = kept.replace(",", ".")
    try:
        value = float(kept) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", kept, re.I) else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or len(text) > MAX_TYPED or (whole and value != round(value)):
        allowed = "a whole one, such as 7" if whole else "such as 5 or 2.5"
        raise InvalidInput("not_a_number", field=field, received=shown(text), allowed=allowed, whole=whole)
    return value
