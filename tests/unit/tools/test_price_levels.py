"""Prices learnt from accounts: known truths are found again, and what is shipped is what the command gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.reference.parameters import load_parameters
from tools.research import evidence
from tools.research.account_prices import clustered_slope, fit_account
from tools.research.price_entries import as_parameters, price_defaults
from tools.research.price_levels import PUBLISHED, between_sd, learnt, pooled

needs_evidence = pytest.mark.skipif(
    not (evidence.FOLDER / "account_prices.csv").exists(), reason="the tables of accounts are not on this machine"
)


def test_an_account_is_found_again_in_its_classes() -> None:
    """Advertisements of one price, its slopes and its scatter, told in classes of money, showings and people only."""
    rng = np.random.default_rng(3)
    count = 600
    spend, size = np.exp(rng.uniform(4, 9, count)), np.exp(rng.uniform(np.log(3e3), np.log(2e6), count))
    log_price = np.log(5.0) + 0.05 * (np.log(spend / 5.3) - np.log(10.0)) - 0.12 * np.log(size / 3e6)
    shown = 1000 * spend / np.exp(log_price + 0.4 * rng.standard_normal(count))

    def low(values: np.ndarray, ratio: float) -> np.ndarray:
        return np.floor(ratio ** np.floor(np.log(values) / np.log(ratio)))

    rows = pd.DataFrame({
        "currency": "EUR", "spend_low": low(spend, 1.6), "spend_high": low(spend, 1.6) * 1.6 - 1,
        "impressions_low": low(shown, 1.3), "impressions_high": low(shown, 1.3) * 1.3 - 1,
        "log_size": np.log(low(size, 2.0) * 1.41), "days_class": "4-7", "regional": 0, "n": 1,
    })  # fmt: skip
    estimate, error = fit_account(rows, np.log(4.0))
    truth = {"mean": np.log(5.0), "spend": 0.05, "audience": -0.12, "spread": np.log(0.4)}
    for name, value in truth.items():
        assert abs(estimate[name] - value) < 3.0 * error[name] + 0.03, name
        assert error[name] < 0.1, name


def test_the_class_from_nothing_is_a_bound_and_tells_no_slope() -> None:
    rows = pd.DataFrame({
        "currency": "EUR", "spend_low": 0, "spend_high": 99,
        "impressions_low": [1000, 5000], "impressions_high": [4999, 9999],
        "log_size": np.nan, "days_class": "1", "regional": 0, "n": 5,
    })  # fmt: skip
    estimate, error = fit_account(rows, np.log(4.0))
    assert "spend" not in estimate
    assert "audience" not in estimate
    assert error["mean"] > 0.3


def test_accounts_are_pooled_and_sources_weigh_alike() -> None:
    rng = np.random.default_rng(1)
    many, few = rng.normal(0.0, 0.3, 400), rng.normal(1.0, 0.3, 8)
    mean, error = pooled([*many, *few], [0.1] * 408, ["many"] * 400 + ["few"] * 8)
    assert mean == pytest.approx(0.5, abs=0.15), "four hundred accounts of one source are one source"
    assert error > 0.2
    assert between_sd(many, np.full(400, 0.01), np.zeros(400)) == pytest.approx(np.sqrt(0.09 - 0.01), abs=0.04)


def test_errors_of_a_slope_are_clustered() -> None:
    rng = np.random.default_rng(2)
    x, group = rng.normal(size=400), np.repeat(np.arange(8), 50)
    own = rng.normal(0.0, 0.5, 8)[group]
    slope, error = clustered_slope(x, (0.1 + own) * x, np.ones(400), group)
    assert abs(slope - 0.1) < 3 * error
    assert 0.08 < error < 0.4, "eight clusters, not four hundred rows"


@needs_evidence
def test_the_shipped_prices_are_those_of_the_tables() -> None:
    shipped = load_parameters()
    found = price_defaults(learnt())
    assert {"prices.cpm.FR", "prices.objective.sales", "prices.trend", "delivery.model_error"} <= set(found)
    for key, default in found.items():
        entry = shipped[key]
        figures = pytest.approx((default.value, default.low, default.high), rel=2e-3)
        assert (entry.value, entry.low, entry.high) == figures, key
        assert (entry.origin, entry.reason) == (default.origin, default.reason), key


@needs_evidence
def test_a_source_left_out_takes_its_countries_with_it() -> None:
    shipped = load_parameters()
    without = as_parameters(shipped, learnt("classifieds-vn-2026"), "classifieds-vn-2026")
    assert "prices.cpm.VN" in shipped
    assert "prices.cpm.VN" not in without
    assert all(f"prices.cpm.{code}" in without for code in PUBLISHED)
    czech = as_parameters(shipped, learnt("adlib-cz-2021"), "adlib-cz-2021")
    assert czech["prices.audience_slope"].log_sd > without["prices.audience_slope"].log_sd
