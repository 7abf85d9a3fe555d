"""Invented exports: what they say, and writers in the many ways Ads Manager and spreadsheets write it.

Run as a module (``python -m tests.unit.learning.exports``) to write the example files anew.
"""

from __future__ import annotations

import csv
import datetime
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.unit.learning.wording import HEADERS

DATA = Path(__file__).parents[2] / "data"
PACKAGED = Path(__file__).parents[3] / "simulator" / "learning" / "examples"

Row = dict[str, Any]

CAMPAIGN_COLUMNS = (
    "reporting_start", "reporting_end", "campaign", "ad_set", "starts", "ends", "budget", "budget_type", "spend",
    "reach", "impressions", "frequency", "results", "indicator", "cost", "link_clicks", "unique_link_clicks",
    "clicks_all", "ctr_all", "cpc", "cpm", "campaign_id", "attribution",
)  # fmt: skip
AGE_COLUMNS = (
    "reporting_start", "reporting_end", "campaign", "age", "gender", "spend", "reach", "impressions", "frequency",
    "results", "indicator", "cost", "link_clicks", "clicks_all", "cpm", "attribution",
)  # fmt: skip
DAY_COLUMNS = (
    "reporting_start", "reporting_end", "campaign", "ad_set", "ad", "day", "spend", "reach", "impressions",
    "results", "indicator", "link_clicks", "clicks_all", "cpm", "attribution",
)  # fmt: skip

INDICATORS = {
    "reach": "reach",
    "link_clicks": "actions:link_click",
    "engagement": "actions:post_engagement",
    "leads": "actions:onsite_conversion.lead_grouped",
}
NAMES = (
    ("Boulangerie, fête de l’été", "Pau 25 km", "link_clicks"),
    ("Salon de coiffure « Épi »", "Orthez 15 km", "engagement"),
    ("Plombier; dépannage 24h", "Bayonne 20 km", "leads"),
    ('Marché de Noël "artisans"', "Oloron 30 km", "reach"),
    ("Fleuriste – fête des mères", "Lescar 10 km", "link_clicks"),
    ("Garage 1.234 km", "Mourenx 40 km", "link_clicks"),
    ("Couvreur, 2,5 étoiles", "Biarritz 25 km", "leads"),
    ("Pâtisserie à la crème", "Nay 12 km", "engagement"),
)


BAKERY = (
    ("Galette des rois", "Twelfth Night cake", (1, 2), 7, 5.0, "link_clicks"),
    ("Crêpes de la Chandeleur", "Pancake day", (1, 27), 6, 5.0, "link_clicks"),
    ("Pain de Pâques", "Easter bread", (4, 12), 9, 8.0, "link_clicks"),
    ("Fête des mères, entremets", "Mother's Day, cakes", (5, 16), 10, 10.0, "link_clicks"),
    ("Photo du fournil", "A picture of the bakehouse", (6, 20), 5, 4.0, "engagement"),
    ("Goûters de la rentrée", "Back to school", (9, 1), 12, 5.0, "link_clicks"),
    ("Portes ouvertes", "Open day", (10, 13), 6, 15.0, "link_clicks"),
    ("Bûches de Noël", "Christmas logs", (12, 1), 20, 8.0, "link_clicks"),
)
"""One business, as people have them: a few weeks a year, what they put in a day."""


def _figures(rng: random.Random, objective: str, spend_cents: int) -> Row:
    """Plausible, invented: a CPM of 3 to 9, each person seen 1.1 to 2.4 times."""
    spend = spend_cents / 100
    impressions = max(int(spend / rng.uniform(3, 9) * 1000), 20)
    reach = int(impressions / rng.uniform(1.1, 2.4))
    clicks = int(impressions * rng.uniform(0.01, 0.04))
    return _row(objective, spend, impressions, reach, clicks, int(clicks * rng.uniform(0.4, 0.9)))


def _row(objective: str, spend: float, impressions: int, reach: int, clicks: int, link: int) -> Row:
    results = {"reach": reach, "link_clicks": link, "engagement": clicks, "leads": link // 20}[objective]
    return {
        "spend": spend, "reach": reach, "impressions": impressions, "clicks_all": clicks, "link_clicks": link,
        "unique_link_clicks": int(link * 0.95), "results": results, "indicator": INDICATORS[objective],
        "frequency": round(impressions / reach, 6), "cpm": round(1000 * spend / impressions, 6),
        "ctr_all": round(100 * clicks / impressions, 6), "cpc": round(spend / link, 6) if link else "",
        "cost": round(spend / results, 6) if results else "", "currency": "EUR", "objective": objective,
        "attribution": "7-day click or 1-day view",
    }  # fmt: skip


def campaigns() -> list[Row]:
    """Eight ad sets of a year; the starts are days after the twelfth too, so that the order of a date shows."""
    rng = random.Random(20261101)
    year = {"reporting_start": datetime.date(2025, 1, 1), "reporting_end": datetime.date(2025, 12, 31)}
    rows = []
    for number, (campaign, ad_set, objective) in enumerate(NAMES):
        start = datetime.date(2025, number + 1, 3 + 3 * number)
        end = start + datetime.timedelta(days=6 + number)
        rows.append({
            **year, "campaign": campaign, "ad_set": ad_set, "start": start, "end": end, "starts": start,
            "ends": end, "budget": 5.0 + number, "budget_type": "Daily", "campaign_id": f"1202{number}0433571280071",
            **_figures(rng, objective, 3500 + 12345 * number + 7),
        })  # fmt: skip
    return rows


def bakery() -> list[Row]:
    """A year of one bakery around one town: prices alike but for the season, people seen more often by more money."""
    rng = random.Random(20261122)
    year = {"reporting_start": datetime.date(2025, 1, 1), "reporting_end": datetime.date(2025, 12, 31)}
    rows = []
    for number, (campaign, _, (month, day), days, budget, objective) in enumerate(BAKERY):
        start = datetime.date(2025, month, day)
        end = start + datetime.timedelta(days=days - 1)
        spend = round(budget * days * rng.uniform(0.985, 1.0), 2)
        cpm = rng.gauss(6.2, 0.5) * (1.2 if month >= 11 else 1.0) * (0.8 if objective == "engagement" else 1.0)
        impressions = int(1000 * spend / cpm)
        reach = int(impressions / (1.15 + 0.35 * (spend / 160) + rng.uniform(0.0, 0.1)))
        link = int(impressions * rng.uniform(0.010, 0.016))
        rows.append({
            **year, "campaign": campaign, "ad_set": "Pau 25 km", "start": start, "end": end, "starts": start,
            "ends": end, "budget": budget, "budget_type": "Daily", "campaign_id": f"1202{number}0433571280071",
            **_row(objective, spend, impressions, reach, int(link * rng.uniform(1.6, 2.4)), link),
        })  # fmt: skip
    return rows


def by_age() -> list[Row]:
    """Two campaigns by age and sex: rows that overlap in nobody but are still parts."""
    rng = random.Random(20261102)
    days = {"reporting_start": datetime.date(2025, 3, 1), "reporting_end": datetime.date(2025, 3, 31)}
    ages = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
    return [
        {**days, "start": days["reporting_start"], "end": days["reporting_end"], "campaign": campaign, "age": age,
         "gender": gender, **_figures(rng, objective, rng.randrange(300, 9000))}
        for campaign, _, objective in NAMES[:2] for age in ages for gender in ("women", "men")
    ]  # fmt: skip


def by_day() -> list[Row]:
    """Two advertisements, day by day over the end of a month."""
    rng = random.Random(20261103)
    rows = []
    for campaign, ad_set, objective in NAMES[2:4]:
        for number in range(10):
            day = datetime.date(2025, 5, 25) + datetime.timedelta(days=number)
            rows.append({"reporting_start": day, "reporting_end": day, "start": day, "end": day, "day": day,
                         "campaign": campaign, "ad_set": ad_set, "ad": "Photo 1",
                         **_figures(rng, objective, rng.randrange(400, 900))})  # fmt: skip
    return rows


@dataclass(frozen=True)
class Style:
    """One way to write an export."""

    headers: str = "en"
    separator: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    thousands: str = ""
    dates: str = "%Y-%m-%d"
    newline: str = "\n"
    totals: str = ""

    @property
    def language(self) -> str:
        return self.headers[:2]


COUNTS = ("reach", "impressions", "results", "link_clicks", "unique_link_clicks", "clicks_all")
MONEY = ("spend", "budget")
RATES = ("frequency", "cpm", "ctr_all", "cpc", "cost")
FRENCH = {"women": "Femme", "men": "Homme", "Daily": "Quotidien", "Ongoing": "En cours",
          "Using campaign budget": "Utilise le budget de la campagne"}  # fmt: skip
ENGLISH = {"women": "female", "men": "male"}


def cell(row: Row, column: str, style: Style) -> str:
    """One cell as text."""
    value = row.get(column, "")
    if value == "" or value is None:
        return ""
    if isinstance(value, datetime.date):
        return value.strftime(style.dates)
    if isinstance(value, str):
        return (FRENCH if style.language == "fr" else ENGLISH).get(value, value)
    digits = 0 if column in COUNTS else 2 if column in MONEY else 6
    text = f"{value:,.{digits}f}"
    return text.translate({ord(","): style.thousands, ord("."): style.decimal})


def totals_row(rows: Sequence[Row], columns: Sequence[str]) -> Row:
    """The sum, with blank names, as Ads Manager adds it; its reach is not a sum but looks like one here."""
    total: Row = {name: sum(row[name] for row in rows) for name in ("spend", "reach", "impressions", "clicks_all")}
    return {**total, **{name: rows[0][name] for name in ("reporting_start", "reporting_end")}}


def table(rows: Sequence[Row], columns: Sequence[str], style: Style) -> list[list[str]]:
    """Header and rows as texts."""
    currency = rows[0]["currency"] if rows else "EUR"
    header = [HEADERS[style.headers][column].format(currency=currency) for column in columns]
    body = list(rows)
    if style.totals and body:
        body.insert(0 if style.totals == "first" else len(body), totals_row(rows, columns))
    return [header, *([cell(row, column, style) for column in columns] for row in body)]


def delimited(cells: Iterable[Sequence[str]], separator: str = ",", newline: str = "\n") -> str:
    """Cells as delimited text."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=newline).writerows(cells)
    return text.getvalue()


def as_csv(rows: Sequence[Row], columns: Sequence[str], style: Style) -> bytes:
    """An export as the bytes of a CSV file."""
    return delimited(table(rows, columns, style), style.separator, style.newline).encode(style.encoding)


def as_xlsx(rows: Sequence[Row], columns: Sequence[str], style: Style, sheet: str = "Raw Data Report") -> bytes:
    """An export as a workbook: numbers as numbers, dates as text or as dates, the totals as formulas."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": datetime.date(2026, 11, 1)})
    page = book.add_worksheet(sheet)
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(0, 0, table(rows, columns, style)[0])
    for number, row in enumerate(rows, 1):
        for place, column in enumerate(columns):
            value = row.get(column, "")
            if isinstance(value, datetime.date) and column in ("starts", "ends"):
                page.write_datetime(number, place, datetime.datetime.combine(value, datetime.time()), as_date)
            elif isinstance(value, (int, float)):
                page.write_number(number, place, value)
            else:
                page.write_string(number, place, cell(row, column, style))
    place = columns.index("spend")
    letter = chr(ord("A") + place)
    page.write_formula(len(rows) + 1, place, f"=SUBTOTAL(109,{letter}2:{letter}{len(rows) + 1})")
    book.close()
    return stream.getvalue()


def example_files() -> dict[Path, bytes]:
    """The example files by path. Every figure in them is invented."""
    still_running = [*campaigns()[:-1], {**campaigns()[-1], "ends": "Ongoing", "budget": "Using campaign budget",
                                         "budget_type": "", "campaign_id": "1.2E+17"}]  # fmt: skip
    english = [entry[1] for entry in BAKERY]
    cad = [{**row, "campaign": name, "currency": "CAD"} for row, name in zip(bakery(), english, strict=True)]
    semicolons = Style("fr", ";", "utf-8-sig", ",", "\u202f", "%d/%m/%Y", "\r\n", "last")
    older = Style("en_older", ",", "utf-8", ".", ",", totals="first")
    return {
        PACKAGED / "EXEMPLE-chiffres-inventes-fr.csv": as_csv(
            bakery(), CAMPAIGN_COLUMNS, Style("fr", encoding="utf-8-sig", totals="last")
        ),
        PACKAGED / "EXEMPLE-invented-figures-en.csv": as_csv(
            cad, CAMPAIGN_COLUMNS, Style("en", encoding="utf-8-sig", totals="last")
        ),
        DATA / "EXEMPLE-invente-fr-tableur.csv": as_csv(campaigns(), CAMPAIGN_COLUMNS, semicolons),
        DATA / "EXEMPLE-invented-en-older.csv": as_csv(still_running, CAMPAIGN_COLUMNS, older),
        DATA / "EXEMPLE-invente-fr-age-sexe.csv": as_csv(
            by_age(), AGE_COLUMNS, Style("fr_older", "\t", "utf-16", ",", "\u00a0", "%d/%m/%Y", totals="first")
        ),
        DATA / "EXEMPLE-invented-en-days.csv": as_csv(by_day(), DAY_COLUMNS, Style("en", totals="last")),
    }


def example_workbooks() -> dict[Path, bytes]:
    """The example workbooks by path; their bytes depend on the library that writes them."""
    return {
        DATA / "EXEMPLE-invente-fr-ensembles.xlsx": as_xlsx(campaigns(), CAMPAIGN_COLUMNS, Style("fr")),
        DATA / "EXEMPLE-invented-en-days.xlsx": as_xlsx(by_day(), DAY_COLUMNS, Style("en")),
    }


if __name__ == "__main__":
    for path, content in {**example_files(), **example_workbooks()}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
