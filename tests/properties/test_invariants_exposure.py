"""Invariants of model.md, section 8, on exposure alone: reach and frequency given impressions."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from simulator.model import expected_reach
from simulator.model.exposure import reach_shares

SHARE = st.floats(math.log(1e-7), math.log(0.99)).map(math.exp)
SLOTS = st.floats(math.log(1.0), math.log(25.0 * 365)).map(math.exp)
SHAPE = st.floats(0.6, 1.4)
PERSISTENCE = st.floats(0.0, 0.85)
OBJECTIVE = st.sampled_from(["reach", "impressions", "link_clicks", "engagement", "leads", "boosted_post"])
PEOPLE = st.floats(math.log(1.0), math.log(1e9)).map(math.exp)
PER_PERSON = st.floats(math.log(1e-6), math.log(300.0)).map(math.exp)
DAYS = st.floats(1.0, 365.0)
FEW = settings(max_examples=80)


@FEW
@given(SHARE, SLOTS, SHAPE, PERSISTENCE)
def test_shares_are_ordered_and_within_the_showings(won: float, slots: float, alpha: float, rho: float) -> None:
    """Invariant 1."""
    shares = reach_shares(ndtri(won), slots, alpha, rho)
    assert (shares >= 0.0).all()
    assert (np.diff(shares) <= 0.0).all()
    assert shares[0] <= min(1.0, won * slots) * (1.0 + 1e-5)


@settings(max_examples=30)
@given(SHARE, st.floats(1.0, 40.0), SHAPE, PERSISTENCE)
def test_the_sum_over_k_is_the_showings(won: float, slots: float, alpha: float, rho: float) -> None:
    """Invariant 1: Σ R_k = I."""
    shares = reach_shares(ndtri(won), slots, alpha, rho, k_max=1000)
    np.testing.assert_allclose(shares.sum(), won * slots, rtol=2e-3)


@FEW
@given(SHARE, SLOTS, SHAPE, PERSISTENCE, st.floats(1.001, 100.0))
def test_more_showings_or_days_reach_more(won: float, slots: float, alpha: float, rho: float, more: float) -> None:
    """Invariant 2, z and days each alone; the slack is the quadrature's."""
    z, nodes = ndtri(won), 64
    once = reach_shares(z, slots, alpha, rho, nodes=nodes)
    longer = reach_shares(z, slots * more, alpha, rho, nodes=nodes)
    richer = reach_shares(ndtri(min(won * more, 1.0 - 1e-9)), slots, alpha, rho, nodes=nodes)
    assert (longer >= once * (1.0 - 1e-5)).all()
    assert (richer >= once * (1.0 - 1e-5)).all()


@FEW
@given(SHARE, SLOTS, SHAPE, PERSISTENCE)
def test_alone_or_in_company(won: float, slots: float, alpha: float, rho: float) -> None:
    """Invariant 11: a scalar equals its place in a large array (given the nodes), to the last digits."""
    z = float(ndtri(won))
    alone = reach_shares(z, slots, alpha, rho, nodes=24)
    others = np.linspace(-5.0, 2.0, 1500)
    others[1100] = z
    together = reach_shares(others, slots, alpha, rho, nodes=24)
    np.testing.assert_allclose(together[1100], alone, rtol=1e-10)


@FEW
@given(PER_PERSON, PEOPLE, DAYS, OBJECTIVE)
def test_expected_reach_is_ordered_and_within_people_and_showings(
    per_person: float, people: float, days: float, objective: str
) -> None:
    """Invariant 1, whatever the impressions: also more than the slots hold."""
    reach = expected_reach(per_person * people, people, days, objective)
    assert (reach >= 0.0).all()
    assert (np.diff(reach) <= 0.0).all()
    assert reach[0] <= min(people, per_person * people) * (1.0 + 1e-12)


@settings(max_examples=30)
@given(st.floats(math.log(1e-6), math.log(60.0)).map(math.exp), PEOPLE, st.floats(1.0, 40.0), OBJECTIVE)
def test_expected_reach_adds_up_to_the_impressions(
    per_person: float, people: float, days: float, objective: str
) -> None:
    """Invariant 1: Σ R_k is the impressions within 1 %, with k_max far above the slots a person has."""
    days = days / 10.0 if objective == "impressions" else days
    reach = expected_reach(per_person * people, people, days, objective, k_max=1000)
    np.testing.assert_allclose(reach.sum(), per_person * people, rtol=0.01)


@FEW
@given(PER_PERSON, PEOPLE, DAYS, st.floats(1.0, 100.0), OBJECTIVE)
def test_expected_reach_never_falls_with_days_at_a_daily_rate(
    per_day: float, people: float, days: float, more: float, objective: str
) -> None:
    """Invariant 2: reach never falls with days at a fixed daily budget, so at fixed impressions a day."""
    shown = per_day * people / 365.0
    lengths = np.array([days, min(days * more, 365.0)])
    first, second = expected_reach(shown * lengths, people, lengths, objective)
    assert (second >= first * (1.0 - 2e-3)).all()


@FEW
@given(PER_PERSON, PEOPLE, DAYS, st.floats(1e-3, 1e3), st.floats(1.0, 50.0), OBJECTIVE)
def test_expected_reach_scales_and_grows_with_the_audience(
    per_person: float, people: float, days: float, factor: float, more: float, objective: str
) -> None:
    """Invariants 6 and 2."""
    shown = per_person * people
    once = expected_reach(shown, people, days, objective)
    scaled = expected_reach(shown * factor, people * factor, days, objective)
    np.testing.assert_allclose(scaled, once * factor, rtol=1e-9)
    assert expected_reach(shown, people * more, days, objective)[0] >= once[0] * (1.0 - 1e-3)


@FEW
@given(SLOTS, SHAPE, PERSISTENCE)
def test_a_trickle_meets_everybody_once(slots: float, alpha: float, rho: float) -> None:
    """Invariant 4: B → 0 gives R_1/I → 1, slowly above ρ = 0.3."""
    z = np.array([-4.0, -6.0, -9.0])
    ratios = reach_shares(z, slots, alpha, rho, k_max=1)[:, 0] / (slots * ndtr(z))
    assert (np.diff(ratios) >= -1e-3).all()
    if rho <= 0.3:
        assert ratios[-1] > 0.999
