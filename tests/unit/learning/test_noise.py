"""Errors of observations: the short formulas against the matrices they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.learning.observed import Errors, Oddity, Weighing, leverage, own_factor, product, weights

ODD = Oddity(0.03, 6.0)


def some(rows: int = 12, latents: int = 5) -> tuple[np.ndarray, np.ndarray, Errors, np.ndarray]:
    rng = np.random.default_rng(1)
    campaign = np.sort(rng.integers(0, 4, rows))
    campaign = np.unique(campaign, return_inverse=True)[1].astype(np.int64)
    errors = Errors(rng.uniform(0.1, 0.4, rows), rng.uniform(0.0, 0.2, rows), campaign, np.full(rows, 0.5))
    return rng.standard_normal((rows, latents)), rng.standard_normal(rows), errors, rng.uniform(0.05, 1.0, rows)


def test_information_is_that_of_the_whole_covariance() -> None:
    slope, residual, errors, weight = some()
    factor = 1.3
    common = np.sqrt((factor * errors.model) ** 2 * errors.shared)
    same = errors.campaign[:, None] == errors.campaign[None, :]
    covariance = np.outer(common, common) * same
    covariance[np.diag_indices(12)] += (errors.variance(factor) - common**2) / weight
    inverse = np.linalg.inv(covariance)
    weighing = Weighing.of(errors, factor, weight)
    precision, gradient = weighing.information(slope, residual)
    np.testing.assert_allclose(precision, slope.T @ inverse @ slope, rtol=1e-9)
    np.testing.assert_allclose(gradient, slope.T @ inverse @ residual, rtol=1e-9)
    assert weighing.loss(residual) == pytest.approx(0.5 * residual @ inverse @ residual)


def test_ordinary_rows_keep_their_weight_and_odd_ones_lose_it() -> None:
    found = weights(np.array([0.0, 1.0, 4.0, 16.0, 36.0, 1e6]), np.ones(6), ODD)
    assert (np.diff(found) < 0.0).all()
    assert found[0] > 0.99
    assert found[2] > 0.9
    assert found[4] < 0.05
    assert found[5] == pytest.approx(1.0 / 36.0, rel=1e-3)


def test_an_account_that_scatters_less_or_more_is_seen_when_it_has_rows() -> None:
    errors = Errors(np.full(60, 0.3), np.zeros(60), np.arange(60), np.zeros(60))
    rng = np.random.default_rng(2)
    noise = rng.standard_normal(60)
    calm, wild = (own_factor((scale * 0.3 * noise) ** 2, errors, ODD, 0.35) for scale in (0.5, 2.0))
    assert 0.4 < calm < 0.7
    assert 1.6 < wild < 2.5
    few = Errors(errors.model[:1], errors.other[:1], errors.campaign[:1], errors.shared[:1])
    assert calm < own_factor((0.15 * noise[:1]) ** 2, few, ODD, 0.35) < wild


def test_no_row_says_nothing_of_the_scatter() -> None:
    nothing = Errors(*(np.zeros(0) for _ in range(2)), np.zeros(0, dtype=np.int64), np.zeros(0))
    assert own_factor(np.zeros(0), nothing, ODD, 0.35) == 1.0
    vague = Errors(np.full(2, 0.001), np.full(2, 5.0), np.arange(2), np.zeros(2))
    assert own_factor(np.ones(2), vague, ODD, 0.35) == pytest.approx(1.0, abs=0.02), "no jump with the first row"


@pytest.mark.parametrize("latents", [3, 150])
def test_products_are_the_same_by_either_way(latents: int) -> None:
    rng = np.random.default_rng(3)
    first, second = rng.standard_normal((20, latents)), rng.standard_normal((20, latents))
    np.testing.assert_allclose(product(first, second), first.T @ second, rtol=1e-9, atol=1e-12)
    covariance = first.T @ first
    np.testing.assert_allclose(leverage(second, covariance), np.diag(second @ covariance @ second.T), rtol=1e-9)
