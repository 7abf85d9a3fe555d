"""The referee's random numbers have the laws they claim."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats

pytest.importorskip("numba")
from numba import njit

from tests.referee import random_numbers
from tests.referee.random_numbers import next_normal, next_poisson, next_uniform, normal_quantile

SEED = np.uint64(20261122)


@njit
def uniforms(state, count):
    numbers = np.empty(count)
    for entry in range(count):
        state, numbers[entry] = next_uniform(state)
    return numbers


@njit
def normals(state, count):
    numbers = np.empty(count)
    for entry in range(count):
        state, numbers[entry] = next_normal(state)
    return numbers


@njit
def poissons(state, mean, count):
    numbers = np.empty(count, dtype=np.int64)
    none = math.exp(-mean)
    for entry in range(count):
        state, numbers[entry] = next_poisson(state, mean, none)
    return numbers


@njit
def quantiles(shares):
    return np.array([normal_quantile(share) for share in shares])


def test_the_layers_of_the_ziggurat_have_equal_areas_up_to_the_top() -> None:
    edges, heights = random_numbers.EDGES, random_numbers.HEIGHTS
    areas = edges[1:-1] * np.diff(heights[1:])
    assert heights[-1] == 1.0
    assert areas == pytest.approx(np.full(255, areas[0]), rel=1e-12)


def test_uniform_numbers_are_uniform_and_independent_of_the_one_before() -> None:
    drawn = uniforms(SEED, 1_000_000)
    assert stats.kstest(drawn, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.004


def test_normal_numbers_are_normal_also_far_out() -> None:
    drawn = normals(SEED, 4_000_000)
    assert stats.kstest(drawn[:1_000_000], "norm").pvalue > 0.001
    for limit in (2.0, 3.0, random_numbers.ZIGGURAT_EDGE, 4.2):
        expected = len(drawn) * special.ndtr(-limit)
        for count in (np.sum(drawn > limit), np.sum(drawn < -limit)):
            assert abs(count - expected) < 4.5 * math.sqrt(expected)
    assert abs(np.mean(drawn)) < 4.5 / math.sqrt(len(drawn))
    assert np.mean(drawn**4) == pytest.approx(3.0, abs=4.5 * math.sqrt(96.0 / len(drawn)))


@pytest.mark.parametrize("mean", [0.05, 2.7, 29.9, 30.1, 95.0])
def test_poisson_counts_have_their_law(mean: float) -> None:
    drawn = poissons(SEED, mean, 400_000)
    low, high = int(stats.poisson.ppf(1e-4, mean)), int(stats.poisson.ppf(1.0 - 1e-4, mean)) + 1
    expected = np.diff(stats.poisson.cdf([-np.inf, *np.arange(low, high), np.inf], mean)) * len(drawn)
    counted = np.histogram(np.clip(drawn, low, high), np.arange(low, high + 2))[0]
    common = expected > 5
    difference = counted[common] - expected[common]
    statistic = np.sum(difference**2 / expected[common])
    assert stats.chi2.sf(statistic, int(common.sum()) - 1) > 0.001


def test_the_quantile_agrees_with_scipy() -> None:
    shares = np.concatenate(
        [np.geomspace(1e-16, 0.4, 500), np.linspace(0.4, 0.6, 100), 1.0 - np.geomspace(1e-9, 0.4, 500)]
    )
    assert quantiles(shares) == pytest.approx(special.ndtri(shares), rel=2e-9, abs=1e-12)
