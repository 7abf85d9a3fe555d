"""Price levels by country, and of a row that tells none."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.learning.impute import DAYS_A_YEAR, WORLD, all_levels, level_of
from simulator.reference.parameters import cpm_level, load_parameters, units_per_euro

PARAMETERS = load_parameters()


def test_a_country_has_the_level_of_a_forecast() -> None:
    for code in ("FR", "CA", "PL", "GA"):
        assert level_of(code, PARAMETERS) == cpm_level(code, PARAMETERS)


def test_the_world_is_as_doubtful_as_a_country_without_a_price() -> None:
    world, entry = level_of(WORLD, PARAMETERS), PARAMETERS["prices.cpm.world"]
    assert world.median == pytest.approx(entry.value / units_per_euro(entry.currency, PARAMETERS))
    assert world.log_sd > max(entry.log_sd, PARAMETERS["prices.fallback_error"].log_sd)
    assert world.log_sd > level_of("FR", PARAMETERS).log_sd
    assert world.is_assumption


def test_all_levels_are_of_one_day() -> None:
    parameters = PARAMETERS.replace({"prices.cpm.DE": {"price_year": 2020}})
    levels = all_levels(parameters)
    assert {"FR", "CA", WORLD} <= levels.keys()
    date = level_of(WORLD, parameters).price_date
    assert level_of("DE", parameters).price_date.year == 2020 < date.year
    for code in ("FR", "DE"):
        level = level_of(code, parameters)
        years = (date - level.price_date).days / DAYS_A_YEAR
        middle, spread = levels[code]
        assert middle == pytest.approx(np.log(level.median) + years * PARAMETERS.value("prices.trend"))
        assert spread == level.log_sd
