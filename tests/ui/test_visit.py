"""Another language goes on with the visit: an export, what was learnt and what was typed are there again."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from simulator.apps.web import session
from simulator.apps.web.texts import Texts
from tests.ui.test_results_page import PAGE, press, run, said

Opened = Callable[..., AppTest]


def links(app: AppTest) -> list[str]:
    bodies = [piece.proto.body for piece in app.get("html") if 'class="languages"' in piece.proto.body]
    return re.findall(r'href="\?([^"]*)"', bodies[-1])


def held(app: AppTest) -> str:
    names = {entry for link in links(app) for entry in link.split("&") if entry.startswith(f"{session.VISIT_ENTRY}=")}
    assert len(names) == 1
    return names.pop().split("=", 1)[1]


def test_a_visit_without_anything_to_lose_bears_no_name(opened: Opened) -> None:
    app = run(opened(daily_budget="12").switch_page(PAGE))
    assert all(session.VISIT_ENTRY not in link for link in links(app))


def test_another_language_goes_on_once(opened: Opened, fr: Texts, en: Texts) -> None:
    before = press(run(opened().switch_page(PAGE)), "try_example")
    before = run(before.text_input(key="dear_price").set_value("12,50 €"))
    before = run(before.selectbox(key="dear_currency").set_value("CHF"))
    name = held(before)

    after = run(opened(lang="en", **{session.VISIT_ENTRY: name}).switch_page(PAGE))
    assert "8 usable rows" in said(after)
    assert after.text_input(key="dear_price").value == "12,50 €"
    assert after.selectbox(key="dear_currency").value == "CHF"
    assert session.VISIT_ENTRY not in after.query_params

    again = run(opened(lang="en", **{session.VISIT_ENTRY: name}).switch_page(PAGE))
    assert "8 usable rows" not in said(again), "the name is good once"


def test_a_name_nobody_gave_and_a_visit_that_has_ended_open_an_empty_page(opened: Opened, en: Texts) -> None:
    assert "usable rows" not in said(run(opened(lang="en", **{session.VISIT_ENTRY: "made-up"}).switch_page(PAGE)))
    luggage = session._HandedOver(dear_price="1")
    session._waiting["ended"] = luggage
    del luggage
    gc.collect()
    assert "ended" not in session._waiting
