"""« J'ai un objectif »: the amount follows the goal, in both languages and in the address; what to change first."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from simulator import Campaign, Place, ReachGoal, Targeting, plan, what_to_change
from simulator.apps.web import address
from simulator.apps.web.choices import DEFAULTS, attempt
from simulator.apps.web.components import budget, what_if
from simulator.apps.web.texts import Texts

Opened = Callable[..., AppTest]
CAMPAIGN = attempt(DEFAULTS, "fr").campaign


def said(app: AppTest) -> str:
    return "\n".join(piece.value for piece in app.markdown)


def euros(text: str) -> float:
    found = re.search(r"\*\*(?:€)?([\d.,]+)\s?€? (?:par jour|a day)\*\*", text)
    assert found, text
    return float(found[1].replace(",", "."))


def change(app: AppTest, kind: str, key: str, value: object) -> AppTest:
    getattr(app, kind)(key=key).set_value(value).run()
    assert not app.exception, app.exception[0].stack_trace
    return app


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_amount_follows_the_goal_and_so_does_the_answer(opened: Opened, language: str) -> None:
    app = opened(lang=language, goal="people-12000-50")
    wanted = plan(CAMPAIGN, ReachGoal(12_000)).daily_budget
    amount = euros(said(app))
    assert wanted * 0.99 <= amount <= wanted * 1.1
    assert app.session_state["daily_budget"] == amount
    assert app.select_slider(key="daily_budget").disabled
    people = re.search(r"## ([\d\s,]+) (?:personnes|people)", said(app))
    assert people
    assert 11_500 <= int(re.sub(r"\D", "", people[1])) <= 13_000
    change(app, "text_input", "goal_count", "24 000")
    assert euros(said(app)) > 1.8 * amount
    assert app.session_state["daily_budget"] == euros(said(app))


def test_more_certainty_costs_more_and_days_count(opened: Opened) -> None:
    app = opened(goal="people-12000-50")
    half = euros(said(app))
    change(app, "segmented_control", "goal_sure", 80)
    assert euros(said(app)) > 1.1 * half
    change(app, "segmented_control", "goal_sure", 50)
    change(app, "pills", "days", 30)
    assert euros(said(app)) < half / 2


def test_back_to_a_budget_leaves_the_amount_to_the_visitor(opened: Opened) -> None:
    app = opened()
    assert not app.select_slider(key="daily_budget").disabled
    assert [field.key for field in app.text_input].count("goal_count") == 0
    change(app, "segmented_control", "aim", "goal")
    found = app.session_state["daily_budget"]
    assert app.query_params["goal"] in ("people-5000-50", ["people-5000-50"])
    change(app, "segmented_control", "aim", "budget")
    assert "goal" not in app.query_params
    assert app.session_state["daily_budget"] == found
    assert not app.select_slider(key="daily_budget").disabled


def test_what_no_budget_reaches_says_the_most_and_why(opened: Opened, fr: Texts) -> None:
    app = opened(goal="people-9000000-50")
    text = said(app)
    assert "Aucun budget n'y suffit" in text
    assert "élargissez" in text
    assert not app.error


def test_enquiries_need_a_trade(opened: Opened, fr: Texts) -> None:
    assert fr("goal.trade") in [piece.value for piece in opened(goal="enquiries-5-50").info]
    app = opened(goal="enquiries-5-50", trade="bakery")
    assert not app.info
    assert euros(said(app)) > 1.0


@pytest.mark.parametrize(
    "typed", ["beaucoup", "-5", "", "0", "1e30", "<script>alert(1)</script>", "![x](http://198.51.100.7)"]
)
def test_a_goal_that_is_no_number_is_explained_and_kept(opened: Opened, typed: str) -> None:
    app = change(opened(goal="people-5000-50"), "text_input", "goal_count", typed)
    assert len(app.error) == 1
    assert "<script>" not in app.error[0].value or "`" in app.error[0].value
    assert app.text_input(key="goal_count").value == typed
    assert "Pas encore de réponse" in said(app)
    assert "personnes" not in said(app), "no answer to an earlier goal, as with any other bad entry"


def test_less_than_the_platform_takes_is_said(opened: Opened) -> None:
    little, usual = said(opened(goal="people-50-50")), said(opened(goal="people-9000-50"))
    assert "la plateforme prend d'ordinaire au moins" in little
    assert "la plateforme prend d'ordinaire au moins" not in usual


@pytest.mark.parametrize(
    "entry", ["people", "people-x-50", "people-5-51", "likes-5-50", "people--5-50", "people-5-50-1"]
)
def test_a_broken_goal_in_the_address_is_named(entry: str) -> None:
    assert address.read({"goal": [entry]}).rejected == ["goal"]


def test_a_goal_goes_there_and_back_in_the_address() -> None:
    state = {**DEFAULTS, "aim": "goal", "goal_kind": "clicks", "goal_count": "80", "goal_sure": 80}
    entries = address.write(state, attempt(state, "fr").campaign)
    values = address.read({name: [value] for name, value in entries.items() if value}).values
    assert {key: values[key] for key in ("aim", "goal_kind", "goal_count", "goal_sure")} == {
        key: state[key] for key in ("aim", "goal_kind", "goal_count", "goal_sure")
    }
    assert address.write(DEFAULTS, CAMPAIGN)["goal"] == ""


@pytest.mark.parametrize(
    ("exact", "shown"), [(11.36, 12), (5.004, 5), (136.2, 140), (0.312, 0.32), (99.9, 100), (0.0, 0)]
)
def test_amounts_are_rounded_up_to_what_people_say(exact: float, shown: float) -> None:
    assert budget.round_up(exact, CAMPAIGN) == shown


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_to_change_first_is_worked_out_when_opened(
    opened: Opened, language: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    texts = request.getfixturevalue(language)
    asked: list[Any] = []

    def spied(*given: Any, **options: Any) -> Any:
        asked.append(given)
        return what_to_change(*given, **options)

    monkeypatch.setattr("simulator.apps.web.cache.what_to_change", spied)
    app = opened(lang=language, radius_km="13")
    assert texts("change.title") in [folded.label for folded in app.expander]
    assert not asked, "folded, it costs nothing"


def test_every_change_has_words_in_both_languages(fr: Texts, en: Texts) -> None:
    campaign = Campaign(
        Targeting([Place.at(43.3, -0.37)], 25, 44, gender="women", interests=("cooking",)),
        daily_budget=5,
        currency="CAD",
        platforms=["facebook"],
    )
    changes = what_to_change(campaign, "engagements", draws=32)
    for texts in (fr, en):
        table = what_if.change_rows(changes, campaign, texts)
        labels = [row[texts("change.what")] for row in table]
        assert len({label for label in labels if label != texts("change.creative_format")}) >= len(labels) - 3
        assert all("{" not in value for row in table for value in row.values())
