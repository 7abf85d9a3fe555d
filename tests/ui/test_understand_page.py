"""Comprendre without a browser."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web.components import tested
from simulator.apps.web.components.tested import METRICS
from simulator.apps.web.texts import texts_of
from simulator.learning import validation
from simulator.learning.validation_figures import (
    BacktestCheck,
    Coverage,
    CurveCheck,
    PriceCheck,
    PricesOfSource,
    ReachCheck,
    RefereeCheck,
)

PAGE = "simulator/apps/web/pages/understand.py"
GROUPS = ("audience", "price", "delivery", "response", "rule", "controls", "tables")


@pytest.mark.parametrize(("language", "title"), [("fr", "D'où viennent"), ("en", "Where do these")])
def test_the_page_explains_in_its_language(opened: Callable[..., AppTest], language: str, title: str) -> None:
    app = opened(lang=language).switch_page(PAGE)
    app.run()
    assert not app.exception
    assert app.title[0].value.startswith(title)
    tested, prices, glossary = (table.value for table in app.table)
    assert len(prices) == 13
    assert prices.iloc[:, 1].astype(int).sum() == validation().prices.accounts
    assert len(glossary) == 14
    measured = [one for one in validation().coverage if one.method == "defaults" and one.metric in METRICS]
    assert len(tested) == len(measured) >= 8
    said = f"{measured[0].inside} {'sur' if language == 'fr' else 'of'} {measured[0].n} ("
    assert any(cell.startswith(said) for cell in tested.iloc[:, 2])
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
    app.switch_page("simulator/apps/web/pages/simulate.py").run()
    assert not app.exception
    assert (app.expander[0].label, app.markdown[3].value) == there
    assert app.select_slider(key="daily_budget").value == 12


def verdicts(table: pd.DataFrame) -> list[str]:
    """Return the bold end of each row."""
    return [cell.split("**")[1] for cell in table.iloc[:, 2]]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_was_missed_is_said_as_what_was_met(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Whatever is measured next is shown as it is: nothing of it is written into the page."""
    texts = texts_of(language)
    measured = dataclasses.replace(
        validation(),
        coverage=tuple(
            Coverage("somewhere-2031", metric, method, 20, inside, low, high)
            for method in ("defaults", "calibrated")
            for metric, inside, low, high in (
                ("reach", 20, 0.89, 1.0),
                ("cpm", 16, 0.64, 0.9),
                ("link_clicks", 5, 0.12, 0.42),
            )
        ),
        reach=(ReachCheck("somewhere-2031", 20, 0.05, 0.2), ReachCheck("elsewhere_2032", 7, 0.05, 0.5)),
        backtests=tuple(
            BacktestCheck("somewhere-2031", metric, origins, ours, "poisson", rival)
            for metric, origins, ours, rival in (
                ("reach", 3, 0.2, 0.4),
                ("impressions", 3, 0.2, 0.21),
                ("cpm", 3, 0.5, 0.4),
                ("link_clicks", 1, 0.5, 0.4),
            )
        ),
        curve=(CurveCheck("free", 67e6, 0.097, 0.1, 0.09), CurveCheck("stated", 568e6, 0.4, 0.4, 0.4)),
        recovery=None,
        prices=PriceCheck(
            *(datetime.date(2031, 5, 1), "another", 9, 0.5, 0.5, 0.6, 0.7, 0.6),
            sources=(
                PricesOfSource("elsewhere_2032", 5, 2, -0.6931, 0.7, 0.4, 0.3),
                PricesOfSource("somewhere-2031", 40, 7, 0.6931, 0.7, 0.9, 0.8),
            ),
        ),
    )
    monkeypatch.setattr(tested, "validation", lambda: measured)
    app = opened(lang=language).switch_page(PAGE)
    app.session_state["tested_own"] = True
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    coverage, prices, own, learnt = (table.value for table in app.table[:4])
    assert [cell[:9] for cell in prices.iloc[:, 0]] == ["somewhere", "elsewhere"], "too cheap before too dear"
    assert [cell.replace(",", ".") for cell in prices.iloc[:, 2]] == ["2", "0.5"]
    for table in (coverage, learnt):
        assert verdicts(table) == [texts(f"tested.{name}") for name in ("wide", "fair", "narrow")]
    assert verdicts(own) == [texts(f"tested.{name}") for name in ("better", "same", "worse", "once")]
    said = "\n".join(piece.value for piece in app.markdown).replace("\\", "")
    lines = {line for line in said.split("\n") if line.startswith(("- somewhere", "- elsewhere"))}
    assert {line.rsplit(" ", 1)[-1] for line in lines if "somewhere" in line} == {texts("tested.met")}
    assert {line.rsplit(" ", 1)[-1] for line in lines if "elsewhere" in line} == {texts("tested.missed")}
    assert "49" in said, "the error on the platform's curve, as a percentage"
    assert "568" in said


@pytest.mark.parametrize(("beyond", "verdict"), [(0, "met"), (3, "missed")])
def test_the_referee_is_told_with_its_date(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, beyond: int, verdict: str
) -> None:
    referee = RefereeCheck(datetime.date(2031, 5, 4), 77, 888, beyond, 6.2e9, 0.0042, 0.0031)
    monkeypatch.setattr(tested, "validation", lambda: dataclasses.replace(validation(), referee=referee))
    app = opened(lang="fr").switch_page(PAGE)
    app.run()
    assert not app.exception
    (said,) = (line for piece in app.markdown for line in piece.value.split("\n") if "4 mai 2031" in line)
    for figure in ("77 campagnes", "6 milliards", f"{beyond} chiffre sur 888", "0,42\u00a0%"):
        assert figure in said
    assert texts_of("fr")(f"tested.{verdict}") in said
