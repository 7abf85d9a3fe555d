"""Mes résultats asks where a file can be read in two ways, or does not say what its figures are."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web.texts import Texts
from tests.ui.results import PAGE, Opened, drop, press, run, said, wait_for_end


@pytest.fixture
def page(opened: Opened) -> Opened:
    def open_page(**entries: str) -> AppTest:
        return run(opened(**entries).switch_page(PAGE))

    return open_page


def test_dates_that_read_both_ways_can_be_turned(page: Opened, fr: Texts) -> None:
    content = (
        "Nom de la campagne;Début;Fin;Montant dépensé (EUR);Impressions;Couverture\n"
        "A;03/01/2025;09/01/2025;35,07;4727;3780\nB;05/02/2025;11/02/2025;40,5;5727;4780\n"
    )
    app = drop(page(), "dates.csv", content.encode())
    assert "du 3 janvier 2025" in said(app)
    order = next(radio for radio in app.radio if radio.label == fr("results.dates.ask"))
    assert order.value == "day"
    app = run(order.set_value("month"))
    assert "1er mars 2025" in said(app)
    order = next(radio for radio in app.radio if radio.label == fr("results.dates.ask"))
    assert "3 janvier 2025" in said(run(order.set_value("day"))), "and turned back"


def test_a_file_that_does_not_say_its_money_is_asked(page: Opened, fr: Texts) -> None:
    content = (
        "Nom de la campagne;Début;Fin;Montant dépensé;Impressions;Couverture\n"
        "A;13/01/2025;19/01/2025;35,07 $;4727;3780\nB;15/02/2025;21/02/2025;40,50 $;5727;4780\n"
        "C;15/03/2025;21/03/2025;41,50 $;5827;4880\n"
    )
    app = drop(page(), "quebec.csv", content.encode())
    assert "$\u00a0CA" not in said(app)

    def asked() -> Any:
        return next(box for box in app.selectbox if box.label == fr("results.money.ask"))

    assert asked().value is None, "nothing is taken for said"
    app = run(asked().set_value("CAD"))
    assert "$\u00a0CA" in said(app)
    assert "no_currency" not in {warning["code"] for warning in app.session_state["_results_export"].warnings}
    country = next(box for box in app.selectbox if box.label == fr("results.country"))
    assert country.value == "CA", "the money tells the likely country"
    app = run(country.set_value("BE"))
    app = run(asked().set_value("USD"))
    assert "$\u00a0US" in said(app), "and it can be put right"
    country = next(box for box in app.selectbox if box.label == fr("results.country"))
    assert country.value == "BE", "a country that was chosen stays"
    app = wait_for_end(press(app, "learn"))
    dollars = app.session_state["_results_learnt"]
    assert dollars.currency == "USD"
    sure = drop(page(), "euros.csv", content.replace("dépensé", "dépensé (EUR)").replace(" $", "").encode())
    assert fr("results.money.ask") not in [box.label for box in sure.selectbox]
