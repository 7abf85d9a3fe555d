"""A report in words: its catalogue, the choices as label and value, and what each line of the calculation says."""

from __future__ import annotations

import datetime
from functools import cache
from importlib.resources import files

from simulator.base.validation import MAX_TEXT, one_of
from simulator.campaign.campaign import Campaign
from simulator.presentation import formats
from simulator.presentation.i18n import LANGUAGES, Texts, read
from simulator.presentation.reports.assumptions import Assumption
from simulator.presentation.reports.blocks import Report
from simulator.presentation.wording import ages, country, flag_data
from simulator.reference.interests import find_interest
from simulator.reference.places import region_label
from simulator.reference.places.place import Place

MONEY_PER_THOUSAND = "/1000 impressions"
RATES = ("1", "link clicks/impression")
"""Units of figures that people read as a percentage."""


@cache
def texts_of(language: str) -> Texts:
    """Return the catalogue of the reports.

    Raises
    ------
    InvalidInput
        ``unknown_choice``.
    """
    one_of("language", language, LANGUAGES)
    return read(language, [files("simulator.presentation.reports").joinpath("texts", f"{language}.json")])


def title(report: Report, texts: Texts) -> str:
    """Return the title on one line, or words for its absence."""
    return written(report.scenario.title) or texts("report.untitled")


def written(text: str, longest: int = MAX_TEXT) -> str:
    """Return a text of the user on one line, without control or direction marks; whole unless ``longest`` says less."""
    return formats.literal(text, longest)


def inputs(report: Report, texts: Texts) -> list[tuple[str, str]]:
    """Return label and value of everything that was decided, in the order of the screen."""
    scenario, campaign, targeting = report.scenario, report.campaign, report.campaign.targeting
    language = texts.language
    said = {
        "title": title(report, texts),
        "client": written(scenario.client),
        "author": written(scenario.author),
        "made_on": formats.date(report.made_on, language),
        "places": "; ".join(place(one, texts) for one in targeting.places),
        "excluded_places": "; ".join(place(one, texts) for one in targeting.excluded_places),
        "ages": ages(targeting.age_min, targeting.age_max, texts),
        "gender": texts(f"gender.{targeting.gender}"),
        "interests": ", ".join(find_interest(code).name(language) for code in targeting.interests)
        or texts("report.everybody"),
        "audience_size": "" if targeting.audience_size is None else formats.number(targeting.audience_size, language),
        "money": money(campaign, texts),
        "objective": texts(f"objective.{campaign.objective}"),
        "platforms": ", ".join(texts.choice("platform", name) for name in campaign.platforms),
        "creative_format": texts(f"creative_format.{campaign.creative_format}"),
        "trade": texts.choice("trade", campaign.trade) if campaign.trade else "",
        "start": formats.date(campaign.start, language) if campaign.start else "",
        "frequency_cap": _cap(campaign, texts),
        "calibration": calibrated(report, texts),
        "overrides": ", ".join(scenario.overrides),
        "seed": str(report.forecast.seed),
        "model_version": report.forecast.model_version,
        "parameter_digest": report.forecast.parameter_digest,
        "id": scenario.id,
    }
    return [(texts(f"report.input.{name}"), value) for name, value in said.items() if value]


def money(campaign: Campaign, texts: Texts) -> str:
    """Return the money of a campaign: 35 € en tout (5 € par jour, 7 jours)."""
    total, per_day = (
        formats.money(amount, campaign.currency, texts.language)
        for amount in (campaign.spend_planned, campaign.spend_per_day)
    )
    days = texts.plural("report.days", campaign.duration_days, count=campaign.duration_days)
    return texts("report.money", total=total, per_day=per_day, days=days)


def place(one: Place, texts: Texts) -> str:
    """Return a place by its name, a circle without one by its coordinates."""
    if one.kind != "circle":
        return region_label(one.code, texts.language)
    where = written(one.label) or texts(
        "report.point",
        latitude=formats.number(one.latitude or 0.0, texts.language, 4),
        longitude=formats.number(one.longitude or 0.0, texts.language, 4),
    )
    return texts("report.circle", place=where, radius=formats.number(one.radius_km or 0.0, texts.language, 1))


def calibrated(report: Report, texts: Texts) -> str:
    """Return on how many past campaigns the forecast rests; empty without any."""
    learnt = report.scenario.calibration
    if learnt is None:
        return ""
    made = formats.date(learnt.created, texts.language)
    return texts.plural("report.calibrated", learnt.rows, count=formats.number(learnt.rows, texts.language), date=made)


def line(one: Assumption, texts: Texts) -> str:
    """Return what a line of the calculation is about."""
    names = {
        "country": country(one.detail, texts.language),
        "month": formats.month(int(one.detail), texts.language) if one.code == "month" else "",
        "goal": texts.choice("objective", one.detail),
        "trade": texts.choice("trade", one.detail),
        "key": one.detail,
    }
    return texts(f"report.line.{one.code}", **names)


def value(one: Assumption, number: float, texts: Texts) -> str:
    """Return the value of a line, or an end of its range, as people read it."""
    language = texts.language
    if one.currency and one.unit.endswith(MONEY_PER_THOUSAND):
        return formats.fine_money(number, one.currency, language)
    if one.unit in RATES:
        return formats.percent(number, language)
    if one.unit == "people":
        return formats.people(number, language)
    shown = formats.number(formats.rounded(number, 3), language, 4 if abs(number) < 10 else 1)
    return texts("report.factor", value=shown) if one.unit == "factor" else shown


def spread(one: Assumption, texts: Texts) -> str:
    """Return the range of a line."""
    if one.low == one.high:
        return texts("report.fixed")
    return texts("report.range", low=value(one, one.low, texts), high=value(one, one.high, texts))


def day(written_date: str, texts: Texts) -> str:
    """Return a date of the tables as people write it; what is a year or a month alone stays as it is."""
    try:
        return formats.date(datetime.date.fromisoformat(written_date), texts.language)
    except ValueError:
        return written_date


def warnings(report: Report, texts: Texts) -> list[str]:
    """Return why figures are zero and what to check before paying; bold words between two stars."""
    said = []
    for group, flags in (("reason", report.forecast.reasons), ("flag", report.forecast.flags)):
        said += [
            texts(f"{group}.{flag.code}", **flag_data(flag.data, texts))
            for flag in flags
            if f"{group}.{flag.code}" in texts
        ]
    return said


def _cap(campaign: Campaign, texts: Texts) -> str:
    if campaign.frequency_cap is None:
        return ""
    times, days = campaign.frequency_cap
    return texts("report.cap", times=times, days=days)
