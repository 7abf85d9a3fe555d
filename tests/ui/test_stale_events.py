"""A message that was sent before the browser heard of a new value undoes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web import session
from simulator.apps.web import session as late
from simulator.apps.web.choices import key_of, look_up, place_meant
from simulator.reference.places import search_places

Opened = Callable[..., AppTest]


def typed(app: AppTest, text: str) -> AppTest:
    return app.text_input(key="amount").set_value(text).run()


def slid(app: AppTest, amount: float) -> AppTest:
    return app.select_slider(key="daily_budget").set_value(amount).run()


def amounts(app: AppTest) -> tuple[str, float]:
    return app.text_input(key="amount").value, app.select_slider(key="daily_budget").value


def test_the_slider_as_it_stood_before_does_not_undo_what_was_typed(opened: Opened) -> None:
    app = typed(opened(), "12,5")
    app.select_slider(key="daily_budget").set_value(5)
    app.pills(key="days").set_value(14).run()  # one message with the click and the slider of before
    assert amounts(app) == ("12,5", 12.5)
    assert app.query_params["duration_days"] == "14"
    app.select_slider(key="daily_budget").set_value(5)
    app.pills(key="days").set_value(3).run()
    assert amounts(app) == ("12,5", 12.5)


def test_a_slider_that_was_moved_empties_the_field(opened: Opened) -> None:
    app = typed(opened(), "12,5")
    assert amounts(slid(app, 20)) == ("", 20)
    assert amounts(slid(typed(app, "7"), 20)) == ("", 20)  # back where it stood: only the slider has changed


def test_the_old_text_does_not_undo_the_slider(opened: Opened) -> None:
    app = slid(typed(opened(), "12,5"), 20)
    app.text_input(key="amount").set_value("12,5")
    app.pills(key="days").set_value(14).run()
    assert amounts(app) == ("", 20)
    assert amounts(typed(app, "12,5")) == ("12,5", 12.5)  # typed again


def test_after_a_while_the_same_value_is_a_choice(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    app = typed(opened(), "12,5")
    monkeypatch.setattr(late, "PATIENCE_S", 0.0)
    app.select_slider(key="daily_budget").set_value(5)
    app.pills(key="days").set_value(14).run()
    assert amounts(app) == ("", 5)


@pytest.mark.parametrize(
    ("key", "text", "meant"),
    [
        ("64445", "Pau", "64445"),
        ("64445", "Lyon", "69123"),
        ("64445", "zzqqk", None),
        (None, "Bayonne", "64102"),
        (None, "Saint-Denis", None),
        ("93066", "Saint-Denis", "93066"),  # chosen among namesakes
        ("64445", "Saint-Denis", None),
        ("64445", "", None),
    ],
)
def test_the_town_follows_the_text(key: str | None, text: str, meant: str | None) -> None:
    assert place_meant(key, text, "FR") == meant


def test_a_namesake_beyond_those_proposed_stays() -> None:
    """Opened by its code in an address, it is not in the list for its name."""
    proposed = {key_of(found) for found in look_up("Springfield", "US").matches}
    named = [found for found in search_places("Springfield", 400, "US") if found.name == "Springfield"]
    beyond = next(key_of(found) for found in named if key_of(found) not in proposed)
    assert place_meant(beyond, "Springfield", "US") == beyond


def test_a_message_without_a_field_loses_nothing() -> None:
    def page() -> None:
        import streamlit as st

        from simulator.apps.web import session

        session.begin()
        st.session_state["amount"] = "beaucoup"
        st.session_state["place"], st.session_state["place_text"] = "64445", "Lyon"  # of two messages
        session.touched()
        session.begin()
        del st.session_state["amount"]
        session.touched()
        session.begin()
        st.text(f"{st.session_state['amount']} {st.session_state['place']}")

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.text[0].value == "beaucoup 69123"


def test_a_bad_amount_is_still_there_on_the_way_back(opened: Opened) -> None:
    app = typed(opened(), "beaucoup")
    app.switch_page("simulator/apps/web/pages/understand.py").run()
    app.switch_page(session.SIMULATE_FILE).run()
    assert not app.exception
    assert app.text_input(key="amount").value == "beaucoup"
    assert "beaucoup" in app.error[0].value
