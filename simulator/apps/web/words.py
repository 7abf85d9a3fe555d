"""A forecast in words and in the rows of the tables: text, ready to be shown, with the figures rounded."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.apps.web import formats
from simulator.apps.web.formats import figures, plain
from simulator.apps.web.texts import Texts
from simulator.base.metrics import METRICS
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.forecast import Forecast
from simulator.presentation.wording import ages, aim, clicks, count, in_hundred, limits, sentence, share, shown, times

__all__ = [
    "Rows",
    "ages",
    "answer",
    "causes",
    "clicks",
    "count",
    "frequency_in_words",
    "in_hundred",
    "limits",
    "metrics",
    "platforms",
    "share",
    "shown",
    "summary",
    "times",
    "who",
]


def answer(forecast: Forecast, campaign: Campaign, texts: Texts) -> str:
    """Return the answer as Markdown: the money, the people as a heading, how often, the range."""
    said = sentence(forecast, campaign, texts)
    return "\n\n".join(line for line in (figures(said.money), f"## {said.people}", said.seen, said.range) if line)


def summary(targeting: Targeting, texts: Texts) -> str:
    """Return whom a campaign aims at, in one line of Markdown."""
    return aim(targeting, texts, plain)


Rows = list[dict[str, str]]
AGE_BANDS = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
SEXES = ("women", "men")


def metrics(forecast: Forecast, texts: Texts, *, with_mean: bool = False) -> Rows:
    """Return one row a metric: its words and its term, at least, about, at most; for experts the mean."""
    levels = [("detail.low", "p10"), ("detail.middle", "p50"), ("detail.high", "p90")]
    if with_mean:
        levels.append(("expert.mean", "mean"))
    rows = []
    for name in METRICS:
        word, term = texts(f"metric.{name}.word"), texts(f"metric.{name}.term")
        row = {texts("detail.figure"): f"{word} ({term})" if term.casefold() != word.casefold() else word}
        for label, level in levels:
            row[texts(label)] = figures(shown(name, getattr(forecast.band(name), level), forecast.currency, texts))
        rows.append(row)
    return rows


def frequency_in_words(counts: Sequence[float], texts: Texts) -> str:
    """Return the frequency distribution as one line, for those who do not see the bars."""
    said = []
    for place, people in enumerate(counts, start=1):
        times = texts("detail.times_more") if place == len(counts) else texts("detail.times_exact", count=place)
        said.append(texts("detail.frequency_bar", times=times, count=count(people, texts)))
    return "; ".join(said)


def who(forecast: Forecast, texts: Texts) -> Rows:
    """Return people who would see it by age and sex."""
    rows = []
    for band in AGE_BANDS:
        reach = {
            sex: sum(row["reach"] for row in forecast.segments if row["age_band"] == band and row["sex"] == sex)
            for sex in SEXES
        }
        if sum(reach.values()) > 0:
            rows.append(
                {
                    texts("detail.who_age"): texts(f"age_band.{band}"),
                    texts("detail.who_women"): count(reach["women"], texts),
                    texts("detail.who_men"): count(reach["men"], texts),
                }
            )
    return rows


def platforms(forecast: Forecast, texts: Texts) -> str:
    """Return how showings divide between the two platforms."""
    shown = {name: sum(row[f"{name}_impressions"] for row in forecast.segments) for name in ("facebook", "instagram")}
    total = sum(shown.values())
    on_facebook = round(100 * shown["facebook"] / total) if total else 0
    return texts("detail.who_platforms", facebook=on_facebook, instagram=100 - on_facebook if total else 0)


def causes(forecast: Forecast, texts: Texts) -> Rows:
    """Return the share of each cause in the width of the range of people, the largest first."""
    parts = sorted(forecast.width.get("reach", {}).items(), key=lambda part: -part[1])
    return [
        {texts("detail.cause"): texts.choice("cause", cause), texts("detail.part"): _whole_percent(part, texts)}
        for cause, part in parts
    ]


def _whole_percent(part: float, texts: Texts) -> str:
    return formats.percent(round(part, 2), texts.language) if part >= 0.005 else formats.percent(0, texts.language)
