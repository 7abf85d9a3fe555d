"""The fit: what rows teach and what they cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.learning.backtest import backtest
from simulator.learning.fit import Fitted, fit_scores
from simulator.learning.random_effects import Context
from simulator.learning.rows import usable_rows
from simulator.model import expected_reach
from simulator.reference.parameters import load_parameters
from tests.unit.learning.tables import one, table

PARAMETERS = load_parameters()
HERE = Context("FR", "link_clicks")


def fitted(frame: pd.DataFrame, start: Fitted | None = None) -> Fitted:
    return fit_scores(usable_rows(frame, PARAMETERS), PARAMETERS, start)


def score(fit: Fitted, role: str, context: Context = HERE) -> tuple[float, float]:
    weights, rest = fit.layout.weights(role, context)
    return float(weights @ fit.mean), float(np.sqrt(weights @ fit.covariance @ weights + rest))


def test_no_row_is_the_prior() -> None:
    fit = fitted(table().iloc[:0])
    assert (fit.mean == 0.0).all()
    np.testing.assert_array_equal(fit.covariance, np.eye(len(fit.layout)))


def test_dear_and_cheap_accounts_are_told_apart() -> None:
    cheap, dear = (score(fitted(table(10, cpm=cpm)), "price_level") for cpm in (3.0, 14.0))
    assert cheap[0] < -0.5 < 0.5 < dear[0]
    assert max(cheap[1], dear[1]) < 0.8


def test_more_rows_are_surer() -> None:
    spreads = [score(fitted(table(count)), "ctr_link")[1] for count in (1, 3, 10, 40)]
    assert (np.diff(spreads) < 0.0).all()


def test_one_odd_row_barely_moves_the_rest() -> None:
    # Reach as the formula has it, give or take 5 %: one frequency for every budget would itself be odd.
    sound = table(12)
    days = (sound["end"] - sound["start"]).dt.days + 1
    scatter = np.exp(0.05 * np.random.default_rng(1).standard_normal(12))
    sound["reach"] = np.round(expected_reach(sound["impressions"], 300_000.0, days)[:, 0] * scatter)
    spoiled = sound.copy()
    spoiled.loc[5, ["impressions", "reach"]] /= 40.0
    spoiled.loc[5, "link_clicks"] = 0.0
    before, after = fitted(sound), fitted(spoiled)
    for role in ("price_level", "persistence", "ctr_link"):
        (middle, spread), (moved, _) = score(before, role), score(after, role)
        assert abs(moved - middle) < 0.35 * spread, role


def test_constant_spending_says_nothing_of_curvature_and_different_budgets_do() -> None:
    frame = table(20, spread=0.05).assign(days=7.0, end=None, audience_size=30_000.0)
    constant = frame.assign(spend=120.0, impressions=[15_000.0, 16_000.0] * 10, reach=[9_000.0, 9_500.0] * 10)
    _, before = score(fitted(frame.iloc[:0]), "price_dispersion")
    _, same = score(fitted(constant), "price_dispersion")
    budgets = np.geomspace(15.0, 700.0, 20)
    steep = 1000.0 * budgets / (6.0 * (budgets / 100.0) ** 0.25)
    rising = constant.assign(spend=budgets, impressions=steep, reach=np.minimum(0.7 * steep, 28_000.0))
    middle, different = score(fitted(rising), "price_dispersion")
    assert before == 1.0
    assert same > 0.9
    assert different < same
    assert middle > 0.3, "a price that rises with the budget"


def test_the_season_is_taken_from_the_account_where_it_shows_one() -> None:
    index = PARAMETERS.table("prices.month")
    start = np.array([np.datetime64(f"{2023 + n // 12}-{n % 12 + 1:02d}-08") for n in range(36)])
    of = np.array([index[str(n % 12 + 1)] for n in range(36)])
    frame = table(36, start=start, end=start + 9, spend=100.0, campaign=[f"c{n}" for n in range(36)])
    found = []
    for strength in (0.0, 2.5):
        impressions = np.round(1000.0 * 100.0 / (8.0 * of**strength))
        found.append(score(fitted(frame.assign(impressions=impressions, reach=impressions / 1.4)), "month_strength"))
    assert found[0][0] < -0.3
    assert found[1][0] > 0.3
    assert max(spread for _, spread in found) < 0.9


def test_the_order_of_rows_does_not_matter() -> None:
    frame = table(15, objective=["leads", "link_clicks", "reach"] * 5)
    there, back = fitted(frame), fitted(frame.iloc[::-1])
    for role in ("price_level", "persistence", "ctr_link", "price_objective"):
        np.testing.assert_allclose(score(there, role), score(back, role), atol=2e-3)


def test_beginning_from_a_fit_of_fewer_rows_ends_at_the_same_place() -> None:
    frame = table(20)
    fresh, warm = fitted(frame), fitted(frame, fitted(frame.iloc[:12]))
    for role in ("price_level", "persistence", "ctr_link", "price_dispersion"):
        np.testing.assert_allclose(score(fresh, role), score(warm, role), atol=0.05)


def test_parts_of_one_campaign_teach_less_than_as_many_campaigns() -> None:
    apart, parts = (
        table(8),
        table(8).assign(campaign="one", start="2025-03-01", end="2025-03-10", ad_set=list("abcdefgh")),
    )
    apart = apart.assign(start="2025-03-01", end="2025-03-10")
    assert score(fitted(parts), "price_level")[1] > score(fitted(apart), "price_level")[1]


def test_another_goal_and_another_country_learn_half_of_it() -> None:
    places = [Context(code) for code in ("FR", "CA", "GA")]
    dear = [score(fitted(table(30, cpm=20.0)), "price_level", place)[0] for place in places]
    assert dear[0] > dear[1] > dear[2] > 0.0
    fit = fitted(table(30, cpm=9.0))
    own, elsewhere, unknown = (score(fit, "price_level", place) for place in places)
    assert own[0] > elsewhere[0] > unknown[0] > 0.0
    assert own[1] < elsewhere[1] < unknown[1] < 1.0
    assert score(fit, "ctr_link")[1] < score(fit, "ctr_link", Context("FR", "leads"))[1] < 1.0


def test_several_accounts_tell_less_of_one_more_than_of_themselves() -> None:
    frame = pd.concat([table(8, seed=n, cpm=cpm) for n, cpm in enumerate((4.0, 8.0, 16.0))], ignore_index=True)
    several = fitted(frame.assign(account=np.repeat(["A", "B", "C"], 8)))
    own, other = (score(several, "price_level", Context("FR", "link_clicks", account=name)) for name in ("A", "new"))
    assert own[0] < other[0]
    assert own[1] < other[1] < 1.0


@pytest.mark.parametrize(
    "changes",
    [
        {"audience_size": 200.0},
        {"audience_size": 1e10},
        {"audience_size": np.nan},
        {"reach": np.nan},
        {"link_clicks": np.nan},
        {"link_clicks": 0.0},
        {"spend": 0.02, "impressions": 100.0, "reach": 100.0},
        {"spend": 9e5, "impressions": 1e8, "reach": 2e7},
        {"days": 3000.0},
        {"start": "soon", "end": "Ongoing"},
    ],
    ids=str,
)
def test_strange_rows_still_give_a_proper_posterior(changes: dict[str, object]) -> None:
    for frame in (one(**changes), pd.concat([table(6), one(**changes)], ignore_index=True)):
        fit = fitted(frame)
        assert np.isfinite(fit.mean).all()
        assert (np.linalg.eigvalsh(fit.covariance) > 0.0).all()
        assert (np.diag(fit.covariance) <= 1.0 + 1e-9).all()
        assert all(0.3 < factor < 4.0 for factor in fit.scatter.values())


def test_an_account_of_another_kind_is_believed_after_three_campaigns() -> None:
    found = backtest(table(4, cpm=30.0, spread=0.05), draws=64).forecasts
    last = found[(found.origin == 3) & (found.method == "calibrated") & (found.metric == "cpm")]
    assert abs(float(np.log(last.p50 / last.actual).iloc[0])) < 0.25
