"""Word of mouth of a campaign: apart from paid reach, a tail, and nothing without shares."""

from __future__ import annotations

import numpy as np
import pytest

from simulator import Campaign, Place, Targeting, simulate
from simulator.base.errors import InvalidInput
from simulator.channels import earned
from simulator.channels.earned import passed_on
from simulator.model import earned as branching
from simulator.reference.parameters import load_parameters

PAU = Campaign(
    targeting=Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54),
    daily_budget=5,
    objective="boosted_post",
)


def test_it_has_a_long_tail_and_stays_apart_from_paid_reach() -> None:
    forecast = simulate(PAU)
    before = forecast.to_dict()
    found = earned(forecast)
    assert forecast.to_dict() == before
    assert found.reach.p10 <= found.reach.p50 < found.reach.mean < found.reach.p90
    assert 0.0 < found.chance_of_buzz < 0.05
    assert 0.0 < found.chance_of_cascade < 0.05
    assert found.to_dict() == earned(simulate(PAU)).to_dict()


def test_most_cascades_never_leave_the_first_share_and_stay_small() -> None:
    """As published: 93 to 95 % are never passed on, mean size at most two."""
    known = load_parameters()
    mean, shape = (np.array(known.value(f"organic.earned.{name}")) for name in ("reshares", "reshare_shape"))
    assert 0.93 <= branching.never_shared(mean, shape) <= 0.95
    assert branching.mean_and_variance(np.array(1.0), mean, shape)[0] < 2.0
    assert known["organic.earned.reshares"].quantile(np.array([0.999]))[0] < 1.0, "every cascade ends"


def test_more_shares_more_people_and_none_without_any() -> None:
    known = load_parameters()
    few, many = (passed_on(np.full(256, shares), 0, known) for shares in (1.0, 50.0))
    assert many.reach.p50 > 10.0 * few.reach.p50
    assert few.chance_of_buzz > many.chance_of_buzz, "many cascades even each other out"
    none = passed_on(np.zeros(256), 0, known)
    assert none.reach.p90 == none.chance_of_buzz == 0.0


def test_circles_of_those_who_share_differ() -> None:
    fixed = {
        f"organic.earned.{name}": {"value": value, "range": {"family": "fixed"}}
        for name, value in {
            "people_per_share": 40.0,
            "audience_shape": 0.5,
            "reshares": 0.1,
            "reshare_shape": 0.1,
        }.items()
    }
    found = passed_on(np.full(4096, 20.0), 0, load_parameters(fixed))
    people = found.draws["reach"] / found.draws["shares"]
    assert people.mean() == pytest.approx(40.0, rel=0.05)
    assert people.std() == pytest.approx(40.0 / np.sqrt(0.5 * found.draws["shares"].mean()), rel=0.15)


def test_something_else_than_a_forecast_is_refused() -> None:
    with pytest.raises(InvalidInput, match="a Forecast"):
        earned(PAU)  # type: ignore[arg-type]
