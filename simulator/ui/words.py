"""A forecast said in words: people, times, clicks, the share of those aimed at."""

from __future__ import annotations

from simulator.campaign import AGES, Campaign, Targeting
from simulator.charts.dots import HUNDRED, filled
from simulator.forecast import Band, Forecast
from simulator.places import region_label
from simulator.ui import formats
from simulator.ui.escape import figures, plain
from simulator.ui.texts import Texts

_SPOKEN_CLICKS = (10, 15, 20, 30, 40, 50, 60, 100, 1000)
"""Counts that have a word of their own."""
_ONCE = 1.15
"""Up to this mean number of showings one says "once"."""
_MANY_TIMES = 10


def answer(forecast: Forecast, campaign: Campaign, texts: Texts) -> str:
    """Return the answer as Markdown: the money, the people as a heading, how often, the range."""
    money = figures(formats.money(campaign.spend_planned, campaign.currency, texts.language))
    reach = forecast.reach
    if formats.spoken(reach.p90) == 0:
        lines = [
            texts("answer.nobody", money=money),
            "## " + texts("answer.nobody_number"),
            texts("answer.nobody_end"),
        ]
        return "\n\n".join(lines)
    count = formats.spoken(reach.p50)
    lines = [
        texts("answer.total", money=money),
        "## " + texts.plural("answer.people", count, count=formats.number(count, texts.language)),
        texts.plural("answer.would_see", count, times=times(forecast.frequency.p50, texts)),
        texts("answer.range", **limits(reach, texts)),
    ]
    return "\n\n".join(lines)


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


def ages(low: int, high: int, texts: Texts) -> str:
    """Return an age range: 25 à 54 ans, 25 ans et plus."""
    if high >= AGES[1]:
        return texts("summary.ages_open", low=low)
    return texts("summary.age_one", low=low) if low == high else texts("summary.ages", low=low, high=high)


def summary(targeting: Targeting, texts: Texts) -> str:
    """Return whom a campaign aims at, in one line of Markdown."""
    place = targeting.places[0]
    if place.kind == "circle":
        where = texts("summary.circle", place=plain(place.label), radius=f"{place.radius_km:g}")
    else:
        where = plain(region_label(place.code, texts.language))
    parts = [where, ages(targeting.age_min, targeting.age_max, texts), texts(f"summary.gender.{targeting.gender}")]
    if targeting.interests:
        count = len(targeting.interests)
        parts.append(texts.plural("summary.interests", count, count=count))
    if targeting.audience_size is not None:
        parts.append(texts("summary.typed", count=formats.number(targeting.audience_size, texts.language)))
    return " · ".join(part for part in parts if part)
