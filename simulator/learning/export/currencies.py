"""The currencies a header or a cell may name: ISO 4217 codes in use, signs, everyday names."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""


CODES = frozenset(_CODES.split())


_DOLLARS = {
    "us": "USD", "ca": "CAD", "c": "CAD", "can": "CAD", "a": "AUD", "au": "AUD", "nz": "NZD", "hk": "HKD", "s": "SGD",
    "sg": "SGD", "mx": "MXN", "r": "BRL", "nt": "TWD",
}  # fmt: skip
"""Letters before or behind a dollar sign."""


@lru_cache(maxsize=1024)
def unit_of(text: str) -> tuple[bool, str | None]:
    """Return whether ``text`` is a unit of money, and the ISO code of the only currency it can mean.

    "$", "kr" and "F CFA" are units of several currencies; "$ CA", "CA$", "CAD" and "Dollar canadien" of one.
    """
    unit = re.sub(r"[\s.]", "", unicodedata.normalize("NFKC", text)).casefold()
    if unit in _NAMES:
        return True, _NAMES[unit]
    signs = "".join(character for character in unit if unicodedata.category(character) == "Sc")
    letters = unit.replace(signs, "") if signs else unit
    if letters.upper() in CODES:
        is_one = len(signs) < 2 and _NAMES.get(signs) in (None, letters.upper())
        return is_one, letters.upper() if is_one else None
    if len(signs) != 1:
        return False, None
    if signs == "$":
        return not letters or letters in _DOLLARS, _DOLLARS.get(letters)
    return not letters, None


def currency_of(text: str) -> str | None:
    """Return the ISO code of the only currency that ``text`` can mean (a code in any case, a sign, a name), or None."""
    return unit_of(text)[1]


_NAMES: dict[str, str | None] = {
    "€": "EUR", "£": "GBP", "£gb": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₪": "ILS", "₱": "PHP", "₫": "VND",
    "฿": "THB", "₦": "NGN", "₩": "KRW", "₴": "UAH", "zł": "PLN", "zl": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON",
    "fr": "CHF", "sfr": "CHF", "rm": "MYR", "kr": None, "dh": None, "dhs": None, "cfa": None, "fcfa": None,
    "da": "DZD", "dt": "TND", "?": None, "\ufffd": None,
    "euro": "EUR", "euros": "EUR", "dollar": None, "dollars": None,
    "dollarcanadien": "CAD", "dollarscanadiens": "CAD", "canadiandollar": "CAD", "canadiandollars": "CAD",
    "usdollar": "USD", "usdollars": "USD", "dollaraméricain": "USD", "dollarsaméricains": "USD",
    "dollardesétats-unis": "USD", "dollarus": "USD", "americandollar": "USD",
    "livresterling": "GBP", "livressterling": "GBP", "poundsterling": "GBP", "britishpound": "GBP",
    "britishpounds": "GBP", "francsuisse": "CHF", "francssuisses": "CHF", "swissfranc": "CHF", "swissfrancs": "CHF",
    "dirhammarocain": "MAD", "moroccandirham": "MAD", "dinartunisien": "TND", "tunisiandinar": "TND",
    "dinaralgérien": "DZD", "algeriandinar": "DZD",
}  # fmt: skip
"""Signs and names, without spaces and points, in lower case; None: several currencies are called so.

A question mark is a sign that the file's encoding did not have.
"""
