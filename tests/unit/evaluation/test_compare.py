"""Comparing: which inputs differ, paired differences, noise, curves on common budgets."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simulator.base.errors import InvalidInput
from simulator.evaluation import compare
from simulator.forecasting.simulate import budget_curve, simulate
from simulator.reference.parameters import load_parameters, units_per_euro
from simulator.reference.places.place import Place
from tests.unit.library.examples import campaign, scenario

DRAWS = 64
ONE = campaign()
MORE = ONE.replace(daily_budget=20)


def test_the_inputs_that_differ_are_named_and_no_others() -> None:
    other = ONE.replace(daily_budget=8, objective="reach", targeting=ONE.targeting.replace(age_min=18))
    found = {one.field: one.values for one in compare(ONE, other, draws=DRAWS).inputs}
    assert found == {
        "daily_budget": (5.0, 8.0),
        "total_budget": (35.0, 56.0),
        "objective": ("link_clicks", "reach"),
        "targeting.age_min": (25, 18),
    }


def test_the_same_money_told_in_two_ways_is_the_same() -> None:
    assert compare(ONE, ONE.replace(daily_budget=None, total_budget=35), draws=DRAWS).inputs == ()


def test_places_and_overrides_are_inputs_too() -> None:
    elsewhere = ONE.replace(targeting=ONE.targeting.replace(places=(Place.country("FR"),)))
    changed = scenario(overrides={"delivery.activity_shape": 0.8})
    found = {one.field: one.values for one in compare(ONE, elsewhere, changed, draws=DRAWS).inputs}
    assert set(found) == {"targeting.places", "overrides.delivery.activity_shape"}
    assert [place[0]["label"] for place in found["targeting.places"]] == ["Pau", "France", "Pau"]
    assert found["overrides.delivery.activity_shape"] == (None, None, 0.8)


def test_figures_are_those_of_each_forecast() -> None:
    found = compare(ONE, MORE, draws=DRAWS, seed=4)
    for place, one in enumerate((ONE, MORE)):
        forecast = simulate(one, draws=DRAWS, seed=4)
        assert found.forecasts[place].reach == forecast.reach
        assert found.figures().loc["cpm", found.labels[place]].to_dict() == forecast.cpm.to_dict()


def test_the_difference_is_taken_draw_by_draw() -> None:
    found = compare(ONE, MORE, draws=DRAWS)
    apart = simulate(MORE, draws=DRAWS).draws["reach"] - simulate(ONE, draws=DRAWS).draws["reach"]
    difference = found.difference("reach", 1, 0)
    assert difference.band.p10 == np.quantile(apart, 0.1)
    assert difference.relative.p50 > 0.0
    # Paired: far narrower than the difference of two independent forecasts.
    alone = found.band("reach", 1).p90 - found.band("reach", 0).p10
    assert difference.band.p90 - difference.band.p10 < alone


def test_more_money_surely_reaches_more_people_at_a_higher_price() -> None:
    found = compare(ONE, MORE, draws=DRAWS, labels=("little", "much"))
    assert found.difference("reach").better == "much"
    assert found.difference("reach", 1, 0).better == "much"
    assert found.difference("cpm").better == "little"


def test_a_campaign_against_itself_is_within_the_noise() -> None:
    for metric in ("reach", "cpm", "link_clicks"):
        difference = compare(ONE, ONE, draws=DRAWS).difference(metric)
        assert (difference.band.p10, difference.band.p90, difference.probability) == (0.0, 0.0, 0.5)
        assert difference.within_noise
        assert difference.better is None


def test_a_small_difference_between_unlike_campaigns_is_within_the_noise() -> None:
    """Another sex, nearly the same money: what is known of sexes does not tell the two apart."""
    women = ONE.replace(targeting=ONE.targeting.replace(gender="women"))
    men = ONE.replace(targeting=ONE.targeting.replace(gender="men"))
    difference = compare(women, men, draws=512).difference("link_clicks")
    assert 0.0 < difference.probability < 1.0
    assert difference.within_noise == (0.1 < difference.probability < 0.9)


def test_the_verdict_turns_where_the_band_leaves_nothing() -> None:
    found = compare(ONE, MORE, draws=DRAWS).difference("reach")
    for probability, noise in ((0.1, False), (0.11, True), (0.5, True), (0.89, True), (0.9, False), (0.95, False)):
        verdict = type(found)("reach", "a", "b", found.band, found.relative, probability)
        assert verdict.within_noise is noise
        assert verdict.better == (None if noise else "a" if probability > 0.5 else "b")


def test_campaigns_and_scenarios_may_be_mixed_and_scenarios_bring_their_parameters() -> None:
    changed = scenario(title="mine", overrides={"delivery.activity_shape": 0.8}, seed=9)
    found = compare(ONE, changed, draws=DRAWS)
    assert found.labels == ("A", "mine")
    parameters = load_parameters({"delivery.activity_shape": 0.8})
    # The common seed, not the scenario's own: otherwise the draws would not be paired.
    assert found.forecasts[1].reach == simulate(ONE, draws=DRAWS, parameters=parameters).reach


def test_labels_are_never_the_same() -> None:
    twins = [scenario(title="x"), scenario(title="x"), scenario(title="B · x")]
    assert len(set(compare(*twins, draws=16).labels)) == 3


def test_money_of_several_currencies_is_told_in_the_first() -> None:
    rate = units_per_euro("CAD")
    same = ONE.replace(daily_budget=5 * rate, currency="CAD")
    found = compare(ONE, same, draws=DRAWS)
    assert found.currency == "EUR"
    assert abs(found.difference("spend").band.p50) < 1e-6
    assert abs(found.difference("cpm").relative.p50) < 1e-9
    assert found.band("cpm", 1).p50 == pytest.approx(found.forecasts[1].cpm.p50 / rate)
    curves = found.curves([1.0, 5.0]).set_index(["variant", "daily_budget"])
    np.testing.assert_allclose(curves.loc["A"].to_numpy(), curves.loc["B"].to_numpy(), rtol=1e-9)


def test_curves_lie_over_common_budgets() -> None:
    found = compare(ONE, MORE, draws=DRAWS)
    curves = found.curves()
    budgets = [list(frame["daily_budget"]) for _, frame in curves.groupby("variant")]
    assert budgets[0] == budgets[1]
    assert {5.0, 20.0} <= set(budgets[0])
    assert (budgets[0][0], budgets[0][-1]) == (1.0, 100.0)
    expected = budget_curve(ONE, budgets[0], draws=DRAWS)
    mine = curves[curves["variant"] == "A"].set_index("daily_budget")
    assert mine["reach_p50"].to_numpy() == pytest.approx(expected["reach_p50"].to_numpy())


def test_the_largest_budgets_can_be_compared() -> None:
    largest = ONE.replace(daily_budget=100_000)
    assert compare(ONE, largest, draws=16).curves()["daily_budget"].max() == 100_000


def test_all_can_be_written_as_json() -> None:
    found = compare(ONE, MORE, scenario(title="x"), draws=16).to_dict()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert len(found["differences"]) == 3 * 14


def test_every_pair_has_its_row() -> None:
    frame = compare(ONE, MORE, ONE, draws=16).differences(["reach"])
    assert list(zip(frame["first"], frame["second"], strict=True)) == [("A", "B"), ("A", "C"), ("B", "C")]


@pytest.mark.parametrize("count", [0, 1, 7])
def test_two_to_six_are_compared(count: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        compare(*[ONE] * count)
    assert caught.value.code == "out_of_range"


def test_what_cannot_be_compared_is_named() -> None:
    for asked, code in (
        (lambda: compare(ONE, "x"), "wrong_type"),  # type: ignore[arg-type]
        (lambda: compare(ONE, ONE, draws=16, labels=("a",)), "out_of_range"),
        (lambda: compare(ONE, ONE, draws=16).difference("likes"), "unknown_choice"),
        (lambda: compare(ONE, ONE, draws=16).difference("reach", 0, 2), "out_of_range"),
    ):
        with pytest.raises(InvalidInput) as caught:
            asked()
        assert caught.value.code == code
