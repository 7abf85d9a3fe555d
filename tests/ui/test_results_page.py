"""Mes résultats without a browser: empty first, an example read and learnt from, a price compared."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web import active_calibration, cache, formats
from simulator.apps.web.choices import DEFAULTS, attempt
from simulator.apps.web.components import page_frame
from simulator.apps.web.texts import Texts, texts_of
from tests.ui.results import PAGE, Opened, drop, press, run, said, wait_for_end

SIMULATE = "simulator/apps/web/pages/simulate.py"
UNKNOWN = (
    b"Titre,Debut,Fin,Sous,Vus,Gens\nA,2025-01-03,2025-01-09,35.07,4727,3780\nB,2025-02-03,2025-02-09,40.0,5727,4780\n"
)
HEADERS = {"spend": "Sous", "impressions": "Vus", "reach": "Gens"}


@pytest.fixture
def page(opened: Opened) -> Opened:
    def open_page(**entries: str) -> AppTest:
        return run(opened(**entries).switch_page(PAGE))

    return open_page


def apply(app: AppTest, fr: Texts) -> AppTest:
    return run(next(button for button in app.button if button.label == fr("results.map.apply")).click())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_empty_first(page: Opened, language: str) -> None:
    app, texts = page(lang=language), texts_of(language)
    assert app.title[0].value == texts("results.title")
    assert [header.value for header in app.header] == [texts("results.dear.title")]
    assert texts("results.dear.empty") in said(app)
    assert not app.error
    assert "learn" not in [button.key for button in app.button]


def test_from_the_example_to_simuler(page: Opened, fr: Texts) -> None:
    app = press(page(), "try_example")
    assert "8 lignes utilisables, du 2 janvier 2025 au 20 décembre 2025" in said(app)
    assert "Des buts différents" in said(app)
    app = wait_for_end(press(app, "learn"))
    text = said(app)
    assert re.search(r"D'après 8 campagnes, vous payez .* simulateur .*à but, mois et budget égaux", text)
    assert re.search(r"le prix de départ de mille affichages passe de [\d,]+\s€ à [\d,]+\s€", text)
    assert re.search(r"la fourchette passe de .* plus (étroite|large)|la fourchette ne change guère", text)
    assert re.search(r"7 campagnes prédites .* dans la fourchette \d fois sur 7", text)
    app = press(app, "use_on")
    assert fr("results.use.used.other", count=8) in said(app)
    app = run(app.switch_page(SIMULATE))
    assert fr("results.use.note.other", count=8) in said(app)
    app = run(app.switch_page(PAGE))
    assert "Ce que vos campagnes ont appris" in said(app), "what was learnt is forgotten on the way back"
    app = press(app, "use_off")
    app = run(app.switch_page(SIMULATE))
    assert fr("results.use.note.other", count=8) not in said(app)


def test_stopped_in_english(page: Opened, en: Texts) -> None:
    app = press(page(lang="en"), "try_example")
    assert "8 usable rows, 2 January 2025 to 20 December 2025" in said(app)
    assert app.selectbox(key="export_country").value == "CA"
    app = press(app, "learn")
    work = app.session_state["_results_job"]
    work.cancel()
    app = run(app)
    assert en("results.fit.cancelled") in said(app)
    assert not work.folder.exists()
    assert "learn" in [button.key for button in app.button]


def test_columns_said_by_hand_are_remembered(page: Opened, fr: Texts) -> None:
    app = drop(page(), "inconnu.csv", UNKNOWN)
    assert fr("results.refused.title") in said(app)
    asked = {box.key.removeprefix("map_") for box in app.selectbox if box.key and box.key.startswith("map_")}
    assert asked == {*HEADERS, "campaign", "link_clicks", "result_kind"}
    assert {app.selectbox(key=f"map_{name}").value for name in HEADERS} == {None}, "no header is near: none is proposed"
    for name, header in HEADERS.items():
        app.selectbox(key=f"map_{name}").set_value(header)
    app.selectbox(key="map_campaign").set_value("Gens")
    app = apply(app, fr)
    assert fr("results.map.twice") in said(app)
    app.selectbox(key="map_campaign").set_value("Titre")
    app = apply(app, fr)
    assert "2 lignes utilisables" in said(app)
    assert list(app.session_state["_results_export"].frame["campaign"]) == ["A", "B"]
    app = press(app, "other_file")
    assert "2 lignes utilisables" not in said(app)
    assert "2 lignes utilisables" in said(drop(app, "encore.csv", UNKNOWN))


def test_a_wrong_column_can_be_changed_and_is_forgotten(page: Opened, fr: Texts) -> None:
    app = drop(page(), "inconnu.csv", UNKNOWN)
    for name, header in {**HEADERS, "spend": "Titre"}.items():
        app.selectbox(key=f"map_{name}").set_value(header)
    app = apply(app, fr)
    assert fr("results.refused.title") in said(app), "names are no money"
    assert app.selectbox(key="map_impressions").value == "Vus", "the form is still there, with what was chosen"
    app = drop(press(app, "other_file"), "encore.csv", UNKNOWN)
    assert app.selectbox(key="map_spend").value is None, "the wrong choice is forgotten"
    for name, header in HEADERS.items():
        app.selectbox(key=f"map_{name}").set_value(header)
    app = apply(app, fr)
    assert "2 lignes utilisables" in said(app)
    assert app.selectbox(key="map_spend_encore.csv").value == "Sous"
    app.selectbox(key="map_campaign_encore.csv").set_value("Titre")
    app = apply(app, fr)
    assert app.session_state["_results_export"].frame["campaign"].tolist() == ["A", "B"]


def test_repeated_rows_count_once_unless_wanted(page: Opened) -> None:
    row = "A,2025-01-03,2025-01-09,35.07,4727,3780\n"
    header = "Campaign name,Starts,Ends,Amount spent (EUR),Impressions,Reach\n"
    app = drop(page(), "double.csv", (header + row * 2).encode())
    assert "1 ligne utilisable" in said(app)
    [choice] = [toggle for toggle in app.toggle if toggle.key.startswith("repeated_")]
    assert "2 lignes utilisables" in said(run(choice.set_value(True)))


def test_a_money_without_a_rate_is_said_before_it_is_learnt_and_can_be_typed(page: Opened) -> None:
    row = "A,2025-01-03,2025-01-09,350000,4727,3780\n"
    header = "Campaign name,Starts,Ends,Amount spent (LAK),Impressions,Reach\n"
    app = drop(page(), "kip.csv", (header + row).encode())
    assert "Aucun cours n'est connu pour LAK" in said(app)
    [rate] = [box for box in app.number_input if box.key.startswith("rate_")]
    app = run(rate.set_value(25_000.0))
    assert "Aucun cours" not in said(app)
    assert app.session_state["_results_export"].frame["spend"].tolist() == [14.0]
    rough = drop(app, "dirham.csv", (header + row).replace("LAK", "MAD").encode())
    assert "cours approximatif" in said(rough)


def test_names_of_files_and_campaigns_are_shown_literally(page: Opened) -> None:
    hostile = "![x](http://198.51.100.7/x.png)"
    header = "Campaign name,Starts,Ends,Amount spent (EUR),Impressions,Reach\n"
    row = f'"{hostile}",2025-01-03,2025-01-09,35.07,4727,3780\n'
    app = drop(page(), f"{hostile}.csv", (header + row).encode())
    raw = "\n".join(piece.value for piece in app.markdown)
    assert f"`{hostile}" in raw
    assert f" {hostile}" not in raw


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_price_is_compared_with_a_country(page: Opened, language: str) -> None:
    app, texts = page(lang=language), texts_of(language)
    run(app.radio(key="dear_with").set_value("all"))
    for typed, verdict in ((0.5, "below"), (9.3, "within"), (55.0, "above")):
        run(app.text_input(key="dear_price").set_value(formats.number(typed, language, 1)))
        assert texts(f"results.dear.advice.{verdict}") in said(app)
        assert "2025" in said(app)


@pytest.mark.parametrize(("language", "kind", "metric"), [("fr", "cpm", "cpm"), ("en", "cpc", "cpc_link")])
def test_a_price_is_compared_with_the_figure_of_simuler(opened: Opened, language: str, kind: str, metric: str) -> None:
    app, texts = opened(lang=language, radius_km="12", age_max="34"), texts_of(language)
    band = cache.forecast(attempt({name: app.session_state[name] for name in DEFAULTS}, language).campaign).band(metric)
    app = run(app.switch_page(PAGE))
    run(app.radio(key="dear_kind").set_value(kind))
    for typed, verdict in ((band.p10 * 0.9, "below"), (band.p50, "within"), (band.p90 * 1.1, "above")):
        run(app.text_input(key="dear_price").set_value(formats.number(typed, language, 4)))
        assert texts(f"results.dear.advice.{verdict}") in said(app)
        for value in (band.p10, band.p50, band.p90):
            assert formats.fine_money(value, "EUR", language) in said(app)


def test_a_price_in_another_money_is_not_taken_for_the_one_chosen(page: Opened) -> None:
    app = run(page().text_input(key="dear_price").set_value("$9.5"))
    assert len(app.error) == 1
    assert "Euro (EUR)" in said(app)
    app = run(app.selectbox(key="dear_currency").set_value("CAD"))
    assert not app.error
    app = run(app.text_input(key="dear_price").set_value("9,50 CAD"))
    assert "9,50\u00a0$\u00a0CA" in said(app)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_another_goal_is_proposed_only_for_a_dear_one(page: Opened, language: str) -> None:
    app, texts = page(lang=language), texts_of(language)
    run(app.radio(key="dear_with").set_value("all"))
    run(app.text_input(key="dear_price").set_value("900"))
    proposed = active_calibration.goals(["link_clicks"], texts)
    for goal, is_dear in (("link_clicks", False), ("reach", False), ("leads", True)):
        run(app.selectbox(key="dear_goal").set_value(goal))
        assert texts("results.dear.advice.above") in said(app)
        assert (texts("results.dear.advice.goal", goal=proposed) in said(app)) == is_dear


def test_the_month_of_a_price_moves_the_figure(page: Opened) -> None:
    app = run(page().text_input(key="dear_price").set_value("5"))
    average = said(app)
    assert "un mois moyen" in average
    month = next(code for code in app.selectbox(key="dear_month_own").options if code.startswith("novembre"))
    run(app.selectbox(key="dear_month_own").select(month))
    assert "novembre" in said(app)
    assert "un mois moyen" not in said(app)


def test_a_bad_price_is_explained_and_kept(page: Opened) -> None:
    app = page()
    for typed in ("beaucoup", "-3", "0", "![x](http://198.51.100.7/x.png)"):
        run(app.text_input(key="dear_price").set_value(typed))
        assert len(app.error) == 1
        assert app.text_input(key="dear_price").value == typed
        assert typed in said(app)


def test_a_header_that_very_likely_holds_it_is_proposed(page: Opened) -> None:
    content = UNKNOWN.replace(b"Sous", b"Montant depense TTC").replace(b"Gens", b"Couvertures")
    app = drop(page(), "presque.csv", content)
    proposed = {name: app.selectbox(key=f"map_{name}").value for name in HEADERS}
    assert proposed == {"spend": "Montant depense TTC", "impressions": None, "reach": "Couvertures"}


@pytest.mark.parametrize(
    ("name", "content"), [("resultats.pdf", b"%PDF-1.7 rien"), ("photo.png", b"\x89PNG\r\n"), ("vide.csv", b"")]
)
def test_what_is_no_export_is_refused_in_words(page: Opened, fr: Texts, name: str, content: bytes) -> None:
    app = drop(page(), name, content)
    assert len(app.error) == 1
    assert fr("results.refused.title") in said(app)
    uploader = app.get("file_uploader")[0].proto
    assert not uploader.type, "the box would refuse it without a word"
    assert "other_file" in [button.key for button in app.button], "what was dropped can be removed at once"


def test_removing_a_file_empties_the_box_too(page: Opened) -> None:
    app = drop(page(), "inconnu.csv", UNKNOWN)
    box = app.get("file_uploader")[0].proto.id
    app = press(app, "other_file")
    assert app.get("file_uploader")[0].proto.id != box
    assert not app.error


def test_what_was_learnt_is_named(page: Opened, fr: Texts) -> None:
    app = wait_for_end(press(press(page(), "try_example"), "learn"))
    app = press(app, "use_on")
    name = next(field for field in app.text_input if field.label == fr("clients.name"))
    assert name.value == "EXEMPLE-chiffres-inventes-fr.csv"
    app = run(name.set_value("Mes pains ![x](http://198.51.100.7/x.png)"))
    assert app.session_state["_results_learnt"].calibration.name.startswith("Mes pains ![x]")
    assert "use_off" in [button.key for button in app.button], "it stays in use under its new name"
    app = run(app.switch_page(SIMULATE))
    raw = next(piece.value for piece in app.caption if "Mes pains" in piece.value)
    assert "`Mes pains ![x]" in raw


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_file_that_is_no_kept_setting_is_refused_in_words(
    page: Opened, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    shown = page_frame.show
    sent = SimpleNamespace(getvalue=lambda: b'{"a": 1}', file_id="1")

    def show(*args: Any, key: str, **more: Any) -> Any:
        found = shown(*args, key=key, **more)
        return sent if key == "calibration_file" else found

    monkeypatch.setattr(page_frame, "show", show)
    app = page(lang=language)
    assert [error.value for error in app.error] == [texts_of(language)("clients.no_setting")]
