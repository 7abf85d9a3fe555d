"""Numbers, money and dates as people write them, in French and in English; and names on one line."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_name, get_currency_symbol

LIMIT = 80
"""Longest text of the user shown, characters."""
WRITTEN_OUT = 1e15
"""Numbers from here on are not written out; those of thirty digits cannot be."""
_SIGNED_CURRENCY = re.compile(r"([$£])(?=[A-Z])")


def _signed(text: str) -> str:
    """Return an amount with a real minus sign: after a hyphen a line may break."""
    return text.replace("-", "\u2212")


def rounded(value: float, digits: int = 2) -> float:
    """Return ``value`` with so many significant digits: 6,187 people are 6,200."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def spoken(value: float) -> int:
    """Return a count as people say it: exact below 10, by fives below 100, two digits above."""
    if value < 10:
        return round(value)
    if value < 100:
        return 5 * round(value / 5)
    return round(rounded(value))


def number(value: float, language: str, decimals: int = 0) -> str:
    """Return a number with the separators of the language, at most ``decimals`` decimals.

    What nobody writes out, 1e30 and the like, keeps its power of ten.
    """
    if not abs(value) < WRITTEN_OUT:
        return f"{value:.3g}".replace(".", "," if language == "fr" else ".")
    pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=language)


def people(value: float, language: str) -> str:
    """Return a count of people, rounded as people speak."""
    return number(spoken(value), language)


def percent(value: float, language: str, digits: int = 2) -> str:
    """Return a fraction as a percentage with so many significant digits: 0.0137 is 1.4 %."""
    if value <= 0 or not math.isfinite(value):
        return format_percent(0, format="#,##0\u00a0%" if language == "fr" else "#,##0%", locale=language)
    decimals = max(0, digits - 1 - math.floor(math.log10(100 * value)))
    pattern = "#,##0" + ("." + "#" * min(decimals, 6) if decimals else "")
    return format_percent(value, format=pattern + ("\u00a0%" if language == "fr" else "%"), locale=language)


def money(value: float, currency: str, language: str) -> str:
    """Return an amount; cents only where there are some: 35 €, 12,50 €, 35 $ CA."""
    if not abs(value) < WRITTEN_OUT:
        return f"{number(value, language)}\u00a0{currency}"
    cents = 0 if abs(value - round(value)) < 0.005 else 2
    pattern = "#,##0" + (".00" if cents else "")
    pattern = f"{pattern}\u00a0¤" if language == "fr" else f"¤{pattern}"
    text = _signed(format_currency(value, currency, format=pattern, locale=language, currency_digits=False))
    return _SIGNED_CURRENCY.sub("\\1\u00a0", text) if language == "fr" else text


def fine_money(value: float, currency: str, language: str) -> str:
    """Return a price with two significant digits at least: 0,83 €, 6,40 €, 0,012 €."""
    if not math.isfinite(value):
        return "–"
    decimals = 2 if value >= 0.095 or value <= 0 else 1 - math.floor(math.log10(value))
    pattern = "#,##0." + "0" * decimals
    pattern = f"{pattern}\u00a0¤" if language == "fr" else f"¤{pattern}"
    text = _signed(format_currency(value, currency, format=pattern, locale=language, currency_digits=False))
    return _SIGNED_CURRENCY.sub("\\1\u00a0", text) if language == "fr" else text


def symbol(currency: str, language: str) -> str:
    """Return the sign of a currency: €, $ CA, CA$."""
    text = get_currency_symbol(currency, locale=language)
    return _SIGNED_CURRENCY.sub("\\1\u00a0", text) if language == "fr" else text


def date(value: datetime.date, language: str) -> str:
    """Return a date in full: 1er décembre 2026, 1 December 2026."""
    return format_date(value, format=f"{_day(value, language)} MMMM y", locale=language)


def short_date(value: datetime.date, language: str) -> str:
    """Return a date as short as it can be written without doubt: 3 janv. 2025, 3 Jan 2025."""
    return format_date(value, format=f"{_day(value, language)} MMM y", locale=language)


def _day(value: datetime.date, language: str) -> str:
    """Return the pattern of a day: in French only the first of a month is an ordinal."""
    return "d'er'" if language == "fr" and value.day == 1 else "d"


def month(value: int, language: str, width: str = "LLLL") -> str:
    """Return the name of a month, 1 to 12."""
    return format_date(datetime.date(2026, value, 1), format=width, locale=language)


def month_of(value: datetime.date, language: str) -> str:
    """Return the month of a date: décembre 2026."""
    return format_date(value, format="LLLL y", locale=language)


def around_amount(currency: str, language: str) -> tuple[str, str]:
    """Return what stands before and after an amount on an axis."""
    sign = symbol(currency, language)
    return ("", f"\u00a0{sign}") if language == "fr" else (sign, "")


def currency_label(currency: str, language: str) -> str:
    """Return a currency for a list: its name and its code."""
    name = get_currency_name(currency, locale=language)
    return f"{name[:1].upper()}{name[1:]} ({currency})"


def sortable(text: str) -> str:
    """Return a text without accents and case, so that É sorts with E."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def _visible(character: str) -> str:
    """Return a blank for what draws nothing; a French blank before ``?`` keeps it on the line of its word."""
    blank = unicodedata.category(character)[0] in "CZ" and character not in "\u00a0\u202f"
    return " " if blank else character


def literal(text: object, limit: int = LIMIT) -> str:
    """Return the text on one line, without control characters, cut to ``limit`` characters."""
    kept = "".join(_visible(character) for character in str(text))
    kept = re.sub(" *([\u00a0\u202f])[ \u00a0\u202f]*| +", lambda gap: gap[1] or " ", kept).strip()
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"
