"""Kept trials in words: verdicts, results, differences. All of it Markdown, users' text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.apps.web import formats
from simulator.apps.web.formats import figures, literal, plain
from simulator.apps.web.texts import Texts
from simulator.apps.web.words import Rows, shown
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band
from simulator.evaluation import Check, Comparison, Explanation, PairedDifference, TrackRecord
from simulator.evaluation.compare import LETTERS
from simulator.library import Scenario
from simulator.reference.places import region_label

COMPARED = ("spend", "reach", "frequency", "impressions", "link_clicks", "cpm", "cpc_link")
"""Figures set side by side, in this order."""
PAIRED = ("reach", "link_clicks", "cpc_link")
_TINY = 0.02
"""A difference below this share is not worth mentioning, however sure."""
_CODES = {
    "gender": "gender",
    "objective": "objective",
    "creative_format": "creative_format",
    "trade": "trade",
}
_FIGURES_OF_A_CAMPAIGN = ("daily_budget", "total_budget")


def title(scenario_title: str, texts: Texts) -> str:
    """Return a title, or words for its absence."""
    return plain(scenario_title) if scenario_title.strip() else texts("trials.untitled")


def usual_title(campaign: Campaign, texts: Texts) -> str:
    """Return a title made of the choices, as plain text: Pau · 5 € par jour · 7 jours."""
    place = campaign.targeting.places[0]
    return texts(
        "trials.usual_title",
        place=literal(place.label or place.code, 40),
        money=formats.money(campaign.spend_per_day, campaign.currency, texts.language),
        days=texts.plural("trials.days", campaign.duration_days, count=campaign.duration_days),
    )


def money(campaign: Campaign, texts: Texts) -> str:
    """Return the money of a campaign: 35 € (5 € par jour, 7 jours)."""
    language = texts.language
    days = texts.plural("trials.days", campaign.duration_days, count=campaign.duration_days)
    return texts(
        "trials.money",
        total=figures(formats.money(campaign.spend_planned, campaign.currency, language)),
        per_day=figures(formats.money(campaign.spend_per_day, campaign.currency, language)),
        days=days,
    )


def announced(scenario: Scenario, texts: Texts) -> str:
    """Return what was announced, in one sentence."""
    band = scenario.figures.get("reach")
    return texts("trials.not_announced") if band is None else texts("trials.announced", **_people(band, texts))


def between(metric: str, band: Band, currency: str, texts: Texts) -> str:
    """Return both ends of a band."""
    low, high = (figures(shown(metric, value, currency, texts)) for value in (band.p10, band.p90))
    return texts("trials.between", low=low, high=high)


def checks(found: Sequence[Check], currency: str, texts: Texts) -> Rows:
    """Return one row for every figure of the result: announced, real, inside or not."""
    return [
        {
            texts("detail.figure"): texts(f"metric.{check.metric}.word"),
            texts("trials.result.announced"): between(check.metric, check.band, currency, texts),
            texts("trials.result.real"): figures(shown(check.metric, check.actual, currency, texts)),
            texts("trials.result.where"): texts(f"trials.position.{check.position}"),
        }
        for check in found
    ]


def headline(explanation: Explanation, texts: Texts) -> str:
    """Return the result in one sentence: people, else showings, else clicks."""
    found = {check.metric: check for check in explanation.announced}
    for metric in ("reach", "impressions", "link_clicks"):
        if metric in found:
            check = found[metric]
            data = {
                "count": formats.people(check.actual, texts.language),
                "low": formats.people(check.band.p10, texts.language),
                "high": formats.people(check.band.p90, texts.language),
                "what": texts(f"trials.what.{metric}"),
            }
            return texts(f"trials.headline.{check.position}", **data)
    return texts("trials.headline.unknown")


def causes(explanation: Explanation, currency: str, texts: Texts) -> list[str]:
    """Return what each cause alone made of people and of clicks, and whether it is a surprise."""
    lines = []
    for cause in explanation.causes:
        parts = [
            texts(f"trials.result.on_{metric}", change=_change(cause.factors[metric], texts))
            for metric in ("reach", "link_clicks")
            if metric in cause.factors
        ]
        line = texts("trials.result.cause", cause=texts(f"trials.cause.{cause.name}"), changes=", ".join(parts))
        check = cause.check
        if check is not None:
            line += " " + texts(
                f"trials.seen.{check.position}",
                what=texts(f"metric.{check.metric}.word"),
                real=figures(shown(check.metric, check.actual, currency, texts)),
                announced=between(check.metric, check.band, currency, texts),
            )
        lines.append(line)
    return lines


def record(track: TrackRecord, texts: Texts) -> str | None:
    """Return the track record, « 7 sur 9 dans la fourchette »; None without any result to judge."""
    for metric in ("reach", "impressions", "link_clicks"):
        inside, total = track.count(metric)
        if total:
            low, high = (round(100 * end) for end in track.interval(metric))
            before = track.count(metric, "announced")[1]
            data = {"inside": inside, "total": total, "what": texts(f"trials.what.{metric}")}
            return (
                texts.plural("trials.record.line", total, **data)
                + " "
                + texts("trials.record.meaning", low=low, high=high, before=before)
            )
    return None


def variant(place: int, titles: Sequence[str], texts: Texts) -> str:
    """Return the name of a variant: its letter and its title."""
    return f"{LETTERS[place]} · {title(titles[place], texts)}"


def inputs(comparison: Comparison, names: Sequence[str], texts: Texts) -> Rows:
    """Return the inputs that differ, one row each."""
    rows = []
    for one in comparison.inputs:
        field = one.field.split(".")[-1]
        if one.field.startswith("overrides."):
            label = plain(one.field.removeprefix("overrides."))
        else:
            label = texts.entries.get(f"field.{field}") or plain(field.replace("_", " "))
        row = {texts("trials.compare.input"): label}
        for name, value, forecast in zip(names, one.values, comparison.forecasts, strict=True):
            row[name] = value_of(field, value, forecast.currency, texts)
        rows.append(row)
    return rows


def value_of(field: str, value: Any, currency: str, texts: Texts) -> str:
    """Return one input as people read it."""
    if value is None or value == [] or value == "" or value == ():
        return texts("trials.compare.nothing")
    if field in _FIGURES_OF_A_CAMPAIGN:
        return figures(formats.money(float(value), currency, texts.language))
    if field in _CODES:
        return plain(texts.choice(_CODES[field], str(value)))
    if isinstance(value, (list, tuple)):
        return ", ".join(_one_of_several(field, one, texts) for one in value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return formats.number(float(value), texts.language, 6)
    return plain(value)


def _one_of_several(field: str, value: Any, texts: Texts) -> str:
    if field == "platforms":
        return plain(texts.choice("platform", str(value)))
    if field in ("places", "excluded_places"):
        return _place(value, texts)
    return _interest(str(value), texts) if field == "interests" else plain(value)


def side_by_side(comparison: Comparison, names: Sequence[str], texts: Texts) -> Rows:
    """Return one row a figure, the middle and the band of every variant."""
    rows = []
    for metric in COMPARED:
        row = {texts("detail.figure"): texts(f"metric.{metric}.word")}
        for place, name in enumerate(names):
            band = comparison.band(metric, place)
            middle = figures(shown(metric, band.p50, comparison.currency, texts))
            is_sure = metric == "spend" and band.p90 - band.p10 < 0.005
            row[name] = middle if is_sure else f"{middle} ({between(metric, band, comparison.currency, texts)})"
        rows.append(row)
    return rows


def pair(difference: PairedDifference, first: str, second: str, currency: str, texts: Texts) -> str:
    """Return how far two variants are apart, or that the difference is within the noise."""
    metric = difference.metric
    data = {"first": first, "second": second, "chances": _chances(difference.probability, texts)}
    data["beats"] = texts(f"trials.beats.{metric}", first=first, second=second)
    if difference.band.p10 == 0 == difference.band.p90:
        return texts("trials.pair.same", **data, what=texts(f"metric.{metric}.word"))
    if difference.within_noise:
        return texts("trials.pair.noise", **data)
    low, middle, high = sorted(abs(value) for value in (difference.band.p10, difference.band.p50, difference.band.p90))
    amounts = {name: figures(shown(metric, value, currency, texts)) for name, value in (("low", low), ("high", high))}
    count = figures(shown(metric, middle, currency, texts))
    more = "more" if difference.band.p50 > 0 else "less"
    said = texts(f"trials.pair.{metric}.{more}", **data, **amounts, count=count)
    if abs(difference.relative.p50) < _TINY:
        said += " " + texts("trials.pair.tiny")
    return said + " " + texts("trials.pair.chances", **data)


def _chances(probability: float, texts: Texts) -> str:
    hundred = round(100 * probability)
    if hundred >= 100:
        return texts("trials.chances.nearly_all")
    return texts("trials.chances.nearly_none") if hundred <= 0 else texts("trials.chances.of_hundred", count=hundred)


def _change(factor: float, texts: Texts) -> str:
    percent = round(100 * (factor - 1))
    if percent == 0:
        return texts("trials.result.no_change")
    sign = "+" if percent > 0 else "\u2212"
    return f"{sign}{formats.percent(abs(percent) / 100, texts.language)}"


def _people(band: Band, texts: Texts) -> dict[str, str]:
    names = (("count", band.p50), ("low", band.p10), ("high", band.p90))
    return {name: formats.people(value, texts.language) for name, value in names}


def _place(place: Any, texts: Texts) -> str:
    if place["kind"] == "circle":
        return texts("summary.circle", place=plain(place["label"] or "?"), radius=f"{place['radius_km']:g}")
    return plain(region_label(place["code"], texts.language))


def _interest(code: str, texts: Texts) -> str:
    from simulator.reference.interests import find_interest

    return plain(find_interest(code).name(texts.language))
