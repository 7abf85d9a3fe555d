"""The public formula: table against integral, broadcasting, bad input."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from simulator.base.errors import InvalidInput
from simulator.campaign.objectives import OBJECTIVES, nearest_known
from simulator.model import expected_reach
from simulator.model.expected import CHUNK, MOST_K, TABLE_K, Z_RANGE, reach_from_impressions
from simulator.model.exposure import reach_shares
from simulator.reference.parameters import load_parameters

MODEL = {"slots_per_day": 3.0, "activity_shape": 0.9, "persistence": 0.4}
WON = np.array([1e-7, 1e-5, 1e-3, 0.02, 0.3, 0.7, 0.99, 0.99999])


@pytest.mark.parametrize("rho", [0.05, 0.1, 0.4, 0.79, 0.85])
@pytest.mark.parametrize(("slots", "alpha"), [(1.4, 1.4), (3.0, 0.9), (25.0, 0.6)])
def test_the_table_agrees_with_the_integral(slots: float, alpha: float, rho: float) -> None:
    """Within 1e-3 on R_1 … R_10, at 1 to 365 days between its nodes."""
    model = {"slots_per_day": slots, "activity_shape": alpha, "persistence": rho}
    days = np.array([1.0, 1.7, 9.0, 45.0, 200.0, 365.0])[:, None]
    found = reach_from_impressions(slots * days * WON, 1.0, days, **model)
    direct = reach_shares(ndtri(WON), slots * days, alpha, rho, k_max=10, nodes=64)
    np.testing.assert_allclose(found, direct, rtol=1e-3)


def test_the_defaults_are_those_of_the_objective() -> None:
    parameters = load_parameters()
    for objective in OBJECTIVES:
        like = nearest_known(objective)
        expected = reach_from_impressions(
            5000.0,
            10_000.0,
            7,
            slots_per_day=parameters.value(f"delivery.slots_per_day.{like}"),
            activity_shape=parameters.value("delivery.activity_shape"),
            persistence=parameters.value(f"delivery.persistence.{like}"),
        )
        np.testing.assert_array_equal(expected_reach(5000.0, 10_000.0, 7, objective), expected)
    changed = parameters.replace({"delivery.persistence.link_clicks": 0.6})
    fewer = expected_reach(5000.0, 10_000.0, 7, parameters=changed)
    assert fewer[0] < expected_reach(5000.0, 10_000.0, 7)[0] * 0.98


def test_inputs_broadcast_and_scalars_equal_arrays() -> None:
    impressions, people = np.array([[10.0], [5e3], [2e6]]), np.array([1e3, 1e6])
    days = 14.0
    together = expected_reach(impressions, people, days, k_max=4)
    assert together.shape == (3, 2, 4)
    for row, column in np.ndindex(3, 2):
        alone = expected_reach(float(impressions[row, 0]), float(people[column]), days, k_max=4)
        assert alone.shape == (4,)
        np.testing.assert_allclose(together[row, column], alone, rtol=1e-9)
    mixed = expected_reach(impressions[:, 0], 1e6, [1, 14, 500], k_max=4)
    for row, length in enumerate((1, 14, 500)):
        np.testing.assert_allclose(
            mixed[row], expected_reach(float(impressions[row, 0]), 1e6, length, k_max=4), rtol=1e-9
        )


def test_lists_integers_and_many_curves_are_taken() -> None:
    assert expected_reach([1, 2], [10, 10], 7, k_max=1).shape == (2, 1)
    assert expected_reach([], 10, 7).shape == (0, 10)
    impressions = np.geomspace(1.0, 1e7, 2 * CHUNK + 11)
    whole = expected_reach(impressions, 1e5, 7, k_max=2)
    np.testing.assert_allclose(
        whole[CHUNK - 2 : CHUNK + 2], expected_reach(impressions[CHUNK - 2 : CHUNK + 2], 1e5, 7, k_max=2)
    )
    assert (np.diff(whole[:, 0]) > 0.0).all()


@pytest.mark.parametrize("rho", [0.0, 0.04, 0.4, 0.85])
def test_the_answer_is_smooth_where_the_way_of_computing_changes(rho: float) -> None:
    """At both ends of the table in z and in days, at its last k, at the least persistence."""
    model = {**MODEL, "persistence": rho}
    for z in Z_RANGE:
        won = ndtr(z + np.array([-1e-7, 1e-7]))
        low, high = reach_from_impressions(won * 3.0 * 7, 1.0, 7, **model) / won[:, None]
        np.testing.assert_allclose(high, low, rtol=2e-3)
    for days in (1.0, 365.0):
        around = days * np.array([1.0 - 1e-6, 1.0 + 1e-6])
        low, high = reach_from_impressions(0.05 * 3.0 * around, 1.0, around, **model)
        np.testing.assert_allclose(high, low, rtol=2e-3)
    few = reach_from_impressions(4.0, 1.0, 7, **model, k_max=TABLE_K)
    np.testing.assert_allclose(
        reach_from_impressions(4.0, 1.0, 7, **model, k_max=TABLE_K + 1)[:TABLE_K], few, rtol=1e-3
    )


def test_half_a_day_and_ten_years_are_campaigns_too() -> None:
    for days in (0.25, 0.5, 3650.0):
        found = reach_from_impressions(0.1 * 3.0 * days, 1.0, days, **MODEL)
        direct = reach_shares(ndtri(0.1), 3.0 * days, 0.9, 0.4, nodes=64)
        np.testing.assert_allclose(found, direct, rtol=1e-3)


def test_the_largest_k_is_allowed_and_everything_stays_within_the_people() -> None:
    assert reach_from_impressions([], 1.0, 1, **MODEL, k_max=MOST_K).shape == (0, MOST_K)
    crowded = reach_from_impressions(np.array([0.999, 1.001]) * 3.0 * 365, 1.0, 365, **MODEL)
    assert (crowded <= 1.0).all()
    assert (reach_from_impressions(np.array([1e-12, 1e-9]), 1.0, 7, **MODEL)[:, 0] > 0.0).all()


@pytest.mark.parametrize(
    ("changes", "field", "code", "received"),
    [
        ({"objective": "fame"}, "objective", "unknown_choice", "fame"),
        ({"objective": None}, "objective", "unknown_choice", "None"),
        ({"impressions": -1.0}, "impressions", "not_a_number", "-1"),
        ({"impressions": float("nan")}, "impressions", "not_a_number", "nan"),
        ({"impressions": [1.0, np.inf]}, "impressions", "not_a_number", "inf"),
        ({"impressions": "many"}, "impressions", "not_a_number", "many"),
        ({"audience_size": 0.0}, "audience_size", "not_a_number", "0"),
        ({"audience_size": -5.0}, "audience_size", "not_a_number", "-5"),
        ({"audience_size": [1.0, np.nan]}, "audience_size", "not_a_number", "nan"),
        ({"duration_days": 0.0}, "duration_days", "not_a_number", "0"),
        ({"duration_days": None}, "duration_days", "not_a_number", "n"),
        ({"parameters": 5}, "parameters", "wrong_type", "5"),
        ({"parameters": {}}, "parameters", "wrong_type", "{}"),
        ({"k_max": 0}, "k_max", "out_of_range", "0"),
        ({"k_max": MOST_K + 1}, "k_max", "out_of_range", str(MOST_K + 1)),
        ({"k_max": 2.0}, "k_max", "out_of_range", "2.0"),
        ({"k_max": True}, "k_max", "out_of_range", "rue"),
    ],
)
def test_bad_input_is_named(changes: dict[str, object], field: str, code: str, received: str) -> None:
    """Field, what was received, what is allowed; nought impressions are, nought people are not."""
    arguments = {"impressions": 100.0, "audience_size": 1000.0, "duration_days": 7, **changes}
    with pytest.raises(InvalidInput) as caught:
        expected_reach(**arguments)
    assert caught.value.code == code
    assert caught.value.data["field"] == field
    assert received in caught.value.data["received"]
    if field == "k_max":
        assert (caught.value.data["low"], caught.value.data["high"]) == (1, MOST_K)
    elif code == "not_a_number":
        assert caught.value.data["allowed"].endswith("0 or more" if field == "impressions" else "above 0")
    elif code == "unknown_choice":
        assert caught.value.data["allowed"] == ", ".join(OBJECTIVES)


def test_lists_that_do_not_fit_each_other_are_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        expected_reach([1, 2], [1, 2, 3], 7)
    assert caught.value.code == "wrong_type"
    assert caught.value.data["field"] == "impressions, audience_size, duration_days"
    assert "(2,) and (3,)" in caught.value.data["received"]
