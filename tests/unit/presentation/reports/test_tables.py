"""Workbook and CSV: read back, every figure a number, every name a text that no spreadsheet runs."""

from __future__ import annotations

import csv as separated
import io
import re
from collections.abc import Iterator

import openpyxl
import pytest

from simulator.base.metrics import METRICS
from simulator.library import Scenario
from simulator.presentation import formats, reports
from simulator.presentation.reports.blocks import build
from simulator.presentation.reports.spreadsheets import RISKY, quoted
from tests.unit.presentation.reports.examples import HOSTILE, named, scenario

FOURS = [HOSTILE[start : start + 4] for start in range(0, len(HOSTILE), 4)]


def hostile(four: tuple[str, ...]) -> Scenario:
    title, client, author, label = four
    return scenario(title=title, client=client, author=author, campaign=named(label))


def cells(content: bytes) -> Iterator[openpyxl.cell.Cell]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            yield from row


def lines(content: bytes, language: str = "fr") -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "without it a spreadsheet takes é for Ã©"
    text = content.decode("utf-8-sig")
    return list(separated.reader(io.StringIO(text, newline=""), delimiter=";" if language == "fr" else ","))


@pytest.mark.parametrize("four", FOURS, ids=lambda four: ascii(four[0][:20]))
def test_in_the_workbook_a_name_is_a_text(four: tuple[str, ...]) -> None:
    content = reports.excel(hostile(four))
    found = list(cells(content))
    assert all(cell.data_type in ("s", "n") for cell in found), "a formula"
    assert all(cell.hyperlink is None for cell in found)
    values = [cell.value for cell in found]
    for typed in four[:3]:
        assert formats.literal(typed, 200) in values
    assert b"externalLink" not in content


@pytest.mark.parametrize("four", FOURS, ids=lambda four: ascii(four[0][:20]))
def test_in_csv_a_name_never_begins_as_a_formula(four: tuple[str, ...]) -> None:
    rows = lines(reports.csv(hostile(four)))
    flat = [cell for row in rows for cell in row]
    for typed in four[:3]:
        kept = formats.literal(typed, 200)
        assert kept in flat or f"'{kept}" in flat
    texts = [cell for cell in flat if not re.fullmatch(r"-?\d+(,\d+)?(e-\d+)?", cell)]  # a loss is a number
    assert not [cell for cell in texts if cell.startswith(RISKY)]


@pytest.mark.parametrize("sign", RISKY)
def test_each_risky_sign_is_quoted_and_others_are_not(sign: str) -> None:
    assert quoted(f"{sign}A1") == f"'{sign}A1"
    assert quoted(f"A{sign}") == f"A{sign}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_figures_are_those_of_the_forecast(language: str) -> None:
    one = scenario()
    forecast = build(one).forecast
    book = openpyxl.load_workbook(io.BytesIO(reports.excel(one, language=language)))
    figures = {row[0]: row[1:4] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)}
    assert len(figures) == len(METRICS)
    reach = (forecast.reach.p10, forecast.reach.p50, forecast.reach.p90)
    assert any(row == pytest.approx(reach) for row in figures.values())
    rows = lines(reports.csv(one, language=language), language)
    sign = "," if language == "fr" else "."
    flat = {cell for row in rows for cell in row}
    assert f"{round(forecast.reach.p50, 8):.10g}".replace(".", sign) in flat


def test_the_workbook_has_choices_figures_curve_frequency_towns_and_sources() -> None:
    one = scenario(title="Pains", overrides={"response.creative_spread": 1.5})
    report = build(one)
    book = openpyxl.load_workbook(io.BytesIO(reports.excel(one)))
    assert book.sheetnames == ["Choix", "Chiffres", "Courbe", "Répétition", "Clients", "Communes", "Sources"]
    choices = dict(book["Choix"].iter_rows(min_row=2, values_only=True))
    assert choices["Titre"] == "Pains"
    assert choices["Réglages changés"] == "response.creative_spread"
    curve = list(book["Courbe"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in curve] == [point["budget"] for point in report.curve]
    assert report.campaign.spend_per_day in [row[0] for row in curve]
    assert [row[2] for row in curve] == sorted(row[2] for row in curve)
    counts = [row[1] for row in book["Répétition"].iter_rows(min_row=2, values_only=True)]
    assert counts == pytest.approx(report.forecast.exposure_counts())
    assert book["Communes"]["A2"].value == "Pau"
    sources = list(book["Sources"].iter_rows(min_row=2, values_only=True))
    assert all(row[5] for row in sources), "every line says where it is from"
    assert {row[7] for row in sources} >= {"INSEE"}
    assert any("response.creative_spread" in str(row[0]) and row[1] == 1.5 for row in sources)


def test_a_region_has_no_sheet_of_towns() -> None:
    region = {"kind": "region", "country_code": "FR", "code": "FR-64"}
    one = scenario(campaign=scenario().campaign.replace(targeting={"places": [region]}))
    assert "Communes" not in openpyxl.load_workbook(io.BytesIO(reports.excel(one))).sheetnames
