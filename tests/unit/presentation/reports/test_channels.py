"""Customers and the free page stand beside the campaign in its report, never added to it."""

from __future__ import annotations

import io

import openpyxl
import pypdf
import pytest

from simulator.channels import Page
from simulator.presentation import reports
from simulator.presentation.i18n import LANGUAGES
from simulator.presentation.reports.blocks import build
from simulator.presentation.reports.words import PAGE_FIGURES, block, customer_rows, page_rows, texts_of
from tests.unit.presentation.reports.examples import campaign, scenario

FR = texts_of("fr")


def test_customers_are_said_where_a_business_is_told() -> None:
    assert block(build(scenario()), FR) is None, "of anybody they would say nothing"
    told = (scenario(campaign=campaign(trade="bakery")), scenario(overrides={"customers.conversion.any": 0.2}))
    for one in told:
        report = build(one)
        assert report.customers is not None
        said = block(report, FR)
        assert said is not None
        text = " ".join(said["lines"])
        assert f"{round(100 * report.customers.chances['enquiry_campaign'])} chances" in text
        assert "hypothèses" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_free_page_has_its_line_and_its_sheet(language: str) -> None:
    one = scenario(campaign=campaign(trade="bakery"), page=Page(followers=800))
    texts = texts_of(language)
    report = build(one)
    assert report.page is not None
    assert len(page_rows(report, texts)) == len(PAGE_FIGURES)
    assert len(customer_rows(report, texts)) == 7 + 5 + 1
    pages = pypdf.PdfReader(io.BytesIO(reports.pdf(one, language=language))).pages
    assert len(pages) <= 2
    said = block(report, texts)
    assert said is not None
    assert len(said["lines"]) == 5
    book = openpyxl.load_workbook(io.BytesIO(reports.excel(one, language=language)))
    sheet = book[texts("report.sheet.page")]
    first = next(row for row in sheet.iter_rows(min_row=2, values_only=True))
    reach = report.page.reach_per_post
    assert first[1:4] == pytest.approx((reach.p10, reach.p50, reach.p90))


def test_nobody_who_sees_it_is_no_customer() -> None:
    nobody = campaign().replace(targeting=campaign().targeting.replace(audience_size=0), trade="bakery")
    report = build(scenario(campaign=nobody))
    assert report.customers is None
    assert block(report, FR) is None
    assert customer_rows(report, FR) == []
