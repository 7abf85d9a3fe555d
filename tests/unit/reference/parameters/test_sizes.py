"""A number that nothing in the world can have is refused with its key, what was received and what is allowed."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from simulator.base.errors import ParameterError
from simulator.reference.parameters import load_parameters
from simulator.reference.parameters.entry import FIGURE, MONEY, beyond
from tests.unit.reference.parameters.examples import load

SHIPPED = load_parameters()
PRICES = [key for key, parameter in SHIPPED.items() if parameter.currency]


@pytest.mark.parametrize("power", [300, 10, -7, -300])
@pytest.mark.parametrize("key", [PRICES[0], "prices.cpm.FR", PRICES[-1]])
def test_a_price_of_another_world_is_refused(key: str, power: int) -> None:
    with pytest.raises(ParameterError) as caught:
        load_parameters({key: 10.0**power})
    unit = SHIPPED[key].unit
    said = f"override [{key}]: received {10.0**power:g}; allowed: 1e-06 to 1e+09 {unit}. Correct the number"
    assert caught.value.message.startswith(said)


@pytest.mark.parametrize(
    ("change", "received"),
    [
        ({"range": {"high": 1e12}}, "1e+12"),
        ({"range": {"low": 1e-12}}, "1e-12"),
        ({"value": 1e-300, "range": {"low": 1e-301, "high": 1e-299}}, "1e-300"),
    ],
)
def test_neither_may_its_range_reach_there(change: dict[str, Any], received: str) -> None:
    with pytest.raises(ParameterError, match="allowed: 1e-06 to") as caught:
        load_parameters({"prices.cpm.FR": change})
    assert caught.value.data["received"] == f"received {received}"


@pytest.mark.parametrize(
    "key", ["delivery.activity_shape", "audience.bound", "presence.overlap_odds", "exchange_rates.units_per_euro.JPY"]
)
@pytest.mark.parametrize("value", [1e300, 1e13, 1e-13, 1e-300])
def test_a_figure_whose_square_is_none_is_refused(key: str, value: float) -> None:
    with pytest.raises(ParameterError, match="by its size 1e-12 to 1e\\+12") as caught:
        load_parameters({key: value})
    assert key in caught.value.data["field"]


def test_what_a_family_cannot_hold_is_said_by_its_family() -> None:
    with pytest.raises(ParameterError, match="lognormal needs numbers above 0"):
        load_parameters({"prices.cpm.FR": -1.0})


def test_a_file_is_looked_at_as_well(tmp_path: Path) -> None:
    priced = {"reason": "A slip", "currency": "EUR", "country": "FR", "price_year": 2025}
    fixed = {"family": "fixed"}
    assert load(tmp_path, value=MONEY[1], range=fixed, **priced)
    with pytest.raises(ParameterError, match=r"prices\.toml \[level\.FR\]: received 1e\+10"):
        load(tmp_path, value=1e10, range=fixed, **priced)
    assert load(tmp_path, value=0.0, range=fixed)
    with pytest.raises(ParameterError, match="received 0;"):
        load(tmp_path, value=0.0, range=fixed, **priced)


def test_every_price_of_the_world_has_room() -> None:
    """A thousand times more or less than what is shipped, the dearest currency to the cheapest, is still taken."""
    for key in PRICES:
        for factor in (1e-3, 1e3):
            value = SHIPPED[key].value * factor
            assert load_parameters({key: value}).value(key) == value
    assert all(beyond(parameter) is None for parameter in SHIPPED.values())
    assert math.isfinite(FIGURE[1] ** 2 / FIGURE[0] ** 2)
