"""Quantiles: the median is the value, the range is the range."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri

from simulator.reference.parameters import load_parameters
from simulator.reference.parameters.entry import Parameter
from tests.unit.reference.parameters.examples import load

RANGES: dict[str, tuple[float, float, float]] = {
    "lognormal": (4.0, 6.0, 9.0),
    "normal": (-1.0, 0.5, 1.0),
    "logitnormal": (0.29, 0.4, 0.54),
}


def one(folder: Path, family: str, low: float, value: float, high: float, level: float = 0.8) -> Parameter:
    limits: dict[str, Any] = {"family": family, "low": low, "high": high, "level": level}
    (entry,) = load(folder, value=value, range=limits)
    return entry


@pytest.mark.parametrize("family", RANGES)
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_the_median_is_the_value_and_the_level_lies_between_low_and_high(
    tmp_path: Path, family: str, level: float
) -> None:
    low, value, high = RANGES[family]
    entry = one(tmp_path, family, low, value, high, level)
    assert entry.quantile(0.5) == entry.value == entry.median == value
    tail = (1 - level) / 2
    np.testing.assert_allclose(entry.quantile([tail, 1 - tail]), [low, high], rtol=1e-12)


def test_sd_is_the_width_over_twice_the_normal_score(tmp_path: Path) -> None:
    score = 2 * float(ndtri(0.9))
    assert one(tmp_path, "lognormal", 4.0, 6.0, 9.0).log_sd == pytest.approx(math.log(9 / 4) / score)
    assert one(tmp_path, "normal", -1.0, 0.5, 1.0).sd == pytest.approx(2 / score)
    logits = math.log(0.54 / 0.46) - math.log(0.29 / 0.71)
    assert one(tmp_path, "logitnormal", 0.29, 0.4, 0.54).sd == pytest.approx(logits / score)


def test_log_sd_of_other_families_is_relative(tmp_path: Path) -> None:
    normal = one(tmp_path, "normal", 9.0, 10.0, 11.0)
    assert normal.log_sd == pytest.approx(normal.sd / 10.0)
    share = one(tmp_path, "logitnormal", 0.29, 0.4, 0.54)
    assert share.log_sd == pytest.approx(share.sd * 0.6)
    drawn = share.quantile((np.arange(4000) + 0.5) / 4000)
    assert np.log(drawn).std() == pytest.approx(share.log_sd, rel=0.1)


def test_uniform_reaches_beyond_its_level_and_keeps_its_spread(tmp_path: Path) -> None:
    entry = one(tmp_path, "uniform", 2.0, 4.0, 10.0, level=0.8)
    np.testing.assert_allclose(entry.quantile([0.1, 0.5, 0.9]), [2.0, 6.0, 10.0])
    drawn = entry.quantile((np.arange(1000) + 0.5) / 1000)
    assert drawn.std() == pytest.approx(entry.sd, rel=1e-3)


def test_quantiles_keep_the_shape_and_never_fall() -> None:
    points = np.linspace(0.001, 0.999, 60).reshape(3, 20)
    for entry in load_parameters().values():
        drawn = entry.quantile(points)
        assert drawn.shape == (3, 20)
        assert np.all(np.diff(drawn.ravel()) >= 0.0), entry.key
        assert np.all(np.isfinite(drawn)), entry.key


def test_shares_stay_shares_and_factors_stay_positive() -> None:
    extremes = np.array([1e-9, 1 - 1e-9])
    for entry in load_parameters().values():
        drawn = entry.quantile(extremes)
        if entry.family == "logitnormal":
            assert np.all((drawn > 0.0) & (drawn < 1.0)), entry.key
        if entry.family == "lognormal":
            assert np.all(drawn > 0.0), entry.key
