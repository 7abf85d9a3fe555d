"""Simuler without a browser: what it says, in both languages, for good and bad entries."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web.formats import plain
from simulator.learning import Validation, validation
from simulator.learning.validation_figures import PriceCheck

Opened = Callable[..., AppTest]
HOSTILE = ("![x](http://198.51.100.7/x.png)", "<script>alert(1)</script>", "$x$", ":material/home:")
ANSWER = {
    "fr": r"Avec (?P<money>[\d\s]+)\s€ en tout, environ\s+## (?P<people>[\d\s]+) personnes\s+la verraient, ",
    "en": r"With €(?P<money>[\d,]+) in all, about\s+## (?P<people>[\d,]+) people\s+would see it, ",
}


def answer(app: AppTest, language: str = "fr") -> re.Match[str] | None:
    said = [re.match(ANSWER[language], piece.value) for piece in app.markdown]
    return next((found for found in said if found), None)


def digits(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def complaints(app: AppTest) -> list[str]:
    return [error.value.replace("\\", "") for error in app.error]


def change(app: AppTest, kind: str, key: str, value: object) -> AppTest:
    getattr(app, kind)(key=key).set_value(value).run()
    assert not app.exception, app.exception[0].stack_trace
    return app


@pytest.mark.parametrize(
    ("language", "title", "where"),
    [("fr", "Combien de personnes", "Autour de Pau"), ("en", "How many people", "Around Pau")],
)
def test_the_first_screen_answers_before_anything_is_touched(
    opened: Opened, language: str, title: str, where: str
) -> None:
    app = opened(lang=language)
    assert app.title[0].value.startswith(title)
    assert app.expander[0].label.startswith(where)
    said = answer(app, language)
    assert said
    assert digits(said["money"]) == 35
    assert 1000 < digits(said["people"]) < 20_000
    range_ = re.search(r"(?:entre|between) \*\*(.+?)\*\* (?:et|and) \*\*(.+?)\*\*", said.string)
    assert range_
    assert digits(range_[1]) < digits(said["people"]) < digits(range_[2])
    assert not app.error
    assert not app.warning


def test_french_comes_first(opened: Opened) -> None:
    assert answer(opened(), "fr")


def test_more_money_and_more_days_say_other_figures(opened: Opened) -> None:
    app = opened()
    before = digits(answer(app)["people"])
    change(app, "select_slider", "daily_budget", 10)
    more = answer(app)
    assert digits(more["money"]) == 70
    assert digits(more["people"]) > before
    change(app, "pills", "days", 14)
    assert digits(answer(app)["money"]) == 140
    assert digits(answer(app)["people"]) > digits(more["people"])


def test_the_marginal_answer(opened: Opened) -> None:
    said = [piece.value for piece in opened().markdown if "au lieu de" in piece.value]
    assert re.fullmatch(
        r"10\s€ par jour au lieu de 5\s€ \(70\s€ en tout\)\s: environ [\d\s]+ personnes de plus\.", said[0]
    )


def test_another_amount_and_another_number_of_days(opened: Opened) -> None:
    app = change(opened(), "text_input", "amount", "37")
    assert digits(answer(app)["money"]) == 7 * 37
    assert app.select_slider(key="daily_budget").value == 37
    change(app, "pills", "days", "other")
    assert app.text_input(key="duration_days").value == "7"
    change(app, "text_input", "duration_days", "10")
    assert digits(answer(app)["money"]) == 370
    change(app, "select_slider", "daily_budget", 5)
    assert digits(answer(app)["money"]) == 50
    assert app.text_input(key="amount").value == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0", "0 ne convient pas"),
        ("-3", "-3 ne convient pas"),
        ("1e9", "1\u202f000\u202f000\u202f000 ne convient pas"),
        ("NaN", "«\u00a0NaN\u00a0» n'est pas un nombre"),
        *((hostile, plain(hostile).replace("\\", "")) for hostile in HOSTILE),
    ],
)
def test_a_bad_amount_is_explained_kept_and_not_answered(opened: Opened, typed: str, said: str) -> None:
    app = change(opened(), "text_input", "amount", typed)
    assert len(complaints(app)) == 1
    assert said in complaints(app)[0]
    assert complaints(app)[0].startswith("Montant par jour")
    assert app.text_input(key="amount").value == typed
    assert answer(app) is None
    assert "Pas encore de réponse" in " ".join(piece.value for piece in app.markdown)
    change(app, "text_input", "amount", "")
    assert answer(app)


def test_a_complaint_follows_the_language(opened: Opened) -> None:
    app = change(opened(lang="en"), "text_input", "amount", "lots")
    assert complaints(app) == ["Amount a day: “lots” is not a usable number; one is needed (for example 5 or 2.5)."]


def test_ages_the_wrong_way_round(opened: Opened) -> None:
    app = change(opened(), "selectbox", "age_min", 60)
    assert complaints(app)[0].startswith("Âges\u00a0: 60, 54")
    assert app.selectbox(key="age_min").value == 60
    assert app.expander[0].proto.expanded
    assert answer(change(app, "selectbox", "age_max", 65))


def test_finding_a_place(opened: Opened) -> None:
    app = change(opened(), "text_input", "place_text", "bayonne")
    assert app.expander[0].label.startswith("Autour de Bayonne, 25 km")
    assert app.query_params["place"] == "64102"
    change(app, "text_input", "place_text", "Saint-Denis")
    assert "plusieurs lieux s'appellent" in complaints(app)[0]
    assert answer(app) is None
    change(app, "selectbox", "place", "93066")
    assert app.expander[0].label.replace("\\", "").startswith("Autour de Saint-Denis, 25 km")
    change(app, "text_input", "place_text", "zzqqk")
    assert "aucun lieu ne s'appelle «\u00a0zzqqk\u00a0» (France)" in complaints(app)[0]
    assert app.text_input(key="place_text").value == "zzqqk"


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_hostile_place_is_shown_literally(opened: Opened, typed: str) -> None:
    app = change(opened(lang="en"), "text_input", "place_text", typed)
    assert plain(typed).replace("\\", "") in complaints(app)[0]
    assert app.text_input(key="place_text").value == typed


def test_another_country_region_and_whole_country(opened: Opened) -> None:
    app = change(opened(), "selectbox", "country_code", "CA")
    assert "Pau se trouve dans un autre pays (France)" in complaints(app)[0]
    change(app, "text_input", "place_text", "Québec")
    assert app.expander[0].label.startswith("Autour de Québec")
    change(app, "segmented_control", "place_kind", "country")
    assert app.expander[0].label.startswith("Canada")
    change(app, "segmented_control", "place_kind", "region")
    change(app, "selectbox", "region", "FR-64")
    assert app.expander[0].label.replace("\\", "").startswith("Pyrénées-Atlantiques")
    assert app.query_params["place"] == "FR-64"


def test_the_money_follows_the_country_until_it_is_chosen(opened: Opened) -> None:
    app = change(opened(), "text_input", "place_text", "Rimouski")
    assert (app.selectbox(key="country_code").value, app.selectbox(key="currency").value) == ("CA", "CAD")
    assert any("la monnaie du pays" in caption.value for caption in app.caption)
    assert "currency" not in app.query_params, "the country says it"
    change(app, "selectbox", "currency", "EUR")
    assert app.query_params["currency"] == "EUR"
    change(app, "text_input", "place_text", "London")
    assert (app.selectbox(key="country_code").value, app.selectbox(key="currency").value) == ("CA", "EUR")
    change(app, "selectbox", "country_code", "GB")
    assert (app.selectbox(key="currency").value, app.query_params["currency"]) == ("EUR", "EUR")


def test_the_radius_follows_the_trade_until_it_is_chosen(opened: Opened) -> None:
    app = change(opened(), "selectbox", "trade", "bakery")
    assert app.slider(key="radius_km").value == 5
    assert any("hypothèse du 29 novembre 2026" in caption.value for caption in app.caption)
    change(app, "slider", "radius_km", 12)
    change(app, "selectbox", "trade", "joiner")
    assert app.slider(key="radius_km").value == 12


def test_a_postal_code_is_all_its_communes_unless_one_is_chosen(opened: Opened) -> None:
    app = change(opened(), "text_input", "place_text", "64300")
    assert app.expander[0].label.startswith("Autour du 64300, 25 km")
    assert app.query_params["place"] == "postal-64300"
    assert app.selectbox(key="place").options[0] == "64300\u00a0: toutes ses communes (Orthez…)"
    change(app, "selectbox", "place", "64430")
    assert app.expander[0].label.startswith("Autour d'Orthez, 25 km")
    assert answer(app)


def test_expert_fields(opened: Opened) -> None:
    app = change(opened(objective="reach"), "toggle", "expert", True)
    change(app, "text_input", "audience_size", "beaucoup")
    assert complaints(app)[0].startswith("Nombre de personnes visées")
    change(app, "text_input", "audience_size", "2 000")
    assert digits(answer(app)["people"]) <= 2000
    change(app, "text_input", "cap_times", "1")
    assert complaints(app)[0].startswith("Limite de répétition")
    change(app, "text_input", "cap_days", "7")
    assert not app.error
    assert app.query_params["frequency_cap"] == "1,7"


def test_nobody_is_explained(opened: Opened) -> None:
    app = opened(age_min="13", age_max="15")
    assert "## 0 personne" in " ".join(piece.value for piece in app.markdown)
    assert any("mineurs depuis novembre 2023" in piece.value for piece in app.markdown)


def test_an_address_is_taken_over(opened: Opened) -> None:
    app = opened(daily_budget="12", duration_days="14", place="64102", radius_km="10", age_min="18", age_max="65")
    assert digits(answer(app)["money"]) == 12 * 14
    assert app.expander[0].label.startswith("Autour de Bayonne, 10 km · 18 ans et plus")
    assert not app.warning


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["daily_budget", "radius_km", "place", "gender", "no_such_entry"])
def test_a_hostile_address_gives_the_start_and_a_note(opened: Opened, name: str, value: str) -> None:
    app = opened(**{name: value})
    assert digits(answer(app)["money"]) == 35
    assert "choix impossibles" in app.warning[0].value
    assert value not in app.warning[0].value


def test_a_hostile_name_in_the_address_is_shown_literally(opened: Opened) -> None:
    app = opened(**{"![x](http://a/x)": "1"})
    assert "`![x](http://a/x)`" in app.warning[0].value


def test_a_link_of_another_version_says_so(opened: Opened) -> None:
    assert "version" in opened(model_version="0.0.1").warning[0].value


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_detail_has_every_figure(opened: Opened, language: str) -> None:
    app = opened(lang=language)
    app.session_state["detail"] = True
    app.run()
    assert not app.exception
    assert len(app.table[0].value) == 14
    assert len(app.table) == 3
    assert not [
        cell for table in app.table for row in table.value.astype(str).to_numpy() for cell in row if "nan" in cell
    ]


def test_the_link_writes_every_value(opened: Opened) -> None:
    app = opened(daily_budget="12", lang="en")
    link = next(piece.value for piece in app.code if "model_version" in piece.value)
    for entry in ("place=64445", "radius_km=25", "age_min=25", "daily_budget=12", "duration_days=7", "lang=en"):
        assert entry in link


def test_the_same_money_over_other_days(opened: Opened) -> None:
    app = opened(start="2026-12-01")
    app.session_state["variants"] = True
    app.run()
    assert not app.exception
    rows = app.table[0].value
    assert list(rows.iloc[:, 0]) == ["3 jours", "7 jours (votre choix)", "14 jours", "30 jours"]
    assert list(rows.iloc[:, 1]) == ["11,67\u00a0€", "5\u00a0€", "2,50\u00a0€", "1,17\u00a0€"]
    assert any("Le mois le plus cher est novembre" in piece.value for piece in app.markdown)


def test_experts_get_the_program_and_another_draw(opened: Opened) -> None:
    app = opened()
    assert not any("simulate(" in piece.value for piece in app.code)
    change(app, "toggle", "expert", True)
    before = next(piece.value for piece in app.markdown if "Sans doute" in piece.value)
    assert any("forecast = simulate(campaign)" in piece.value for piece in app.code)
    change(app, "text_input", "seed", "7")
    assert any("simulate(campaign, seed=7)" in piece.value for piece in app.code)
    assert app.query_params["seed"] == "7"
    assert next(piece.value for piece in app.markdown if "la verraient" in piece.value) is not before
    change(app, "text_input", "seed", "-1")
    assert complaints(app)[0].startswith("Tirage")


def test_the_range_says_on_what_it_was_tested(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    prices = validation().prices
    assert prices is not None
    said = " ".join(element.value for element in opened().markdown)
    if prices.is_current:
        assert f"ont vraiment payé {prices.accounts} comptes de {len(prices.sources)} sources" in said
        assert f"{100 * prices.single:.0f}\u00a0% des annonces y tombaient" in said
    monkeypatch.setattr(PriceCheck, "is_current", False)
    monkeypatch.setattr(Validation, "is_current", True)
    said = " ".join(element.value for element in opened().markdown)
    inside, count = validation().tested("reach")
    assert "ont vraiment payé" not in said
    assert f"{count} campagnes réelles" in said
    assert f"{inside} y tombaient" in said
    monkeypatch.setattr(Validation, "is_current", False)
    said = " ".join(element.value for element in opened().markdown)
    assert "campagnes réelles de" not in said, "figures of other parameters are not claimed"


def test_further_towns_are_typed_by_name(opened: Opened) -> None:
    app = opened()
    alone = digits(answer(app)["people"])  # type: ignore[index]
    app.multiselect(key="also_places").set_value(["toulouse"]).run()
    assert not app.exception
    assert app.multiselect(key="also_places").value == ["31555"]
    assert "Pau et 1 autre commune" in app.expander[0].label
    assert app.query_params["also_places"] == "31555"
    assert digits(answer(app)["people"]) > alone  # type: ignore[index]
    app.multiselect(key="also_places").set_value(["31555", *HOSTILE[:1]]).run()
    assert answer(app) is None
    assert HOSTILE[0] in app.multiselect(key="also_places").value, "what was typed is kept"
    assert any("Autres communes" in said or "Aucun" in said for said in complaints(app))


def money_line(app: AppTest) -> str:
    (label,) = (one.label for one in app.expander if "prélevés" in one.label or "tout compris" in one.label)
    return label.replace("\xa0", " ").replace("\u202f", " ")


def test_what_leaves_the_account_stands_over_one_folded_question(opened: Opened) -> None:
    app = opened()
    assert money_line(app).startswith("36,05 € prélevés, avant taxes — ")
    assert "Êtes-vous à la TVA" in money_line(app)
    change(app, "selectbox", "tax", "fr_franchise")
    assert money_line(app).startswith("36,05 € prélevés (43,26 € avec la TVA que vous déclarez)")
    assert app.query_params["tax"] == "fr_franchise"
    before = digits(answer(app)["people"])
    change(app, "toggle", "all_in", True)
    assert money_line(app).startswith("35 € tout compris, dont 28,32 € d'affichages")
    assert digits(answer(app)["people"]) < before
    change(app, "segmented_control", "bought_in", "ios")
    assert any("Apple ajoute au moins" in piece.value for piece in app.markdown)


def test_recruiting_widens_whom_one_aims_at(opened: Opened) -> None:
    app = change(opened(radius_km="5"), "selectbox", "special_category", "employment")
    assert not app.exception
    assert "15 km" in app.expander[0].label
    assert any("Catégorie à déclarer" in caption.value for caption in app.caption)
