"""A report in words: its catalogue, choices as label and value, the calculation, customers and the free page."""

from __future__ import annotations

import datetime
import math
from functools import cache
from importlib.resources import files
from typing import Any

from simulator.base.validation import MAX_TEXT, one_of
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band
from simulator.channels.customers import CustomersForecast
from simulator.presentation import formats
from simulator.presentation.i18n import LANGUAGES, Texts, read
from simulator.presentation.reports.blocks import Assumption, Report
from simulator.presentation.wording import ages, country, flag_data, leaves
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
    planned = texts("report.money", total=total, per_day=per_day, days=days)
    return f"{planned} · {leaves(campaign, texts)}"


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


PAGE_FIGURES = ("reach_per_post", "reach_per_month", "interactions_per_month", "hours_per_week")
Cell = str | float


def block(report: Report, texts: Texts) -> dict[str, Any] | None:
    """Return what is printed: a heading and three or four sentences; None where no business was given."""
    found = report.customers
    lines = [] if found is None or not report.is_business_told else _sentences(found, texts)
    if report.page is not None:
        lines.append(texts("report.customers.page", **_ends(report.page.reach_per_post, texts)))
    return {"title": texts("report.customers.title"), "lines": lines} if lines else None


def customer_rows(report: Report, texts: Texts) -> list[list[Cell]]:
    """Return every figure of customers: at least, about, at most, unit; then the chances, in the middle column."""
    found = report.customers
    if found is None:
        return []
    money = formats.symbol(found.currency, texts.language)
    rows: list[list[Cell]] = []
    for row in found.rows():
        unit = money if row["unit"] == found.currency else texts.choice("report.unit", row["unit"])
        name = texts(f"report.customers.figure.{row['name']}")
        rows.append([name, *(_cell(row[end]) for end in ("p10", "p50", "p90")), unit])
    part = texts("report.unit.fraction")
    rows += [
        [texts(f"report.customers.chances.{name}"), "", chance, "", part] for name, chance in found.chances.items()
    ]
    rows.append([texts("report.customers.orders"), "", found.break_even_orders, "", texts("report.unit.count")])
    return rows


def page_rows(report: Report, texts: Texts) -> list[list[Cell]]:
    """Return the main figures of the free page: at least, about, at most, unit."""
    if report.page is None:
        return []
    return [
        [
            texts(f"report.page_figure.{row['name']}"),
            *(_cell(row[end]) for end in ("p10", "p50", "p90")),
            texts.choice("report.unit", row["unit"]),
        ]
        for row in report.page.rows()
        if row["name"] in PAGE_FIGURES
    ]


def _sentences(found: CustomersForecast, texts: Texts) -> list[str]:
    sold = span(found.sales_year, texts)
    orders = found.break_even_orders
    return [
        texts("report.customers.answer", asked=span(found.enquiries_year, texts), sold=sold),
        texts("report.customers.chance", now=round(100 * found.chances["enquiry_campaign"])),
        texts.plural(
            "report.customers.break_even",
            orders,
            count=formats.number(orders, texts.language),
            basket=formats.money(found.basket, found.currency, texts.language),
            left=formats.money(found.basket * found.margin, found.currency, texts.language),
        ),
        texts("report.customers.assumed"),
    ]


def span(band: Band, texts: Texts) -> str:
    """Return both ends of a band of whole counts; one where they are the same."""
    ends = _ends(band, texts)
    return ends["low"] if ends["low"] == ends["high"] else texts("report.range", **ends)


def _ends(band: Band, texts: Texts) -> dict[str, str]:
    return {"low": formats.people(band.p10, texts.language), "high": formats.people(band.p90, texts.language)}


def _cell(value: float) -> Cell:
    """Return a figure; an infinite cost, where no one enquires, as a dash."""
    return value if math.isfinite(value) else "–"
