"""What somebody typed of the own business and page is kept with the trial, and there again when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator import Page
from simulator.apps.web import channels as beside
from simulator.library import Scenario, open_store
from simulator.library.database import Store

Opened = Callable[..., AppTest]
TRIALS, SIMULATE = "simulator/apps/web/pages/trials.py", "simulator/apps/web/pages/simulate.py"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A library of its own for the test, also for the app."""
    monkeypatch.setenv("ADSIM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ADSIM_DATABASE_URL", raising=False)
    return open_store()


def ran(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].stack_trace
    return app


def pressed(app: AppTest, label: str) -> AppTest:
    return ran(next(button for button in app.button if button.label == label).click().run())


def test_basket_and_page_are_kept_and_found_again(opened: Opened, store: Store) -> None:
    app = opened(trade="florist", daily_budget="8")
    for part in ("customers", "free"):
        app.session_state[part] = True
    ran(app.run())
    app.text_input(key="own_basket").set_value("60,50")
    app.text_input(key="own_conversion").set_value("40")
    app.text_input(key="page_followers").set_value("1 200")
    app.selectbox(key="page_format").set_value("video")
    ran(app.run())
    pressed(app, "Garder")
    assert app.success
    (row,) = store.search()
    kept = store.load(row.id)
    assert kept.overrides["customers.basket.florist"]["value"] == 60.5
    assert kept.overrides["customers.conversion.florist"]["value"] == 0.4
    assert kept.page == Page(followers=1200, format="video")
    assert kept.campaign.daily_budget == 8
    before = kept.figures["reach"]
    assert before == kept.forecast().reach

    again = ran(opened().switch_page(TRIALS).run())
    ran(again.button(key=f"open_{row.id}").click().run())
    ran(again.button(key="open").click().run())
    assert again.title[0].value.startswith("Combien de personnes")
    ran(again.switch_page(SIMULATE).run())
    for part in ("customers", "free"):
        again.session_state[part] = True
    ran(again.run())
    assert again.text_input(key="own_basket").value == "60,5"
    assert again.text_input(key="own_conversion").value == "40"
    assert again.text_input(key="page_followers").value.replace("\u202f", " ") == "1 200"
    assert again.selectbox(key="page_format").value == "video"


def test_nothing_typed_nothing_kept(opened: Opened, store: Store) -> None:
    pressed(opened(), "Garder")
    kept = store.load(store.search()[0].id)
    assert not kept.overrides
    assert kept.page is None


def test_changes_of_other_parameters_stay() -> None:
    campaign = Scenario.from_dict({"campaign": CAMPAIGN}).campaign
    before = Scenario(
        campaign=campaign, overrides={"prices.cpm.FR": 5.0, "customers.margin": 0.3}, page=Page(followers=7)
    )
    kept = beside.to_keep({"own_basket": "30"}, campaign, before, "fr")
    assert set(kept["overrides"]) == {"prices.cpm.FR", "customers.basket.any"}, "what was emptied is ours again"
    assert kept["page"] == Page(followers=7), "a page nobody looked at stays"


CAMPAIGN = {"targeting": {"places": [{"kind": "country", "country_code": "FR", "code": "FR"}]}, "daily_budget": 5}
