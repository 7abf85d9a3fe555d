"""Customers and the free page in words: beside what was paid for, never added to it."""

from __future__ import annotations

import math
from typing import Any

from simulator.campaign.forecast import Band
from simulator.channels.customers import CustomersForecast
from simulator.presentation import formats
from simulator.presentation.i18n import Texts
from simulator.presentation.reports.blocks import Report

PAGE_FIGURES = ("reach_per_post", "reach_per_month", "interactions_per_month", "hours_per_week")
Cell = str | float


def block(report: Report, texts: Texts) -> dict[str, Any] | None:
    """Return what is printed: a heading and three or four sentences; None where no business was told."""
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
    """Return a figure; a cost without an end, where nobody asks, as a dash."""
    return value if math.isfinite(value) else "–"
