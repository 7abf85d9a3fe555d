"""What leaves the account, case by case: each total was worked out by hand from the rule in its last column.

Thirty-five units of money on showings, in one flight, unless said otherwise; amounts to the cent. The rules and
where they were read stand in ``platform.toml``.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from simulator import Campaign, Place, Targeting, bill


class Case(NamedTuple):
    """One bill: who, where, when, by which door; money on showings and total, to the cent; why."""

    people: str
    tax: str
    door: str
    media: float
    total: float
    why: str
    start: str | None = None
    days: int = 7
    all_in: bool = False


CASES = (
    # Mainland France, the rules of today.
    Case("FR", "none", "web", 35, 36.05, "35 + 3 % for people in France; no tax is counted"),
    Case("FR", "fr_franchise", "web", 35, 43.26, "36.05 × 1.20: the business declares and pays 20 % itself"),
    Case("FR", "fr_vat", "web", 35, 36.05, "what is declared is deducted: no tax stays"),
    Case("FR-64", "fr_franchise", "web", 35, 43.26, "a département is in France"),
    Case("Pau", "fr_franchise", "web", 35, 43.26, "so is a circle around a town"),
    Case("Pau", "fr_vat", "web", 35, 36.05, "36.05, tax deducted"),
    # The day on which the fee begins.
    Case("FR", "none", "web", 35, 35.00, "the last day without a fee", "2026-06-30", 1),
    Case("FR", "none", "web", 35, 36.05, "the first day with it", "2026-07-01", 1),
    Case("FR", "fr_franchise", "web", 35, 42.00, "35 × 1.20 without a fee", "2026-06-30", 1),
    Case("FR", "fr_franchise", "web", 35, 43.26, "36.05 × 1.20", "2026-07-01", 1),
    Case("FR", "fr_vat", "web", 35, 35.00, "neither fee nor tax", "2026-06-30", 1),
    Case("FR", "fr_vat", "web", 35, 36.05, "the fee alone", "2026-07-01", 1),
    Case("FR", "fr_franchise", "web", 35, 42.63, "one day of two has the fee: (35 + 0.525) × 1.20", "2026-06-30", 2),
    Case("FR", "none", "web", 35, 35.45, "three days of seven: 35 + 0.03 × 15", "2026-06-27", 7),
    Case("FR", "fr_franchise", "web", 35, 42.54, "35.45 × 1.20", "2026-06-27", 7),
    Case("FR", "fr_franchise", "web", 35, 42.00, "it ends on 30 June", "2026-06-24", 7),
    Case("FR", "fr_franchise", "web", 35, 43.26, "it begins on 1 July", "2026-07-01", 7),
    # Overseas: the rate is sure, that the fee and the number apply is to be checked.
    Case("FR-971", "dom_franchise", "web", 35, 39.11, "36.05 × 1.085 = 39.114, Guadeloupe"),
    Case("FR-974", "dom_franchise", "web", 35, 39.11, "36.05 × 1.085 = 39.114, Réunion"),
    Case("FR-973", "dom_exempt", "web", 35, 36.05, "no VAT in Guyane"),
    Case("FR-971", "dom_franchise", "web", 35, 37.98, "35 × 1.085 = 37.975 before the fee", "2026-06-30", 1),
    # Québec: no fee for people in Canada.
    Case("CA-QC", "none", "web", 35, 35.00, "no fee, no tax counted"),
    Case("CA-QC", "qc_numbers_entered", "web", 35, 35.00, "both numbers entered: no tax is charged"),
    Case("CA-QC", "qc_no_numbers", "web", 35, 40.24, "35 × 1.14975 = 40.241"),
    Case("CA-QC", "qc_no_numbers", "web", 100, 114.98, "100 + 5.00 + 9.975"),
    Case("CA-QC", "qc_no_numbers", "web", 35, 40.24, "30 June is like", "2026-06-30", 1),
    Case("CA-QC", "qc_no_numbers", "web", 35, 40.24, "1 July: Canada has no fee", "2026-07-01", 1),
    Case("CA-QC", "qc_numbers_entered", "web", 35, 35.00, "and none either with numbers", "2026-07-01", 1),
    # Ontario and the other provinces, by the address of the business.
    Case("CA", "none", "web", 35, 35.00, "no fee, no tax counted, all of Canada"),
    Case("CA", "ca_on", "web", 35, 39.55, "35 × 1.13"),
    Case("CA", "ca_on", "web", 35, 39.55, "the day does not matter", "2026-06-30", 1),
    Case("CA", "ca_ab", "web", 35, 36.75, "35 × 1.05"),
    Case("CA", "ca_bc", "web", 35, 36.75, "35 × 1.05"),
    Case("CA", "ca_mb", "web", 35, 36.75, "35 × 1.05"),
    Case("CA", "ca_sk", "web", 35, 36.75, "35 × 1.05"),
    Case("CA", "ca_yt", "web", 35, 36.75, "35 × 1.05, Yukon"),
    Case("CA", "ca_nt", "web", 35, 36.75, "35 × 1.05, Northwest Territories"),
    Case("CA", "ca_nu", "web", 35, 36.75, "35 × 1.05, Nunavut"),
    Case("CA", "ca_nb", "web", 35, 40.25, "35 × 1.15"),
    Case("CA", "ca_nl", "web", 35, 40.25, "35 × 1.15"),
    Case("CA", "ca_pe", "web", 35, 40.25, "35 × 1.15"),
    Case("CA", "ca_ns", "web", 35, 39.90, "35 × 1.14 today"),
    Case("CA", "ca_ns", "web", 35, 40.25, "15 % until 31 March 2025", "2025-03-31", 1),
    Case("CA", "ca_ns", "web", 35, 39.90, "14 % since 1 April 2025", "2025-04-01", 1),
    Case("CA", "ca_ns", "web", 35, 40.08, "a day of each: 35 × 1.145 = 40.075", "2025-03-31", 2),
    # Other countries: the fee is by where the people are, whoever pays.
    Case("ES", "none", "web", 35, 36.05, "3 % for people in Spain"),
    Case("ES", "none", "web", 35, 35.00, "not yet on 30 June", "2026-06-30", 1),
    Case("ES", "fr_franchise", "web", 35, 43.26, "a French business, people in Spain: 36.05 × 1.20"),
    Case("GB", "none", "web", 35, 35.70, "2 % for people in the United Kingdom"),
    Case("GB", "none", "web", 35, 35.00, "not yet on 30 June", "2026-06-30", 1),
    Case("GB", "fr_franchise", "web", 35, 42.84, "35.70 × 1.20"),
    Case("AT", "none", "web", 35, 36.75, "5 % for people in Austria"),
    Case("IT", "none", "web", 35, 36.05, "3 % for people in Italy"),
    Case("TR", "none", "web", 35, 36.75, "5 % for people in Turkey"),
    Case("BE", "fr_franchise", "web", 35, 42.00, "no fee for people in Belgium: 35 × 1.20"),
    Case("FR", "qc_no_numbers", "web", 35, 41.45, "a Québec business, people in France: 36.05 × 1.14975 = 41.448"),
    # Doors: a browser, or the app of a telephone.
    Case("FR", "fr_franchise", "android", 35, 43.26, "no store adds anything there"),
    Case("FR", "none", "android", 35, 36.05, "as in a browser"),
    Case("FR", "none", "ios", 35, 45.50, "35 × 1.30 at least; the fee there is not known, so not added"),
    Case("FR", "fr_franchise", "ios", 35, 54.60, "45.50 × 1.20"),
    Case("FR", "fr_vat", "ios", 35, 45.50, "tax deducted, the store's part stays"),
    Case("GB", "none", "ios", 35, 45.50, "35 × 1.30 at least"),
    Case("CA-QC", "qc_no_numbers", "ios", 35, 52.31, "45.50 × 1.14975 = 52.314"),
    Case("FR", "none", "ios", 35, 35.00, "before July 2024 the store took nothing in France", "2024-06-30", 1),
    Case("FR", "none", "ios", 35, 45.50, "then 30 %", "2024-07-01", 1),
    # Two countries of one rate: no share is needed.
    Case("FR ES", "none", "web", 35, 36.05, "3 % in both"),
    Case("FR IT", "fr_franchise", "web", 35, 43.26, "3 % in both, × 1.20"),
    Case("AT TR", "none", "web", 35, 36.75, "5 % in both"),
    Case("CA US", "qc_no_numbers", "web", 35, 40.24, "no fee in either, 35 × 1.14975"),
    # All in: the total is what was said, the showings get the rest.
    Case("FR", "fr_franchise", "web", 28.32, 35.00, "35 ÷ 1.20 ÷ 1.03 = 28.317", all_in=True),
    Case("FR", "none", "web", 33.98, 35.00, "35 ÷ 1.03", all_in=True),
    Case("FR", "fr_vat", "web", 33.98, 35.00, "35 ÷ 1.03", all_in=True),
    Case("FR", "fr_franchise", "web", 29.17, 35.00, "35 ÷ 1.20", "2026-06-30", 1, True),
    Case("FR", "fr_franchise", "web", 28.32, 35.00, "35 ÷ 1.20 ÷ 1.03", "2026-07-01", 1, True),
    Case("FR-971", "dom_franchise", "web", 31.32, 35.00, "35 ÷ 1.085 ÷ 1.03 = 31.319", all_in=True),
    Case("CA-QC", "qc_no_numbers", "web", 30.44, 35.00, "35 ÷ 1.14975 = 30.441", all_in=True),
    Case("CA-QC", "qc_numbers_entered", "web", 35, 35.00, "nothing is added", all_in=True),
    Case("CA", "ca_on", "web", 30.97, 35.00, "35 ÷ 1.13 = 30.973", all_in=True),
    Case("GB", "none", "web", 34.31, 35.00, "35 ÷ 1.02 = 34.314", all_in=True),
    Case("FR", "none", "ios", 26.92, 35.00, "35 ÷ 1.30 = 26.923", all_in=True),
)
CURRENCIES = {"CA": "CAD", "GB": "GBP", "US": "USD"}


def place(code: str) -> Place:
    if len(code) == 2:
        return Place.country(code)
    return Place.region(code) if "-" in code else Place.around(code)


def campaign(case: Case) -> Campaign:
    money = case.total if case.all_in else case.media
    return Campaign(
        Targeting([place(code) for code in case.people.split()]),
        total_budget=money,
        duration_days=case.days,
        start=case.start,
        currency=CURRENCIES.get(case.people[:2], "EUR"),
        budget_is="all_in" if case.all_in else "media",
    )


def test_there_are_sixty_and_no_two_alike() -> None:
    assert len(CASES) >= 60
    assert len({case[:5] + case[6:] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.people}-{case.tax}-{case.door}-{case.start}")
def test_the_bill_is_the_one_worked_out_by_hand(case: Case) -> None:
    found = bill(campaign(case), tax=case.tax, bought_in=case.door)
    assert (found.media, found.total) == (
        pytest.approx(case.media, abs=0.0051),
        pytest.approx(case.total, abs=0.0051),
    ), case.why
    assert found.media + found.location_fee + found.store_fee + found.tax == pytest.approx(found.total, abs=1e-9)
