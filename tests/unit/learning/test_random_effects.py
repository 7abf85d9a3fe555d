"""Latent scores: every role is N(0, 1) in every context before any campaign, and contexts share what they should."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from simulator.learning.impute import WORLD, level_of
from simulator.learning.random_effects import (
    BY_ACCOUNT,
    BY_MONTH,
    DRIFT,
    LEARNT,
    MOST_POOLED,
    MOST_QUARTERS,
    UNTOLD_AUDIENCE,
    Context,
    Layout,
    carried_pooling,
    price_pooling,
)
from simulator.reference.parameters import load_parameters

PARAMETERS = load_parameters()
SEEN = [
    Context(country, goal, month, account)
    for country, goal, month, account in product(("FR", "CA", WORLD), ("leads", "reach"), ("3", "12"), ("A", "B", "C"))
]
ALONE = [Context(context.country, context.objective, context.month) for context in SEEN]
UNSEEN = [Context(), Context("US", "engagement", "7", "Z"), Context("FR", "engagement", "3", "")]


@pytest.mark.parametrize("contexts", [SEEN, ALONE, []], ids=["accounts", "one account", "none"])
@pytest.mark.parametrize("role", [*LEARNT, UNTOLD_AUDIENCE])
def test_a_score_is_standard_normal_before_any_campaign(role: str, contexts: list[Context]) -> None:
    layout = Layout.for_contexts(contexts, PARAMETERS)
    for context in [*contexts, *UNSEEN]:
        weights, rest = layout.weights(role, context)
        assert weights @ weights + rest == pytest.approx(1.0)
        assert rest >= 0.0


def test_a_seen_context_leaves_nothing_and_an_unseen_one_its_own_part() -> None:
    layout = Layout.for_contexts(ALONE, PARAMETERS)
    assert layout.weights("ctr_link", ALONE[0])[1] == pytest.approx(0.0)
    assert layout.weights("persistence", Context(objective="engagement"))[1] == pytest.approx(1.0 - layout.pooling)
    assert layout.weights("ctr_link", Context("FR", "engagement"))[1] == pytest.approx(1.0 - layout.pooling)
    assert layout.weights("ctr_link", Context("US", "leads"))[1] == pytest.approx(1.0 - layout.pooling)
    assert layout.weights("price_month", Context(month="7"))[1] == 1.0


def shared(layout: Layout, role: str, one: Context, other: Context) -> float:
    return float(layout.weights(role, one)[0] @ layout.weights(role, other)[0])


def test_goals_share_half_and_months_nothing() -> None:
    layout = Layout.for_contexts(ALONE, PARAMETERS)
    leads, reach = Context("FR", "leads", "3"), Context("FR", "reach", "12")
    assert shared(layout, "persistence", leads, reach) == pytest.approx(PARAMETERS.value("calibration.pooling"))
    assert shared(layout, "price_month", leads, reach) == 0.0
    assert shared(layout, "wear_out", leads, reach) == 1.0


@pytest.mark.parametrize(
    ("goal", "country", "halves"), [("leads", "FR", 0), ("leads", "CA", 1), ("reach", "FR", 1), ("reach", "CA", 2)]
)
def test_click_rates_share_half_with_another_goal_and_half_with_another_country(
    goal: str, country: str, halves: int
) -> None:
    layout = Layout.for_contexts(ALONE, PARAMETERS)
    half = PARAMETERS.value("calibration.pooling")
    found = shared(layout, "ctr_link", Context("FR", "leads", "3"), Context(country, goal, "12"))
    assert found == pytest.approx(half**halves)
    assert shared(layout, "persistence", Context("FR", "leads"), Context("CA", "leads")) == pytest.approx(1.0)


def test_click_rates_of_several_accounts_are_the_same_in_all_countries() -> None:
    layout = Layout.for_contexts(SEEN, PARAMETERS)
    first, second = Context("FR", "leads", "3", "A"), Context("CA", "leads", "3", "A")
    assert shared(layout, "ctr_link", first, second) == pytest.approx(1.0)


def test_a_country_that_is_little_known_shares_little() -> None:
    pooling = price_pooling(PARAMETERS)
    assert all(0.0 < share <= MOST_POOLED for share in pooling.values())
    between = PARAMETERS["calibration.account_price"].log_sd
    assert pooling["FR"] > pooling["XK" if "XK" in pooling else WORLD]
    layout = Layout.for_contexts(ALONE, PARAMETERS)
    found = shared(layout, "price_level", Context("FR"), Context("CA"))
    half = PARAMETERS.value("calibration.pooling")
    assert found == pytest.approx(half * np.sqrt(pooling["FR"] * pooling["CA"]))
    assert between > 0.0


def test_what_one_country_shows_is_never_carried_enlarged_to_another() -> None:
    loading = {
        code: (level_of(code, PARAMETERS).log_sd, share**0.5) for code, share in carried_pooling(PARAMETERS).items()
    }
    widest = max(spread * share for spread, share in loading.values())
    # How far another country's log price is expected to move when this one's is found to be off by 1.
    carried = [spread * share * widest / spread**2 for spread, share in loading.values()]
    assert min(carried) > 0.0
    assert max(carried) < 1.0


def test_several_accounts_keep_their_deviation_in_all_their_countries() -> None:
    pooling = price_pooling(PARAMETERS)
    layout = Layout.for_contexts(SEEN, PARAMETERS)
    found = shared(layout, "price_level", Context("FR", "leads", "3", "A"), Context("CA", "leads", "3", "A"))
    assert found == pytest.approx(np.sqrt(pooling["FR"] * pooling["CA"]))


def test_accounts_split_the_common_part() -> None:
    layout = Layout.for_contexts(SEEN, PARAMETERS)
    first, second = Context("FR", "leads", "3", "A"), Context("FR", "leads", "3", "B")
    for role in BY_ACCOUNT:
        assert 0.0 < shared(layout, role, first, second) < shared(layout, role, first, first)
    assert shared(layout, UNTOLD_AUDIENCE, first, second) == 0.0


def test_a_forecast_is_for_one_more_account() -> None:
    layout = Layout.for_contexts(SEEN, PARAMETERS)
    short, kept = layout.without_accounts()
    assert len(short) == len(kept) < len(layout)
    assert [layout.names[place] for place in kept] == list(short.names)
    for role in LEARNT:
        weights, rest = short.weights(role, Context("FR", "leads", "3"))
        assert weights @ weights + rest == pytest.approx(1.0)
    assert short.weights("price_level", Context("FR"))[1] > 0.0, "what accounts differ by is left to its own"


def test_one_account_has_no_account_scores() -> None:
    layout = Layout.for_contexts([Context("FR", "leads", "3", "A")], PARAMETERS)
    assert not any(own.startswith("account:") for _, own in layout.names)
    assert (UNTOLD_AUDIENCE, "") in layout.places


def test_the_design_is_the_weights_row_by_row() -> None:
    layout = Layout.for_contexts(SEEN, PARAMETERS)
    design = layout.design("ctr_link", SEEN)
    assert design.shape == (len(SEEN), len(layout))
    np.testing.assert_array_equal(design[5], layout.weights("ctr_link", SEEN[5])[0])


def test_months_have_no_common_part() -> None:
    assert all((role, "") not in Layout.for_contexts(SEEN, PARAMETERS).places for role in BY_MONTH)


def test_prices_walk_from_quarter_to_quarter_and_the_level_is_that_of_the_last() -> None:
    seen = [Context("FR", "leads", quarter=str(quarter)) for quarter in (218, 220, 221)]
    layout = Layout.for_contexts(seen, PARAMETERS)
    steps = [layout.weights(DRIFT, context)[0] for context in seen]
    assert [float(step @ step) for step in steps] == [3.0, 1.0, 0.0], "one step a quarter, those of a year ago further"
    assert float(steps[0] @ steps[1]) == 1.0, "and what both have walked is common"
    assert not layout.weights(DRIFT, Context("FR", "leads"))[0].any(), "a row without dates is of the last"
    old = Layout.for_contexts([*seen, Context("FR", quarter="20")], PARAMETERS)
    assert sum(role == DRIFT for role, _ in old.names) == MOST_QUARTERS
