"""What to change first: one thing at a time, at the same money, under the same luck."""

from __future__ import annotations

import datetime

import pytest

from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign, Targeting
from simulator.forecasting.simulate import simulate
from simulator.planning import what_to_change
from simulator.reference.places.place import Place

PAU = Place.at(43.2951, -0.3708, radius_km=20)
CAMPAIGN = Campaign(
    Targeting([PAU], age_min=25, age_max=44, gender="women", interests=("cooking",)),
    daily_budget=5,
    platforms=["facebook"],
    start=datetime.date(2026, 6, 10),
)
FEW = 64


def test_each_change_is_one_entry_and_costs_the_same() -> None:
    before = CAMPAIGN.to_dict()
    changes = what_to_change(CAMPAIGN, "engagements", draws=FEW)
    kinds = {change.kind for change in changes}
    assert kinds == {
        *(
            "duration_days",
            "month",
            "ages",
            "radius_km",
            "gender",
            "platforms",
            "interests",
            "creative_format",
            "budget",
        )
    }
    for change in changes:
        after = change.campaign.to_dict()
        moved = {name for name in after if after[name] != before[name]}
        assert moved - {"daily_budget"} <= {"duration_days", "start", "targeting", "platforms", "creative_format"}
        assert len(moved - {"daily_budget"}) == (0 if change.kind == "budget" else 1)
        if change.kind != "budget":
            assert change.campaign.spend_planned == pytest.approx(CAMPAIGN.spend_planned)


def test_effects_are_those_of_two_forecasts_under_the_same_luck() -> None:
    now = simulate(CAMPAIGN, draws=FEW).draws["reach"]
    for change in what_to_change(CAMPAIGN, draws=FEW):
        apart = simulate(change.campaign, draws=FEW).draws["reach"] - now
        assert change.gain.mean == pytest.approx(apart.mean(), rel=5e-3, abs=2.0), change.kind
        assert change.probability == pytest.approx((apart > 0).mean(), abs=0.04)


def test_the_best_stands_first_and_what_is_within_the_noise_last() -> None:
    changes = what_to_change(CAMPAIGN, draws=FEW)
    clear = [change for change in changes if not change.within_noise]
    assert changes[: len(clear)] == tuple(clear)
    gains = [change.gain.p50 for change in clear]
    assert gains == sorted(gains, reverse=True)
    assert clear[0].gain.p10 > 0.0


def test_dear_months_cost_people_and_cheap_ones_bring_them() -> None:
    for campaign in (CAMPAIGN, CAMPAIGN.replace(start=None)):
        months = {c.value: c.gain.p50 for c in what_to_change(campaign, draws=FEW) if c.kind == "month"}
        assert months[11] < 0.0 < months[1]


def test_the_format_is_no_advice_for_what_it_is_not_known_to_move() -> None:
    assert all(change.kind != "creative_format" for change in what_to_change(CAMPAIGN, "reach", draws=FEW))


def test_nobody_needs_no_advice() -> None:
    nobody = CAMPAIGN.replace(targeting=Targeting([Place.at(45.0, -20.0, radius_km=10)]))
    assert what_to_change(nobody, draws=FEW) == ()


def test_a_cost_is_no_metric_of_which_more_is_better() -> None:
    with pytest.raises(InvalidInput):
        what_to_change(CAMPAIGN, "cpm")
