"""Countries and goals as people write them: names, three letters, the words of the platform, in two languages.

A table that was not read by ``read_ads_manager`` says "France", "FRA" or "OUTCOME_LEADS"; taking them for unknown
would forecast a campaign by the world's prices or by another goal's.
"""

from __future__ import annotations

from functools import cache

from simulator.calibration.reading.text import plain
from simulator.calibration.reading.values import objective_of_result, objective_stated
from simulator.campaign import OBJECTIVES
from simulator.places import country_codes, region_label

CODE_LENGTH = 2
OTHER_CODES = ("UK",)
"""Two letters that are not the code of the country that they mean."""
OTHER_NAMES = {
    "uk": "GB", "great britain": "GB", "usa": "US", "u.s.": "US", "u.s.a.": "US", "united states of america": "US",
    "etats-unis d'amerique": "US", "holland": "NL", "hollande": "NL", "czech republic": "CZ",
    "republique tcheque": "CZ", "turkey": "TR", "ivory coast": "CI",
    "fra": "FR", "can": "CA", "bel": "BE", "che": "CH", "lux": "LU", "deu": "DE", "esp": "ES", "ita": "IT",
    "prt": "PT", "nld": "NL", "gbr": "GB", "irl": "IE", "aut": "AT", "pol": "PL", "cze": "CZ", "dnk": "DK",
    "swe": "SE", "nor": "NO", "fin": "FI", "aus": "AU", "nzl": "NZ", "mex": "MX", "bra": "BR", "ind": "IN",
    "jpn": "JP", "zaf": "ZA", "mar": "MA", "dza": "DZ", "tun": "TN", "sen": "SN", "civ": "CI",
}  # fmt: skip
"""Names that the table of countries does not have, and ISO 3166-1 alpha-3 codes of the usual countries."""


def country_of(text: str) -> str:
    """Return a two-letter code in capitals where ``text`` is one or names a country, else the text in capitals."""
    code = text.upper()
    return code if len(code) == CODE_LENGTH and code not in OTHER_CODES else _countries().get(plain(text), code)


def goal_of(text: str) -> str:
    """Return one of the six goals where ``text`` is one or the platform's word for it, else the empty text."""
    label = written(text)
    if label in OBJECTIVES:
        return label
    ways = (text, label.replace("_", " "))
    return next((goal for way in ways for goal in (objective_stated(way), objective_of_result(way)) if goal), "")


def written(text: str) -> str:
    """Return a goal as the six are written: "Link Clicks" is ``link_clicks``."""
    return plain(text).replace(" ", "_")


@cache
def _countries() -> dict[str, str]:
    """Return codes by plain name, French and English."""
    names = {plain(region_label(code, language)): code for code in country_codes() for language in ("fr", "en")}
    return {**names, **OTHER_NAMES}
