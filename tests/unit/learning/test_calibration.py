"""A calibration: moving draws, saving, loading, and files that somebody made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.base.errors import InvalidInput
from simulator.learning import Calibration, calibrate
from simulator.learning.calibration_json import MOST_BYTES, MOST_LATENTS
from simulator.learning.random_effects import LEARNT
from simulator.reference.parameters import load_parameters
from tests.unit.learning.tables import table

PARAMETERS = load_parameters()
ROLES = [*LEARNT, "model_error", "creative", "income"]


@pytest.fixture(scope="module")
def learnt() -> Calibration:
    frame = pd.concat([table(9, objective=["leads", "link_clicks", "reach"] * 3), table(2, spend=0.0)])
    return calibrate(frame.reset_index(drop=True), name="Épi & fils")


def points(draws: int = 400) -> np.ndarray:
    return np.random.default_rng(0).uniform(1e-6, 1.0 - 1e-6, (draws, len(ROLES)))


def test_no_campaign_moves_no_draw() -> None:
    before = points()
    np.testing.assert_allclose(calibrate(table(0)).moved(before, ROLES, "FR", "leads", 3), before, atol=1e-9)


def test_draws_move_to_the_posterior_and_keep_their_order(learnt: Calibration) -> None:
    before, place = points(), ROLES.index("ctr_link")
    after = learnt.moved(before, ROLES, "FR", "leads")
    assert after.shape == before.shape
    assert ((after > 0.0) & (after < 1.0)).all()
    from scipy.special import ndtri

    mean, deviation = learnt.score("ctr_link", "FR", "leads")
    moved = ndtri(after[:, place])
    assert moved.mean() == pytest.approx(mean, abs=0.1)
    assert moved.std() == pytest.approx(deviation, rel=0.15)
    unknown = ROLES.index("income")
    np.testing.assert_allclose(after[:, unknown], before[:, unknown], atol=1e-9)
    assert np.corrcoef(ndtri(before[:, 0]), ndtri(after[:, 0]))[0, 1] > 0.5


def test_the_scatter_of_the_account_widens_or_narrows_its_luck(learnt: Calibration) -> None:
    wide = Calibration(**{**vars_of(learnt), "scatter": {"price": 2.0, "reach": 1.0, "clicks": 0.5}})
    before = points()
    after = wide.moved(before, ROLES, "FR", "leads")
    error, creative = ROLES.index("model_error"), ROLES.index("creative")
    assert np.std(after[:, error]) > np.std(before[:, error])
    assert np.std(after[:, creative]) < np.std(before[:, creative])


def vars_of(learnt: Calibration) -> dict[str, Any]:
    return {name: getattr(learnt, name) for name in learnt.__dataclass_fields__}


def test_before_and_after_tell_what_was_learnt(learnt: Calibration) -> None:
    frame = learnt.before_after(PARAMETERS)
    assert {"prices.cpm.FR", "delivery.persistence.leads", "response.ctr_link.reach"} <= set(frame.parameter)
    assert (frame.before_low < frame.before_middle).all()
    assert (frame.after_low < frame.after_high).all()
    assert frame.learnt.between(-1e-6, 1.0).all()
    price = frame.set_index("parameter").loc["prices.cpm.FR"]
    entry = PARAMETERS["prices.cpm.FR"]
    assert price.before_middle == pytest.approx(entry.value, rel=0.2)
    assert 0.2 < price.learnt < 1.0


def test_rows_that_tell_no_country_are_taken_to_have_run_where_the_forecast_does() -> None:
    frame = table(10, cpm=9.0)
    told, untold = calibrate(frame), calibrate(frame.drop(columns="country"))
    assert told.levels == {}
    france, canada = untold.score("price_level", "FR")[0], untold.score("price_level", "CA")[0]
    assert france == pytest.approx(told.score("price_level", "FR")[0], abs=0.35)
    assert canada < france, "30 EUR is dearer for France than for Canada"


def test_click_rates_of_rows_that_tell_no_country_are_those_of_the_forecast() -> None:
    frame = table(10)
    told, untold = calibrate(frame), calibrate(frame.drop(columns="country"))
    mean, deviation = told.score("ctr_link", "FR", "link_clicks")
    assert untold.score("ctr_link", "FR", "link_clicks") == pytest.approx((mean, deviation), abs=0.15)
    elsewhere = told.score("ctr_link", "CA", "link_clicks")
    assert elsewhere[0] == pytest.approx(mean / 2.0, rel=0.02), "half of it is carried to another country"
    assert 1.0 - elsewhere[1] ** 2 == pytest.approx((1.0 - deviation**2) / 4.0, rel=0.05)
    shown = told.before_after(PARAMETERS).set_index("parameter").loc["response.ctr_link.link_clicks"]
    assert shown.learnt == pytest.approx(1.0 - deviation**2), "what is shown is of the country where it ran"


def test_a_file_of_the_first_version_has_the_same_click_rates_everywhere(learnt: Calibration) -> None:
    entries = changed(learnt, schema_version=1)
    del entries["click_pooling"]
    former = Calibration.from_dict(entries)
    assert former.layout.click_pooling == 1.0
    assert former.score("ctr_link", "FR", "leads") == former.score("ctr_link", "CA", "leads")


def test_saved_and_loaded_it_is_the_same(learnt: Calibration, tmp_path: Path) -> None:
    path = tmp_path / "appris.json"
    learnt.save(path)
    for again in (
        Calibration.load(path),
        Calibration.from_json(learnt.to_json()),
        Calibration.from_dict(learnt.to_dict()),
    ):
        assert again.to_dict() == learnt.to_dict()
        np.testing.assert_array_equal(again.covariance, learnt.covariance)
        np.testing.assert_array_equal(
            again.moved(points(20), ROLES, "FR", "leads", 7), learnt.moved(points(20), ROLES, "FR", "leads", 7)
        )
    assert again.name == "Épi & fils"
    assert [entry["reason"] for entry in again.dropped] == ["spend_missing_or_zero"] * 2
    assert list(tmp_path.iterdir()) == [path], "no draft is left behind"


def test_what_was_learnt_cannot_be_changed(learnt: Calibration) -> None:
    with pytest.raises(ValueError, match="read-only"):
        learnt.mean[0] = 5.0


def changed(learnt: Calibration, **entries: Any) -> dict[str, Any]:
    return {**json.loads(learnt.to_json()), **entries}


HOSTILE: list[tuple[str, Any]] = [
    ("mean", "[]"),
    ("mean", [1.0]),
    ("mean", None),
    ("covariance", [[1.0]]),
    ("covariance", [[float("nan")]]),
    ("covariance", "a" * 1000),
    ("latents", []),
    ("latents", [["price_level", ""]] * 20),
    ("latents", [[f"role {n}", ""] for n in range(MOST_LATENTS + 1)]),
    ("latents", {"price_level": ""}),
    ("scatter", {"price": -1.0}),
    ("scatter", {"price": 0.0}),
    ("scatter", {"price": "wide"}),
    ("scatter", []),
    ("rows", "many"),
    ("rows", None),
    ("dropped", 5),
    ("dropped", [5]),
    ("created", "yesterday"),
    ("created", 20260101),
    ("countries", ["FR"]),
    ("countries", {"FR": []}),
    ("levels", {"FR": [1.0]}),
    ("levels", {"FR": [1.0, 0.0]}),
    ("pooling", 1.5),
    ("pooling", "half"),
    ("price_pooling", {"FR": 2.0}),
    ("between_accounts", [0.5]),
    ("click_pooling", -0.1),
    ("click_pooling", None),
    ("schema_version", 0),
    ("schema_version", None),
    ("schema_version", "1"),
]


@pytest.mark.parametrize(("name", "value"), HOSTILE, ids=lambda value: str(value)[:30])
def test_a_file_that_was_made_up_is_refused(learnt: Calibration, name: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        Calibration.from_dict(changed(learnt, **{name: value}))
    assert caught.value.code == "broken_calibration"


@pytest.mark.parametrize(
    "name", ["mean", "covariance", "latents", "scatter", "rows", "created", "pooling", "click_pooling"]
)
def test_an_entry_that_is_missing_is_refused(learnt: Calibration, name: str) -> None:
    entries = changed(learnt)
    del entries[name]
    with pytest.raises(InvalidInput) as caught:
        Calibration.from_dict(entries)
    assert caught.value.code == "broken_calibration"


def test_a_covariance_that_is_none_is_refused(learnt: Calibration) -> None:
    rows = learnt.to_dict()["covariance"]
    rows[2][2] = -1.0
    with pytest.raises(InvalidInput):
        Calibration.from_dict(changed(learnt, covariance=rows))
    rows = learnt.to_dict()["covariance"]
    rows[3][3] = 1e999
    with pytest.raises(InvalidInput):
        Calibration.from_dict(changed(learnt, covariance=rows))


def test_a_later_version_is_told_so(learnt: Calibration) -> None:
    with pytest.raises(InvalidInput) as caught:
        Calibration.from_dict(changed(learnt, schema_version=99))
    assert caught.value.code == "future_version"


@pytest.mark.parametrize(
    "text", [b"", b"\x00\xff", b"[]", b"5", b"{", b"[" * 5000, b'{"schema_version": 1}', b'{"a": 1e99999}']
)
def test_text_that_is_no_calibration_is_refused(text: bytes) -> None:
    with pytest.raises(InvalidInput):
        Calibration.from_json(text)


def test_paths_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    big = tmp_path / "big.json"
    big.write_bytes(b" " * (MOST_BYTES + 1))
    for path, code in ((tmp_path / "none", "file_not_found"), (tmp_path, "is_a_folder"), (big, "too_large")):
        with pytest.raises(InvalidInput) as caught:
            Calibration.load(path)
        assert caught.value.code == code


def test_a_place_that_cannot_be_written_is_refused_and_what_was_there_stays(
    learnt: Calibration, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput) as caught:
        learnt.save(tmp_path / "no folder" / "learnt.json")
    assert caught.value.code == "cannot_write"
    learnt.save(tmp_path / "learnt.json")
    Calibration.from_dict(changed(learnt, name="b")).save(tmp_path / "learnt.json")
    assert Calibration.load(tmp_path / "learnt.json").name == "b"
