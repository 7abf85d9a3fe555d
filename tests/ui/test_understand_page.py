"""Comprendre without a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from simulator.calibration import validation
from simulator.ui.components.tested import METRICS

PAGE = "simulator/ui/pages/understand.py"
GROUPS = ("audience", "price", "delivery", "response", "rule", "tables")


@pytest.mark.parametrize(("language", "title"), [("fr", "D'où viennent"), ("en", "Where do these")])
def test_the_page_explains_in_its_language(opened: Callable[..., AppTest], language: str, title: str) -> None:
    app = opened(lang=language).switch_page(PAGE)
    app.run()
    assert not app.exception
    assert app.title[0].value.startswith(title)
    tested, glossary = (table.value for table in app.table)
    assert len(glossary) == 14
    measured = [one for one in validation().coverage if one.method == "defaults" and one.metric in METRICS]
    assert len(tested) == len(measured) >= 8
    assert f"{measured[0].inside} {'sur' if language == 'fr' else 'of'} {measured[0].n}" in set(tested.iloc[:, 2])
    before = len(app.markdown)
    for group in GROUPS:
        app.session_state[f"group_{group}"] = True
    app.run()
    assert not app.exception
    assert len(app.markdown) >= before + 2 * (len(GROUPS) - 1)
    assert app.query_params.get("lang", "fr") == language


def test_the_choices_are_as_they_were(opened: Callable[..., AppTest]) -> None:
    app = opened(daily_budget="12", duration_days="14", gender="women")
    there = app.expander[0].label, app.markdown[3].value
    app.switch_page(PAGE).run()
    app.switch_page("simulator/ui/pages/simulate.py").run()
    assert not app.exception
    assert (app.expander[0].label, app.markdown[3].value) == there
    assert app.select_slider(key="daily_budget").value == 12
