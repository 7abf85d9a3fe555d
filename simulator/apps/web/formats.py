"""Numbers, money, dates and the user's own text on the screen: formatted, escaped, read as people type them."""

from __future__ import annotations

import math
import re

from simulator.base.errors import InvalidInput, shown
from simulator.presentation.formats import (
    LIMIT,
    around_amount,
    currency_label,
    date,
    fine_money,
    literal,
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
    "LIMIT",
    "MAX_TYPED",
    "around_amount",
    "currency_label",
    "date",
    "figures",
    "fine_money",
    "literal",
    "money",
    "month",
    "month_of",
    "number",
    "parse_number",
    "people",
    "percent",
    "plain",
    "rounded",
    "sortable",
    "spoken",
    "symbol",
]

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~^\"'=/&;,$])")
_RISKY = re.compile(r"[<>\[\]`@\\&]|\$.*\$|:(?!\s|$)|www\.|--|~=|\.\.\.|/{2}", re.IGNORECASE)


_ICON = ":material/"


def plain(text: object, limit: int = LIMIT) -> str:
    """Return Markdown that shows ``text`` literally, wherever Streamlit reads Markdown.

    Ordinary names are escaped by backslashes. A text with anything that a later step of the renderer
    rewrites (icons, links, arrows, mathematics) becomes a code span, which no step touches.
    """
    kept = literal(text, limit)
    if not _RISKY.search(kept):
        return _MARKUP.sub(r"\\\1", kept)
    # Streamlit rewrites this even inside code, before the Markdown is read.
    pieces = kept.replace(_ICON, f"{_ICON[:-1]}\n").split("\n")
    return r"\/".join(_code(piece) for piece in pieces)


def _code(text: str) -> str:
    """Return a code span; one more backtick around it than in it."""
    if not text:
        return ""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def figures(text: str) -> str:
    """Escape the signs of our own figures that Markdown would read: the dollar of an amount."""
    return text.replace("$", "\\$")


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
