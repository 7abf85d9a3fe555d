"""Invariants of model.md, section 8, of whole forecasts: each takes any campaign and raises AssertionError.

The same draws meet in all forecasts of a campaign (same seed), so what holds must hold draw by draw.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from random import Random

import numpy as np

from simulator import Campaign, Forecast
from simulator.base.metrics import METRICS
from simulator.forecasting.engine import Engine
from simulator.forecasting.simulate import budget_curve, simulate
from simulator.model.simulation import run
from simulator.reference.parameters import units_per_euro

DRAWS = 16
SLACK = 2e-3
"""Quadrature and interpolation of reach (1e-3), and where the two forms of the count noise meet (1e-3)."""
INTERPOLATED = 1e-5
"""Under a cap of one showing reach is impressions; both are read off a curve."""
BID_SLACK = 1e-5
ALL_WON = 6.0
"""Under a cap the bid is read off a curve that ends there."""
COUNTS = ("impressions", "reach", "link_clicks", "clicks_all", "reactions", "comments", "shares", "engagements")
QUANTILES = ("p10", "p50", "p90")


@lru_cache(maxsize=4)
def forecast(campaign: Campaign, seed: int) -> Forecast:
    """Simulate with few draws; the last few forecasts are kept, because every check starts from the same one."""
    return simulate(campaign, seed=seed, draws=DRAWS)


def figures_fit_together(campaign: Campaign, seed: int, random: Random) -> None:
    """Invariants 1, 5 and 11: order, identities and bounds in every draw."""
    found = forecast(campaign, seed)
    draws = found.draws
    for name in METRICS:
        band = found.band(name)
        assert np.isfinite(draws[name]).all(), name
        assert (draws[name] >= 0.0).all(), name
        assert 0.0 <= band.p10 <= band.p50 <= band.p90, name
    assert (draws["reach"] <= np.minimum(draws["impressions"], draws["audience_size"]) * (1 + 1e-9)).all()
    assert (draws["frequency"][draws["reach"] > 0.0] >= 1.0 - 1e-9).all()
    assert (draws["spend"] <= campaign.spend_planned * (1.0 + 1e-9)).all()
    assert (draws["link_clicks"] <= draws["clicks_all"] * (1 + 1e-9)).all()
    assert (draws["engagements"] <= draws["clicks_all"] * (1 + 1e-9)).all()
    assert (draws["link_clicks"] <= draws["impressions"]).all()
    paid = draws["impressions"] > 0.0
    np.testing.assert_allclose((draws["cpm"] * draws["impressions"])[paid], 1000.0 * draws["spend"][paid], rtol=1e-9)
    assert found.reach_kplus[0] == found.reach
    for quantile in (*QUANTILES, "mean"):
        values = [getattr(band, quantile) for band in found.reach_kplus]
        assert (np.diff(values) <= 0.0).all(), quantile
    for causes in found.width.values():
        assert abs(sum(causes.values()) - 1.0) < 1e-9 or not any(causes.values())


def days_and_segments_add_up(campaign: Campaign, seed: int, random: Random) -> None:
    """What builds up day by day ends at the whole; segments add up to it; nobody is reached twice."""
    found = forecast(campaign, seed)
    if found.reasons and not found.segments:
        return
    days = found.by_day()
    assert len(days) == campaign.duration_days
    for metric in ("spend", "impressions", "reach", "link_clicks"):
        for quantile in QUANTILES:
            column = days[f"{metric}_{quantile}"].to_numpy()
            assert (np.diff(column) >= -SLACK * column[1:]).all(), metric
            whole = getattr(found.band(metric), quantile)
            assert abs(column[-1] - whole) <= 5e-3 * whole, metric
    rows = found.by_segment()
    assert (rows["reach"] <= rows[["audience_size", "impressions"]].min(axis=1) * (1 + INTERPOLATED)).all()
    shown = rows["facebook_impressions"] + rows["instagram_impressions"]
    np.testing.assert_allclose(shown, rows["impressions"], rtol=1e-9, atol=1e-12)


def more_money_reaches_more(campaign: Campaign, seed: int, random: Random) -> None:
    """Invariants 2 and 11: quantiles rise along the curve, and the curve goes through the forecast."""
    middle = campaign.spend_per_day
    most = campaign.most_per_day
    budgets = [0.0, middle / random.uniform(1.01, 20.0), middle, min(middle * random.uniform(1.01, 20.0), most)]
    curve = budget_curve(campaign, budgets, seed=seed, draws=DRAWS)
    for metric in ("reach", "impressions"):
        for quantile in (*QUANTILES, "mean"):
            column = curve[f"{metric}_{quantile}"].to_numpy()
            assert column[0] == 0.0
            assert (np.diff(column) >= -SLACK * column[1:]).all(), f"{metric}_{quantile}"
    at_middle, found = curve.loc[middle], forecast(campaign, seed)
    for metric in ("reach", "impressions", "frequency", "link_clicks", "cpm"):
        for quantile in QUANTILES:
            expected = getattr(found.band(metric), quantile)
            assert abs(at_middle[f"{metric}_{quantile}"] - expected) <= 1e-3 * expected, metric


def more_days_reach_more(campaign: Campaign, seed: int, random: Random) -> None:
    """Invariant 2 at a fixed daily budget, without a start: prices of other months are another matter."""
    if campaign.frequency_cap is not None:
        return
    short = campaign.replace(start=None, duration_days=min(campaign.duration_days, 180))
    longer = short.replace(duration_days=random.randint(short.duration_days, 365))
    assert_not_above(forecast(short, seed), forecast(longer, seed), ("impressions", "reach"))


def more_people_reach_more(campaign: Campaign, seed: int, random: Random) -> None:
    """Invariant 2: neither impressions nor the middle of reach fall with the audience.

    Impressions in every draw. Reach may fall in a draw whose segments part at the least difference of price: more
    people let the same money stay with the cheapest, who then see it more often.
    """
    size = campaign.targeting.audience_size or 20_000.0
    some = campaign.replace(targeting=campaign.targeting.replace(audience_size=size))
    more = campaign.replace(targeting=campaign.targeting.replace(audience_size=size * random.uniform(1.0, 50.0)))
    first, second = forecast(some, seed), forecast(more, seed)
    assert_not_above(first, second, ("audience_size", "impressions"))
    for middle in ("p50", "mean"):  # the outer quantiles of a few draws are those single draws
        assert getattr(first.reach, middle) <= getattr(second.reach, middle) * (1.0 + SLACK), middle


def currency_changes_no_count(campaign: Campaign, seed: int, random: Random) -> None:
    """Invariant 6."""
    other = random.choice(("EUR", "USD", "CAD", "JPY", "NOK"))
    rate = units_per_euro(other) / units_per_euro(campaign.currency)
    abroad = campaign.replace(currency=other, daily_budget=campaign.spend_per_day * rate, total_budget=None)
    once, again = forecast(campaign, seed), forecast(abroad, seed)
    for name in COUNTS:
        np.testing.assert_allclose(again.draws[name], once.draws[name], rtol=1e-6, atol=1e-6, err_msg=name)
    np.testing.assert_allclose(again.draws["cpm"], once.draws["cpm"] * rate, rtol=1e-6)


def order_and_seed_decide_nothing_else(campaign: Campaign, seed: int, random: Random) -> None:
    """Invariants 8 and 11: places, interests and platforms in any order; the same seed gives the same numbers."""
    targeting = campaign.targeting
    turned = campaign.replace(
        targeting=targeting.replace(places=targeting.places[::-1], interests=targeting.interests[::-1]),
        platforms=campaign.platforms[::-1],
    )
    once, same, again = forecast(campaign, seed), simulate(campaign, seed=seed, draws=DRAWS), forecast(turned, seed)
    for name in METRICS:
        assert (once.draws[name] == same.draws[name]).all(), name
        np.testing.assert_allclose(again.draws[name], once.draws[name], rtol=1e-6, atol=1e-9, err_msg=name)


def a_cap_makes_showings_dearer(campaign: Campaign, seed: int, random: Random) -> None:
    """At equal budget a cap raises the bid, and under a cap of the campaign nobody sees it more often.

    On one platform CPM rises with the bid and no more is shown. On two it may fall a little: a cap stops people on
    both, who meet the dearer platform as well, and the money goes on to people of the cheaper one alone.
    """
    if campaign.frequency_cap is None:
        return
    capped, free = forecast(campaign, seed), forecast(campaign.replace(frequency_cap=None), seed)
    spent = np.isclose(capped.draws["spend"], free.draws["spend"], rtol=1e-6)
    assert (capped.draws["spend"] <= free.draws["spend"] * (1.0 + 1e-6)).all()
    assert (bids(campaign, seed) >= bids(campaign.replace(frequency_cap=None), seed) - BID_SLACK)[spent].all()
    if len(campaign.platforms) == 1:
        noise = 1e-3 * free.draws["impressions"]
        assert (capped.draws["impressions"] <= free.draws["impressions"] + noise).all()
        assert (capped.draws["cpm"] >= free.draws["cpm"] * (1.0 - 1e-3))[spent].all()
    times, days = campaign.frequency_cap
    most = times * int(np.ceil(campaign.duration_days / days))
    assert all(band.p90 == 0.0 for band in capped.reach_kplus[most:])
    assert (capped.draws["frequency"] <= most * (1.0 + 1e-3) + few_people(capped)).all()


def bids(campaign: Campaign, seed: int) -> np.ndarray:
    """Return the place of the bid in every draw and cell, shape (draw, cell); 9 and more win every slot."""
    engine = Engine(seed=seed, draws=DRAWS)
    if engine.audience(campaign).size <= 0.0:
        return np.zeros((DRAWS, 1))
    found = run(engine.sample(campaign).setting, np.array([campaign.spend_per_day]), 1).z[:, 0]
    return np.clip(found, -40.0, ALL_WON)


def few_people(found: Forecast) -> np.ndarray:
    """Return a slack for the noise of counts, which impressions and reach share only in part."""
    return 3.0 / np.sqrt(np.maximum(found.draws["reach"], 1e-9)) * found.draws["frequency"]


def assert_not_above(first: Forecast, second: Forecast, metrics: tuple[str, ...]) -> None:
    """Raise unless every draw of ``second`` is at least that of ``first``."""
    for metric in metrics:
        assert (first.draws[metric] <= second.draws[metric] * (1.0 + SLACK) + 1e-9).all(), metric


Check = Callable[[Campaign, int, Random], None]
CHECKS: tuple[Check, ...] = (
    figures_fit_together,
    days_and_segments_add_up,
    more_money_reaches_more,
    more_days_reach_more,
    more_people_reach_more,
    currency_changes_no_count,
    order_and_seed_decide_nothing_else,
    a_cap_makes_showings_dearer,
)
"""Every invariant of a forecast, to be tried on any campaign."""
