"""A kept trial carries the past campaigns that its figures rest on: kept, opened, joined, left, reported."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from simulator import Calibration, Campaign, Place, Targeting, calibrate
from simulator.apps.web import active_calibration as past
from simulator.evaluation import compare
from simulator.library import Actual, Scenario, open_store
from simulator.library.database import Store
from simulator.presentation.reports import csv
from simulator.presentation.reports.blocks import build

Opened = Callable[..., AppTest]
TRIALS = "simulator/apps/web/pages/trials.py"
LEARNT = "_past_learnt"


@cache
def learnt() -> Calibration:
    """Six campaigns at a price far above the usual one."""
    rows = [
        {"spend": 100.0, "impressions": 4_000.0 + 50 * n, "reach": 2_500.0, "link_clicks": 30.0, "start": start}
        for n, start in enumerate(pd.date_range("2025-01-01", periods=6, freq="MS"))
    ]
    frame = pd.DataFrame(rows).assign(country="FR", objective="link_clicks", currency="EUR")
    frame["end"] = frame["start"] + pd.Timedelta(days=9)
    return calibrate(frame, name="=invented.csv")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("ADSIM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ADSIM_DATABASE_URL", raising=False)
    return open_store()


def pains(**more: object) -> Scenario:
    targeting = Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54)
    return Scenario(campaign=Campaign(targeting=targeting, daily_budget=5), title="Pains", **more).with_figures()


def sheet(opened: Opened, key: str, using: Calibration | None = None) -> AppTest:
    app = opened(lang="fr")
    if using is not None:
        app.session_state[LEARNT] = using
    app.switch_page(TRIALS).run()
    app.button(key=f"open_{key}").click().run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def captions(app: AppTest) -> str:
    return "\n".join(piece.value for piece in app.caption)


def in_use(app: AppTest) -> Calibration | None:
    return app.session_state.get(LEARNT, None)


def test_what_is_kept_on_simuler_rests_on_what_simuler_used(opened: Opened, store: Store) -> None:
    app = opened(lang="fr")
    app.session_state[LEARNT] = learnt()
    app.run()
    keep = next(button for button in app.button if button.label == "Garder")
    keep.click().run()
    kept = store.load(store.search()[0].id)
    assert kept.calibration is not None
    assert kept.calibration.rows == learnt().rows
    assert kept.figures["reach"].p50 == pytest.approx(kept.forecast().reach.p50, rel=1e-3)
    assert kept.figures["reach"].p50 < 0.7 * pains().figures["reach"].p50


def test_opening_a_trial_uses_its_own_past_campaigns_and_no_others(opened: Opened, store: Store) -> None:
    with_it = store.save(pains(calibration=learnt())).id
    without = store.save(pains()).id
    app = sheet(opened, with_it)
    assert "campagnes passées" in captions(app)
    assert "=invented.csv" in captions(app).replace("\\", ""), "under the name it was given"
    app.button(key="open").click().run()
    assert in_use(app) is not None
    assert "campagnes passées" in captions(app), "Simuler says what its answer rests on"
    app = sheet(opened, without, using=learnt())
    assert "s'appuient" not in captions(app)
    app.button(key="open").click().run()
    assert in_use(app) is None


def test_past_campaigns_are_joined_and_left_as_new_versions(opened: Opened, store: Store) -> None:
    key = store.save(pains()).id
    before = store.load(key).figures["reach"].p50
    app = sheet(opened, key, using=learnt())
    app.button(key="learnt_use").click().run()
    joined = store.load(key)
    assert joined.calibration is not None
    assert joined.figures["reach"].p50 < 0.7 * before
    assert "learnt_use" not in {button.key for button in app.button}, "it already rests on them"
    app.button(key="learnt_leave").click().run()
    assert store.load(key).calibration is None
    assert store.load(key).figures["reach"].p50 == pytest.approx(before)
    assert [version.version for version in store.versions(key)] == [1, 2, 3]


def test_nothing_is_joined_once_the_result_is_known(opened: Opened, store: Store) -> None:
    key = store.save(pains(actual=Actual(spend=35, reach=3000))).id
    app = sheet(opened, key, using=learnt())
    assert not {"learnt_use", "learnt_leave"} & {button.key for button in app.button}


def test_comparison_and_report_use_it() -> None:
    one, other = pains(calibration=learnt()), pains()
    found = compare(one, other)
    assert [difference.field for difference in found.inputs] == ["calibration"]
    assert not found.difference("reach").within_noise
    assert found.difference("reach").better == found.labels[1]
    report = build(one)
    chosen = next(point for point in report.curve if point["budget"] == one.campaign.spend_per_day)
    assert chosen["people"] == pytest.approx(report.forecast.reach.p50, rel=1e-3), "curve and answer rest on the same"
    text = csv(one).decode("utf-8-sig")
    assert f"Calé sur {learnt().rows} campagnes passées" in text
    assert "Calé sur" not in csv(other).decode("utf-8-sig")
    middle = f"{round(one.forecast().reach.p50, 8):.10g}".replace(".", ",")
    assert middle in text


def test_the_same_campaigns_are_known_again_without_their_rows() -> None:
    kept = pains(calibration=learnt()).calibration
    assert kept is not None
    assert past.digest(kept) == past.digest(Scenario.from_json(pains(calibration=learnt()).to_json()).calibration)
