"""Several files at once on Mes résultats: the clients of an advisor, or the years of one business."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web import exports
from simulator.apps.web.jobs import learning
from simulator.apps.web.texts import LANGUAGES, Texts, texts_of
from tests.ui.test_results_page import PAGE, press, run, said, wait_for_end

Opened = Callable[..., AppTest]
HEADER = "Nom de la campagne,Début,Fin,Montant dépensé (EUR),Impressions,Couverture,Clics sur un lien\n"


def client(number: int, rows: int = 2) -> tuple[str, bytes]:
    """Return the invented export of a client, dearer by its number."""
    lines = (
        f"Secret {number}-{row},2025-0{row + 1}-03,2025-0{row + 1}-09,{35 + number + 20 * row}.5,"
        f"{4000 + 900 * row},{3000 + 500 * row},{50 + 9 * row}\n"
        for row in range(rows)
    )
    return f"client{number}.csv", (HEADER + "".join(lines)).encode()


def drop(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.session_state["_results_pending"] = list(files)
    return run(app)


@pytest.fixture
def page(opened: Opened) -> AppTest:
    return run(run(opened().switch_page(PAGE)).toggle(key="several_files").set_value(True))


def test_two_clients_are_too_few(page: AppTest, fr: Texts) -> None:
    app = drop(page, client(1), client(2))
    assert "4 lignes utilisables" in said(app)
    assert fr("clients.too_few.other", count=2, fewest=3) in said(app)
    assert "learn" not in [button.key for button in app.button]
    app = run(app.radio(key="are_clients").set_value(False))
    assert "learn" in [button.key for button in app.button], "the files of one business are enough"


def test_three_clients_teach_a_benchmark_without_their_names(page: AppTest, fr: Texts) -> None:
    app = drop(page, client(1), client(2), client(3), ("devis.pdf", b"%PDF-1.7"))
    assert "devis.pdf n'a pas pu être lu" in said(app), "a bad file is named and does not stop the others"
    app = run(app.text_input(key="clients_trade").set_value("Boulangers"))
    app = run(app.text_input(key="clients_zone").set_value("Béarn"))
    app = wait_for_end(press(app, "learn"))
    assert "D'après 6 campagnes de 3 clients" in said(app)
    learnt = app.session_state["_results_learnt"].calibration
    assert learnt.name == "Boulangers, Béarn"
    assert learnt.accounts == {"1": 2, "2": 2, "3": 2}
    assert "Secret" not in learnt.to_json()
    assert "client1" not in learnt.to_json()
    assert "de 3 clients" in said(press(app, "use_on"))


def test_a_file_with_unknown_headers_among_others_asks_for_its_columns(page: AppTest, fr: Texts) -> None:
    name, content = client(3)
    app = drop(page, client(1), client(2), (name, content.replace(b"Impressions", b"Gens")))
    assert "client3.csv n'a pas pu être lu" in said(app)
    app.selectbox(key="map_impressions").set_value("Gens")
    app = run(next(button for button in app.button if button.label == fr("results.map.apply")).click())
    assert "6 lignes utilisables" in said(app)
    assert not app.error


def test_columns_said_for_one_file_hold_for_the_others_of_its_form(page: AppTest, fr: Texts) -> None:
    odd = [(name, content.replace(b"Impressions", b"Gens")) for name, content in map(client, (1, 2, 3))]
    app = drop(page, *odd)
    app.selectbox(key="map_impressions").set_value("Gens")
    app = run(next(button for button in app.button if button.label == fr("results.map.apply")).click())
    assert "6 lignes utilisables" in said(app)
    assert not app.error, "asked once, not once a file"


def test_clients_of_several_moneys_are_said_to_be_converted(page: AppTest, fr: Texts) -> None:
    name, content = client(3)
    app = drop(page, client(1), client(2), (name, content.replace(b"(EUR)", b"(CAD)")))
    assert fr("clients.mixed_currencies", currencies="CAD, EUR") in said(app)
    assert "un fichier par compte" not in said(app)


def test_the_example_is_one_file(page: AppTest) -> None:
    app = press(page, "try_example")
    assert app.toggle(key="several_files").value is False
    assert "learn" in [button.key for button in app.button]


def test_a_campaign_in_two_exports_of_one_business_counts_once() -> None:
    parts = [exports.opened(*client(1, rows), {}) for rows in (2, 3)]
    frames = [part.frame for part in parts if part.frame is not None]
    assert len(learning.together(frames, are_clients=False)) == 3
    assert len(learning.together(frames, are_clients=True)) == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_remarks_name_the_file(language: str) -> None:
    name, content = client(2)
    broken = exports.opened(name, content.replace(b"37.5", b"x"), {})
    whole = exports.together([exports.opened(*client(1), {}), broken], True, texts_of(language))
    assert any(where.startswith("client2\\.csv, ") for where, _ in exports.notes(whole, texts_of(language), 10))
