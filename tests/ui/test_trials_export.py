"""The result of a kept trial taken from the export that is open on Mes résultats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator import Campaign, Place, Targeting
from simulator.apps.web import exports
from simulator.apps.web.formats import plain
from simulator.library import Scenario, open_store
from simulator.library.database import Store

Opened = Callable[..., AppTest]
TRIALS = "simulator/apps/web/pages/trials.py"
EXAMPLE = Path("simulator/learning/examples/EXEMPLE-chiffres-inventes-fr.csv")
EXPORT = "_results_export"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("ADSIM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ADSIM_DATABASE_URL", raising=False)
    return open_store()


def kept(store: Store, **changes: object) -> str:
    targeting = Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54)
    campaign = Campaign(targeting=targeting, daily_budget=5).replace(**changes)
    return store.save(Scenario(campaign=campaign, title="Pains").with_figures()).id


def sheet(opened: Opened, key: str, export: exports.Export | None) -> AppTest:
    app = opened(lang="fr")
    if export is not None:
        app.session_state[EXPORT] = export
    app.switch_page(TRIALS).run()
    app.button(key=f"open_{key}").click().run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def example(root: Path) -> exports.Export:
    return exports.opened("export.csv", (root / EXAMPLE).read_bytes(), {})


def test_without_an_export_the_way_to_one_is_said(opened: Opened, store: Store) -> None:
    app = sheet(opened, kept(store), None)
    assert any("Mes résultats" in caption.value for caption in app.caption)
    assert not [box for box in app.selectbox if str(box.key).startswith("export_row")]


def test_a_campaign_of_the_export_becomes_the_result(opened: Opened, store: Store, root: Path) -> None:
    key = kept(store)
    app = sheet(opened, key, example(root))
    box = next(box for box in app.selectbox if str(box.key).startswith("export_row"))
    assert "Galette des rois" in box.options[0]
    assert "34,99" in box.options[0]
    box.select_index(0).run()
    next(button for button in app.button if str(button.key).startswith("export_take")).click().run()
    assert not app.exception
    actual = store.load(key).actual
    assert actual is not None
    assert (actual.spend, actual.reach, actual.link_clicks) == (34.99, 4919, 65)
    assert str(actual.start) == "2025-01-02"
    assert actual.source == "export.csv"
    assert store.load(key).figures["reach"].p50 > 0, "what was announced stays"


def test_the_name_of_a_file_stays_a_name(opened: Opened, store: Store, root: Path) -> None:
    image = "![x](http://198.51.100.7/x.png).csv"
    app = sheet(opened, kept(store), exports.opened(image, (root / EXAMPLE).read_bytes(), {}))
    label = next(box for box in app.selectbox if str(box.key).startswith("export_row")).label
    assert plain(image, 60) in label
    assert image not in label.replace(plain(image, 60), "")


def test_another_money_is_refused_and_nothing_is_kept(opened: Opened, store: Store, root: Path) -> None:
    key = kept(store, currency="CAD")
    app = sheet(opened, key, example(root))
    next(box for box in app.selectbox if str(box.key).startswith("export_row")).select_index(0).run()
    next(button for button in app.button if str(button.key).startswith("export_take")).click().run()
    assert "monnaie" in app.error[0].value
    assert store.load(key).actual is None
