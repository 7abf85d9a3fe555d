"""Mes essais without a browser: kept on Simuler, found again, compared, judged, shared."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator import Campaign, Place, Targeting
from simulator.apps.web.formats import plain
from simulator.apps.web.library import taken_over
from simulator.apps.web.texts import texts_of
from simulator.library import Actual, Scenario, open_store
from simulator.library.database import Store

Opened = Callable[..., AppTest]
TRIALS, SIMULATE = "simulator/apps/web/pages/trials.py", "simulator/apps/web/pages/simulate.py"
HOSTILE = ("![x](http://198.51.100.7/x.png)", "<script>alert(1)</script>", "$x$", ":material/home:")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A library of its own for the test, also for the app."""
    monkeypatch.setenv("ADSIM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ADSIM_DATABASE_URL", raising=False)
    return open_store()


def pau(budget: float = 5.0, title: str = "Pains", **more: object) -> Scenario:
    targeting = Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54)
    scenario = Scenario(campaign=Campaign(targeting=targeting, daily_budget=budget), title=title, **more)
    return scenario.with_figures()


def ran(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].stack_trace
    return app


def page(opened: Opened, language: str = "fr") -> AppTest:
    return ran(opened(lang=language).switch_page(TRIALS).run())


def words(app: AppTest) -> str:
    return "\n".join(piece.value for piece in (*app.markdown, *app.subheader, *app.caption)).replace("\\", "")


def sheet(app: AppTest, key: str) -> AppTest:
    return ran(app.button(key=f"open_{key}").click().run())


def press(app: AppTest, label: str) -> AppTest:
    return ran(next(button for button in app.button if button.label == label).click().run())


@pytest.mark.parametrize(
    ("language", "said", "template"), [("fr", "encore gardé aucun essai", "Essayer"), ("en", "not kept any", "Try it")]
)
def test_an_empty_library_explains_itself(
    opened: Opened, store: Store, language: str, said: str, template: str
) -> None:
    app = page(opened, language)
    assert said in words(app)
    assert [button for button in app.button if button.label == template]
    assert not app.error
    assert not app.checkbox


def test_a_template_opens_on_simuler_and_is_not_touched(opened: Opened, store: Store) -> None:
    app = press(page(opened), "Essayer")
    assert app.title[0].value.startswith("Combien de personnes")
    assert not app.warning
    assert store.search() == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_kept_on_simuler_and_found_again(opened: Opened, store: Store, language: str) -> None:
    texts = texts_of(language)
    app = opened(lang=language, daily_budget="8", age_max="65")
    app.text_input(key="keep_client_").set_value("Boulangerie Laborde")
    press(app, texts("trials.keep.save"))
    assert app.success
    (row,) = store.search("laborde")
    assert row.money == 56
    kept = store.load(row.id)
    assert kept.campaign.targeting.age_max == 65
    assert kept.figures["reach"].p10 < kept.figures["reach"].p50
    app.switch_page(TRIALS).run()
    assert "Boulangerie Laborde" in words(app)
    assert texts("trials.verdict.none") in words(app)
    sheet(app, row.id)
    ran(app.button(key="open").click().run())
    assert app.select_slider(key="daily_budget").value == 8
    assert app.selectbox(key="age_max").value == 65


def test_a_change_is_saved_over_or_beside(opened: Opened, store: Store) -> None:
    app = press(opened(), "Garder")
    (first,) = store.search()
    ran(app.select_slider(key="daily_budget").set_value(10).run())
    press(app, "Enregistrer par-dessus")
    (row,) = store.search()
    assert (row.id, row.version, row.money) == (first.id, 2, 70)
    assert "10" in row.title, "a title made of the choices follows them"
    ran(app.select_slider(key="daily_budget").set_value(12).run())
    press(app, "Garder comme un autre essai")
    assert sorted(row.money for row in store.search()) == [70, 84]


def test_two_who_change_the_same_trial_keep_both(opened: Opened, store: Store) -> None:
    app = press(opened(), "Garder")
    (row,) = store.search()
    store.save(store.load(row.id).replace(client="Autre"))
    ran(app.select_slider(key="daily_budget").set_value(10).run())
    press(app, "Enregistrer par-dessus")
    assert "Rien n'a été écrasé" in app.warning[0].value
    assert store.load(row.id).client == "Autre"
    ran(app.button(key="keep_conflict_both").click().run())
    assert sorted(row.money for row in store.search()) == [35, 70]


def test_search_as_you_type(opened: Opened, store: Store) -> None:
    keys = [store.save(pau(title=title)).id for title in ("Pains d'été", "Brioches")]
    app = page(opened)
    assert len(app.checkbox) == 2
    ran(app.text_input(key="trials_search").set_value("ete").run())
    assert [box.key for box in app.checkbox] == [f"tick_{keys[0]}"]
    ran(app.text_input(key="trials_search").set_value("![x](y)").run())
    assert not app.checkbox
    assert "Aucun essai ne contient" in words(app)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_only_text(opened: Opened, store: Store, text: str) -> None:
    key = store.save(pau(title=text, client=text, notes=text)).id
    app = page(opened)
    shown = plain(text).replace("\\", "")
    assert app.button(key=f"open_{key}").label.replace("\\", "") == shown
    assert words(app).count(shown) == 1
    sheet(app, key)
    assert words(app).count(shown) == 3
    if "![" in text or "<" in text:
        assert text not in words(app).replace(shown, "")


def test_keywords_are_typed_with_commas_and_found_again(opened: Opened, store: Store) -> None:
    key = store.save(pau()).id
    app = sheet(page(opened), key)
    app.text_input(key=f"tags_{key}_1").set_value(f"fournil, printemps,, fournil, {HOSTILE[0][:30]}")
    app.text_input(key=f"author_{key}_1").set_value("Chambre de métiers")
    press(app, "Enregistrer")
    saved = store.load(key)
    assert saved.tags == ("fournil", "printemps", HOSTILE[0][:30])
    assert saved.author == "Chambre de métiers"
    assert "fournil · printemps" in words(app)
    assert "Chambre de métiers" in words(app)
    assert plain(HOSTILE[0][:30]) in "".join(caption.value for caption in app.caption)
    assert [row.id for row in store.search("fournil")] == [key]


def test_rename_duplicate_delete_and_restore(opened: Opened, store: Store) -> None:
    key = store.save(pau()).id
    app = sheet(page(opened), key)
    app.text_input(key=f"title_{key}_1").set_value("Pains de Noël")
    press(app, "Enregistrer")
    assert store.load(key).title == "Pains de Noël"
    press(app, "Dupliquer")
    assert sorted(row.title for row in store.search()) == ["Copie de Pains de Noël", "Pains de Noël"]
    press(app, "Supprimer")
    assert [row.title for row in store.search()] == ["Pains de Noël"]
    assert "Copie de Pains de Noël est supprimé" in words(app)
    press(app, "Rétablir")
    assert len(store.search()) == 2


def test_an_earlier_version_is_taken_up_again(opened: Opened, store: Store) -> None:
    key = store.save(pau(title="Avant")).id
    store.save(store.load(key).replace(title="Après"))
    app = sheet(page(opened), key)
    app.session_state["history"] = True
    app.run()
    ran(app.button(key="take_1").click().run())
    assert store.load(key).title == "Avant"
    assert len(store.versions(key)) == 3


@pytest.mark.parametrize(("language", "noise"), [("fr", "dans le bruit"), ("en", "within the noise")])
def test_compare_says_what_differs_and_what_is_noise(opened: Opened, store: Store, language: str, noise: str) -> None:
    keys = [store.save(scenario).id for scenario in (pau(5.0), pau(10.0, "Double"), pau(5.0, "Pareil"))]
    app = page(opened, language)
    assert app.button(key="compare").disabled
    for key in keys:
        ran(app.checkbox(key=f"tick_{key}").check().run())
    ran(app.button(key="compare").click().run())
    said = words(app)
    assert re.search({"fr": r"A toucherait environ .* de moins", "en": r"A would reach about .* fewer"}[language], said)
    assert texts_of(language)("trials.chances.nearly_none") in said
    inputs, figures = (table.value for table in app.table)
    assert inputs["A"].tolist() == inputs["C"].tolist() != inputs["B"].tolist()
    assert list(figures.columns[1:]) == ["A", "B", "C"]
    assert "(" in figures["B"][1]
    other = store.save(pau(5.2, "Un peu plus")).id
    changed = store.load(other).campaign
    women = changed.replace(targeting=changed.targeting.replace(age_min=26), daily_budget=5.0)
    store.save(store.load(other).replace(campaign=women).with_figures())
    app.query_params["compare"] = f"{keys[0]},{other}"
    assert noise in words(ran(app.run()))


def test_the_real_result_is_judged_and_explained(opened: Opened, store: Store) -> None:
    key = store.save(pau()).id
    app = sheet(page(opened), key)
    app.text_input(key=f"actual_spend_{key}_1").set_value("beaucoup")
    press(app, "Enregistrer le résultat")
    assert "beaucoup" in app.error[0].value
    assert store.load(key).actual is None
    for name, text in (("spend", "34,50"), ("impressions", "7 000"), ("reach", "9 000"), ("link_clicks", "120")):
        app.text_input(key=f"actual_{name}_{key}_1").set_value(text)
    press(app, "Enregistrer le résultat")
    assert app.error[0].value.startswith("Personnes touchées"), "more people than showings"
    app.text_input(key=f"actual_reach_{key}_1").set_value("3 900")
    press(app, "Enregistrer le résultat")
    actual = store.load(key).actual
    assert actual is not None
    assert (actual.spend, actual.reach) == (34.5, 3900)
    assert "Dans la fourchette" in words(app)
    assert "Le prix des affichages" in words(app)
    press(app, "← Tous mes essais")
    assert "1 sur 1 dans la fourchette" in words(app)
    assert "✓ dans la fourchette" in words(app)


def test_a_result_far_off_and_one_of_another_plan(opened: Opened, store: Store) -> None:
    days = {"start": datetime.date(2026, 10, 5), "end": datetime.date(2026, 10, 11)}
    for spend, reach in ((35.0, 400), (80.0, 5000)):
        key = store.save(pau()).id
        store.save(store.load(key).replace(actual=Actual(spend=spend, reach=reach, impressions=9000, **days)))
    app = page(opened)
    assert "↓ moins que prévu" in words(app)
    assert "≠ autre budget que prévu" in words(app)
    assert re.search(r"\d sur 2 dans la fourchette", words(app))


def test_files_go_out_and_come_in(opened: Opened, store: Store, tmp_path: Path) -> None:
    key = store.save(pau()).id
    with open_store(tmp_path / "elsewhere.sqlite") as elsewhere:
        sent = store.load(key).to_json().encode()
        assert taken_over(elsewhere, "../../essai ![x](y).json", sent).added == 1
        assert taken_over(elsewhere, "essai.json", sent).unchanged == 1
        assert json.loads(elsewhere.load(key).to_json()) == json.loads(sent)


def test_an_address_that_names_nothing_is_explained(opened: Opened, store: Store) -> None:
    store.save(pau())
    app = page(opened)
    app.query_params["trial"] = HOSTILE[0]
    assert "aucun essai" in ran(app.run()).error[0].value
    app.query_params["compare"] = "a,b"
    del app.query_params["trial"]
    assert "aucun essai" in ran(app.run()).error[0].value
