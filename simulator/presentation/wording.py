"""A forecast in words, as plain text: people, times, clicks, the share of those aimed at, what to check."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from simulator.base.metrics import METRICS
from simulator.campaign.campaign import AGES, Campaign, Targeting
from simulator.campaign.forecast import Band, Forecast
from simulator.forecasting.bill import bill
from simulator.presentation import formats
from simulator.presentation.charts.audience import HUNDRED, filled
from simulator.presentation.i18n import Texts
from simulator.reference.places import region_label
from simulator.reference.places.place import Place

_SPOKEN_CLICKS = (10, 15, 20, 30, 40, 50, 60, 100, 1000)
"""Counts that have a word of their own."""
_ONCE = 1.15
"""Up to this mean number of showings one says "once"."""
_MANY_TIMES = 10
_NOBODY = 0.5
"""Fewer people than this count as none."""


class Sentence(NamedTuple):
    """The answer, piece by piece; ``range`` is empty where no one would see it."""

    money: str
    people: str
    seen: str
    range: str


def sentence(forecast: Forecast, campaign: Campaign, texts: Texts) -> Sentence:
    """Return the answer: with so much money, so many people would see it, so often, surely between."""
    money = formats.money(campaign.spend_planned, campaign.currency, texts.language)
    reach = forecast.reach
    if formats.spoken(reach.p90) == 0:
        total = texts("answer.nobody", money=money)
        return Sentence(total, texts("answer.nobody_number"), texts("answer.nobody_end"), "")
    people = formats.spoken(reach.p50)
    return Sentence(
        texts("answer.total", money=money),
        texts.plural("answer.people", people, count=formats.number(people, texts.language)),
        texts.plural("answer.would_see", people, times=times(forecast.frequency.p50, texts)),
        texts("answer.range", **limits(reach, texts)),
    )


def aim(targeting: Targeting, texts: Texts, named: Callable[[str], str] = str) -> str:
    """Return whom a campaign aims at, in one line; ``named`` makes a name fit to be shown."""
    place = targeting.places[0]
    if place.kind == "circle":
        more = len(targeting.places) - 1
        names = {"place": of_place(place, texts.language, named), "radius": f"{place.radius_km:g}"}
        where = texts.plural("summary.circles", more, count=more, **names) if more else texts("summary.circle", **names)
    else:
        where = named(region_label(place.code, texts.language))
    parts = [where, ages(targeting.age_min, targeting.age_max, texts), texts(f"summary.gender.{targeting.gender}")]
    if targeting.interests:
        total = len(targeting.interests)
        parts.append(texts.plural("summary.interests", total, count=total))
    if targeting.audience_size is not None:
        parts.append(texts("summary.typed", count=formats.number(targeting.audience_size, texts.language)))
    return " · ".join(part for part in parts if part)


def limits(band: Band, texts: Texts) -> dict[str, str]:
    """Return both ends of a range of people, rounded as people speak."""
    return {"low": formats.people(band.p10, texts.language), "high": formats.people(band.p90, texts.language)}


def times(frequency: float, texts: Texts) -> str:
    """Return how often, as people say it: once, once or twice, 3 times, 3 or 4 times."""
    if frequency < _ONCE:
        return texts("times.once")
    if frequency > _MANY_TIMES:
        return texts("times.about", count=formats.number(round(frequency), texts.language))
    low = int(frequency)
    if abs(frequency - round(frequency)) < _ONCE - 1:
        return texts("times.exact", count=round(frequency))
    return texts("times.once_or_twice") if low == 1 else texts("times.either", low=low, high=low + 1)


def clicks(count: float, texts: Texts) -> str:
    """Return a number of clicks as people say it: a word where there is one."""
    said = formats.spoken(count)
    if said == 0:
        return texts("clicks.none")
    if said == 1:
        return texts("clicks.one")
    if said in _SPOKEN_CLICKS:
        return texts(f"clicks.{said}")
    shown = formats.number(said, texts.language)
    return texts("clicks.few" if said < _SPOKEN_CLICKS[0] else "clicks.many", count=shown)


def share(forecast: Forecast) -> float:
    """Return the share (0 to 1) of the people aimed at who would see it."""
    size = forecast.audience_size.p50
    return min(forecast.reach.p50 / size, 1.0) if size > 0 else 0.0


def in_hundred(forecast: Forecast, texts: Texts) -> str:
    """Return how many of a hundred people aimed at would see it."""
    part = share(forecast)
    count = filled(part)
    if count == 0:
        return texts("answer.share_none")
    if part < 1 / HUNDRED:
        return texts("answer.share_less")
    return texts("answer.share_all") if count == HUNDRED else texts("answer.share", count=count)


ARTICLES_IN = ("BE", "BL", "CA", "CH", "FR", "LU", "MC", "MF", "NC", "PF", "PM", "WF")
"""Countries whose names of towns begin with French articles: Le Mans, Les Ulis; Le Mars in Iowa does not."""
_ELIDED = re.compile(
    r"[aeiouàâäéèêëîïôöùûüæœ]"  # Orthez, Évreux
    r"|y(?![aou])"  # Yvetot, Yerres; not Yutz
    r"|h(?=[eéèêiîoôyœ])(?!em\b|ou|.*(heim|willer|wihr|bach|bourg|dorf|ing|ange)\b)"  # Hendaye; not Houdan, Hœnheim
    r"|h(?=asparren|agetmau|abas)",
    re.IGNORECASE,
)
"""Beginnings before which "de" loses its vowel. No table says which h is mute: the usage of each part of France."""


def of_place(place: Place, language: str, named: Callable[[str], str] = str) -> str:
    """Return a place after "around": Orthez; in French d'Orthez, du Mans, des Ulis, de La Rochelle, du 64300.

    Parameters
    ----------
    place : Place
        A circle.
    language : {"fr", "en"}
    named : callable
        Makes a name fit to be shown.
    """
    if language != "fr":
        return named(place.label)
    article, name = _contracted(place)
    if article or name.isdigit():
        return f"{'des' if article == 'les' else 'du'} {named(name)}"
    return f"d'{named(name)}" if _ELIDED.match(name) else f"de {named(name)}"


def at_place(place: Place, language: str, named: Callable[[str], str] = str) -> str:
    """Return where a place is: in Orthez; in French à Orthez, au Mans, aux Herbiers, à La Rochelle."""
    if language != "fr":
        return f"in {named(place.label)}"
    article, name = _contracted(place)
    if article or name.isdigit():
        return f"{'aux' if article == 'les' else 'au'} {named(name)}"
    return f"à {named(name)}"


def _contracted(place: Place) -> tuple[str, str]:
    """Return the article (le, les, or none) that melts into de and à, and the name without it."""
    article, _, rest = place.label.partition(" ")
    melts = article.casefold() in ("le", "les") and rest and place.country_code in ARTICLES_IN
    return (article.casefold(), rest) if melts else ("", place.label)


def ages(low: int, high: int, texts: Texts) -> str:
    """Return an age range: 25 à 54 ans, 25 ans et plus."""
    if high >= AGES[1]:
        return texts("summary.ages_open", low=low)
    return texts("summary.age_one", low=low) if low == high else texts("summary.ages", low=low, high=high)


def count(value: float, texts: Texts) -> str:
    """Return a count with three significant digits: more than one says, fewer than are computed."""
    return formats.number(formats.rounded(value, 3), texts.language, 1 if value < 10 else 0)


def shown(metric: str, value: float, currency: str, texts: Texts) -> str:
    """Return a figure with its unit, rounded as its metric deserves."""
    if not math.isfinite(value):
        return "–"
    unit = METRICS[metric].unit
    if metric == "spend":
        return formats.money(value, currency, texts.language)
    if unit.startswith("money"):
        return formats.fine_money(value, currency, texts.language)
    if unit == "fraction":
        return formats.percent(value, texts.language)
    if unit == "times":
        return formats.number(value, texts.language, 2)
    return count(value, texts)


def more_money(
    points: Sequence[Mapping[str, float]], forecast: Forecast, campaign: Campaign, following: float, texts: Texts
) -> str:
    """Return what ``following`` a day would add, read on the curve; each point has ``budget`` and ``people``."""
    budgets = [point["budget"] for point in points]
    people = [point["people"] for point in points]
    added = float(np.interp(following, budgets, people)) - forecast.reach.p50
    amounts = {
        name: formats.money(amount, campaign.currency, texts.language)
        for name, amount in (
            ("next", following),
            ("now", campaign.spend_per_day),
            ("total", following * campaign.duration_days),
        )
    }
    if added < max(_NOBODY, 0.01 * forecast.reach.p50):
        return texts("curve.marginal_none", **amounts)
    more = formats.spoken(added)
    return texts.plural("curve.marginal", more, count=formats.number(more, texts.language), **amounts)


def leaves(campaign: Campaign, texts: Texts) -> str:
    """Return what leaves the account: 36,05 € prélevés, avant taxes."""
    found = bill(campaign)
    said = {
        name: formats.money(round(getattr(found, name), 2), found.currency, texts.language)
        for name in ("media", "charged", "total")
    }
    if campaign.budget_is == "all_in":
        return texts("bill.all_in", **said)
    kind = "before_taxes" if campaign.tax == "none" else "declared" if found.charged < found.total else "charged"
    line = texts(f"bill.{kind}", **said)
    return texts("bill.at_least", said=line) if found.store_fee else line


def bill_notes(campaign: Campaign, texts: Texts) -> list[str]:
    """Return what is not sure about what leaves the account, and what to do."""
    return [texts(f"bill.notes.{note.code}", **flag_data(note.data, texts)) for note in bill(campaign).notes]


def flag_data(data: Mapping[str, Any], texts: Texts) -> dict[str, str]:
    """Return every datum of a flag as people read it; what has no rule of its own as it is."""
    language = texts.language
    said: dict[str, str] = {}
    for name, value in data.items():
        if name == "minimum":
            said[name] = formats.money(float(value), str(data.get("currency", "EUR")), language)
        elif name in ("people", "results", "needed"):
            said[name] = formats.people(float(value), language)
        elif name == "frequency":
            said[name] = formats.number(formats.rounded(float(value)), language, 1)
        elif name == "share":
            said[name] = formats.percent(float(value), language)
        elif name == "month":
            said[name] = formats.month(int(value), language)
        elif name == "index":
            # 1.24 of the mean, or 124: both mean 24 % more.
            above = float(value) / 100 - 1 if float(value) > 10 else float(value) - 1
            said["percent"] = formats.percent(above, language)
        elif name == "country":
            said[name] = country(str(value), language)
        elif name == "age":
            said[name] = str(int(value))
        else:
            said[name] = str(value)
    return said


def country(code: str, language: str) -> str:
    """Return the name of a country; what is no code stays as it is."""
    return region_label(code, language) if re.fullmatch(r"[A-Z]{2}", code) else code
