"""What is printed, in words and drawings, ready for the template; the charts of the screen as SVG."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.base.errors import SimulatorError
from simulator.presentation import formats
from simulator.presentation.charts import LIGHT, bars, budget_curve, strip
from simulator.presentation.charts.audience import towns
from simulator.presentation.charts.palette import FONT
from simulator.presentation.i18n import Texts
from simulator.presentation.reports import words
from simulator.presentation.reports.blocks import Assumption, Report
from simulator.presentation.reports.spreadsheets import needed
from simulator.presentation.reports.words import block
from simulator.presentation.wording import aim, clicks, in_hundred, limits, more_money, sentence, share, shown

PRINTED_FONT = "Libertinus Serif"
"""The font that the typesetter brings along, so that a report looks the same on every machine."""
CURVE_WIDTH, CURVE_HEIGHT = 640, 200
SMALL_WIDTH, SMALL_HEIGHT = 300, 150
MAP_SIDE = 200

Drawn = tuple[Sequence[Mapping[str, Any]], Mapping[str, Any]]


def draw_dots(report: Report, texts: Texts) -> str:
    """Return the strip of a hundred dots."""
    return svg(strip(share(report.forecast), LIGHT, texts.language))


def draw_curve(report: Report, texts: Texts) -> str:
    """Return the budget curve with the choice on it."""
    names = ("x", "y", "repetition", "budget", "median", "low", "high")
    drawn = budget_curve(
        report.curve,
        report.chosen,
        {**{name: texts(f"curve.{name}") for name in names}, "here": texts("report.chosen")},
        LIGHT,
        texts.language,
        money_format=formats.around_amount(report.campaign.currency, texts.language),
        often=report.parameters.value("rules.high_frequency"),
    )
    return svg(drawn, width=CURVE_WIDTH, height=CURVE_HEIGHT)


def draw_frequency(report: Report, texts: Texts) -> str:
    """Return how many people would see it exactly so many times."""
    labels = {"x": texts("report.column.times"), "y": texts("curve.y")}
    drawn = bars(report.forecast.exposure_counts(), labels, LIGHT, texts.language)
    return svg(drawn, width=SMALL_WIDTH, height=SMALL_HEIGHT)


def draw_map(report: Report, texts: Texts) -> str:
    """Return the towns of the circle as dots, as wide as high, so that no distance is stretched."""
    labels = {"town": "", "people": ""}
    return svg(towns(report.towns, labels, LIGHT, texts.language), width=MAP_SIDE, height=MAP_SIDE)


def svg(drawn: Drawn, width: int | None = None, height: int | None = None) -> str:
    """Return rows and specification as SVG.

    Raises
    ------
    SimulatorError
        ``driver_missing`` without the package that draws; ``report_failed``.
    """
    vl_convert = needed("vl_convert", "vl-convert-python")
    rows, spec = drawn
    sizes = {name: size for name, size in (("width", width), ("height", height)) if size is not None}
    whole = json.dumps({**spec, **sizes, "data": {"values": list(rows)}}, ensure_ascii=False)
    whole = whole.replace(json.dumps(FONT)[1:-1], PRINTED_FONT)
    try:
        # No address is ever fetched: the rows stand in the specification.
        return str(vl_convert.vegalite_to_svg(whole, allowed_base_urls=[]))
    except ValueError as error:
        raise SimulatorError("report_failed", field="REPORT", received=str(error)[:200]) from None


PRINTED = (
    *("audience_size", "reach", "frequency", "impressions", "spend", "cpm"),
    *("link_clicks", "cpc_link", "reactions", "comments", "shares"),
)
"""Figures of the table, in this order; the others are in the workbook."""
NAMED_TOWNS = 5
MOST_LINES = 12
"""Lines of what the calculation rests on; more of them (settings changed one by one) are in the workbook."""
MOST_SOURCES = 28
ROOMS_FOR_SOURCES = (5_400, 2_500, 800)
"""Characters, the first that lets everything stand on two pages; what does not fit is in the workbook."""
LONGEST_NAME, LONGEST_TITLE = 80, 120
"""Characters printed of what the user typed; the workbook holds it whole."""
LONGEST_SOURCE = 200
"""Characters printed of a title or a publisher."""


def worded(report: Report, texts: Texts, room: int = ROOMS_FOR_SOURCES[0]) -> dict[str, Any]:
    """Return everything that is printed, as plain texts and drawings, ready for the template."""
    said = sentence(report.forecast, report.campaign, texts)
    sources = _sources(report, texts, room)
    is_somebody = report.forecast.reach.p90 > 0
    return {
        "language": texts.language,
        "heading": texts("report.heading"),
        "title": printed(words.title(report, texts), LONGEST_TITLE),
        "under": _under(report, texts),
        "aim": _aim(report, texts),
        "notes": _notes(report, texts),
        "sentence": {"money": said.money, "people": said.people, "seen": said.seen, "range": said.range},
        "in_hundred": in_hundred(report.forecast, texts),
        "clicks": clicks(report.forecast.link_clicks.p50, texts),
        "dots": {"svg": draw_dots(report, texts), "alt": texts("report.dots_alt")},
        "promise": texts("report.promise"),
        "figures": _figures(report, texts),
        "curve": _curve(report, texts) if is_somebody else None,
        "frequency": _frequency(report, texts) if is_somebody else None,
        "map": _map(report, texts),
        "check": {"title": texts("report.check"), "lines": words.warnings(report, texts)},
        "beside": block(report, texts),
        "lines": _lines(report, texts, len(sources["rows"])),
        "sources": sources,
        "foot": _foot(report, texts),
        "page": texts("report.page", page="{page}", pages="{pages}"),
    }


def _foot(report: Report, texts: Texts) -> str:
    """Return what gives the same figures again; choices never kept have no name to be found by."""
    said = texts(
        "report.foot",
        version=report.forecast.model_version,
        digest=report.forecast.parameter_digest,
        seed=report.forecast.seed,
    )
    return texts("report.foot_kept", foot=said, id=report.scenario.id) if report.scenario.figures else said


def printed(text: str, longest: int = LONGEST_NAME) -> str:
    """Return a text of the user for paper, where two pages must hold everything."""
    return words.written(text, longest)


def _under(report: Report, texts: Texts) -> list[str]:
    """Return for whom, by whom and when, each on its own: a name never touches the words beside it."""
    client, author = (printed(text) for text in (report.scenario.client, report.scenario.author))
    said = [texts("report.client", client=client)] if client else []
    if author:
        said.append(texts("report.author", author=author))
    return [*said, texts("report.made_on", date=formats.date(report.made_on, texts.language))]


def _aim(report: Report, texts: Texts) -> list[str]:
    campaign = report.campaign
    return [
        aim(campaign.targeting, texts, printed),
        words.money(campaign, texts),
        " · ".join(
            [
                texts(f"objective.{campaign.objective}"),
                *(texts.choice("platform", name) for name in campaign.platforms),
                *([formats.date(campaign.start, texts.language)] if campaign.start else []),
            ]
        ),
    ]


def _notes(report: Report, texts: Texts) -> list[str]:
    """Return what a reader must know before the figures: learnt from campaigns, changed settings, other figures."""
    said = [words.calibrated(report, texts)]
    count = len(report.scenario.overrides)
    if count:
        said.append(texts.plural("report.changed", count, count=count))
    if report.announced is not None:
        middle = formats.people(report.announced.p50, texts.language)
        said.append(
            texts(
                "report.announced",
                version=printed(report.scenario.model_version),
                count=middle,
                **limits(report.announced, texts),
            )
        )
    return [line for line in said if line]


def _figures(report: Report, texts: Texts) -> dict[str, Any]:
    forecast = report.forecast
    rows = []
    for name in PRINTED:
        band = forecast.band(name)
        figures = [shown(name, value, forecast.currency, texts) for value in (band.p10, band.p50, band.p90)]
        rows.append([texts(f"metric.{name}.word"), *figures])
    head = [texts(f"report.column.{name}") for name in ("figure", "low", "middle", "high")]
    return {"title": texts("report.figures"), "note": texts("report.figures_note"), "head": head, "rows": rows}


def _curve(report: Report, texts: Texts) -> dict[str, Any]:
    campaign, forecast = report.campaign, report.forecast
    more = ""
    if report.following is not None:
        more = more_money(report.curve, forecast, campaign, report.following, texts)
    alt = texts(
        "report.curve_alt",
        count=formats.people(forecast.reach.p50, texts.language),
        money=formats.money(campaign.spend_per_day, campaign.currency, texts.language),
    )
    return {"title": texts("report.more"), "note": more, "svg": draw_curve(report, texts), "alt": alt}


def _frequency(report: Report, texts: Texts) -> dict[str, Any]:
    said = {name: texts(f"report.frequency{end}") for name, end in (("title", ""), ("note", "_note"), ("alt", "_alt"))}
    return {**said, "svg": draw_frequency(report, texts)}


def _map(report: Report, texts: Texts) -> dict[str, Any] | None:
    if not report.towns:
        return None
    count = len(report.towns)
    named = ", ".join(str(town["name"]) for town in report.towns[:NAMED_TOWNS])
    note = texts.plural("report.map_note", count, count=formats.number(count, texts.language), named=named)
    drawn = draw_map(report, texts)
    return {"title": texts("report.map"), "note": note, "alt": note, "svg": drawn}


def _lines(report: Report, texts: Texts, printed_sources: int) -> dict[str, Any]:
    cited = report.references[:printed_sources]
    numbers = {reference.key: number for number, reference in enumerate(cited, start=1)}
    return {
        "title": texts("report.assumptions"),
        "note": texts("report.assumptions_note"),
        "rows": [_row(one, numbers, texts) for one in report.lines[:MOST_LINES]],
    }


def _row(one: Assumption, numbers: dict[tuple[str, str], int], texts: Texts) -> list[str]:
    cited = [str(numbers[reference.key]) for reference in one.references if reference.key in numbers]
    return [
        words.line(one, texts),
        f"{words.value(one, one.value, texts)} ({words.spread(one, texts)})",
        texts(f"report.origin.{one.origin}"),
        ", ".join(cited),
    ]


def _sources(report: Report, texts: Texts, room: int) -> dict[str, Any]:
    rows: list[list[str]] = []
    for number, source in enumerate(report.references[:MOST_SOURCES], start=1):
        key = "source_read" if source.is_read else "source"
        key = f"report.{key if source.publisher else 'source_bare'}"
        day = words.day(source.date, texts)
        said = texts(key, title=_cut(source.title), publisher=_cut(source.publisher), date=_cut(day))
        room -= len(said)
        if room < 0:
            break
        rows.append([str(number), said])
    more = len(report.references) - len(rows)
    note = texts.plural("report.sources_more", more, count=more) if more else ""
    return {"title": texts("report.sources"), "rows": rows, "note": note}


def _cut(text: str) -> str:
    """Return a text of a source on one line; a changed setting may bring one of any length."""
    return formats.literal(text, LONGEST_SOURCE).rstrip(".")
