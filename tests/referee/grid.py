"""The settings at which the formulas are judged (model.md section 7), the whole grid and the few of the test suite."""

from __future__ import annotations

from dataclasses import replace

from scipy.special import ndtr, ndtri

from tests.referee.cases import Case

DAYS = (1, 7, 28)
PERSISTENCE = (0.0, 0.3, 0.6, 0.85)
OPPORTUNITIES = {0.001: 4e8, 0.01: 1e8, 0.1: 5e7, 0.5: 5e7, 0.9: 5e7}
"""Slots simulated by share of slots won: enough for a standard error near 0.1 % of the impressions."""
LESS_WITH_FOCUS = {1.0: 1.0, 2.0: 0.6, 3.0: 0.3}
"""How much of that is enough where the sampling of people is focused."""
FOCUS = {0.0: 1.0, 0.3: 2.0, 0.6: 3.0, 0.85: 3.0}
"""Where few slots are won they go to few people, the more so the more persistent: simulate more of those."""
CELL_PRICES = tuple(0.004 * ratio for ratio in (0.4, 0.7, 0.9, 1.1, 1.6, 2.5))


def budget_share(win_share: float, price_dispersion: float = 0.4) -> float:
    """Return the budget that wins this share of the slots of one segment, over the money they all cost."""
    return float(ndtr(ndtri(win_share) - price_dispersion))


def single_segments() -> list[Case]:
    """One segment: every duration, win share and persistence."""
    return [_single(days, win_share, rho) for days in DAYS for win_share in OPPORTUNITIES for rho in PERSISTENCE]


def _single(days: int, win_share: float, rho: float) -> Case:
    focus = FOCUS[rho] if win_share <= 0.01 else 1.0
    return Case(
        f"D={days}, w={win_share}, ρ={rho}",
        days,
        budget_share(win_share),
        OPPORTUNITIES[win_share] * LESS_WITH_FOCUS[focus],
        persistence=rho,
        focus=focus,
    )


def other_parameters() -> list[Case]:
    """One segment: other activity, dispersion and wear, and the goal that shows an ad as often as it can."""
    plain = Case("", 7, budget_share(0.05), 5e7, focus=2.0)
    return [
        replace(plain, name="D=365", days=365, opportunities=2e8),
        *(replace(plain, name=f"α={alpha}", activity_shape=alpha) for alpha in (0.6, 1.4)),
        *(
            replace(
                plain,
                name=f"σe={se}, δ={d}",
                price_dispersion=se,
                value_dispersion=d,
                budget_share=budget_share(0.05, se),
            )
            for se, d in ((0.1, 0.3), (0.9, 0.6), (1.58, 0.3), (0.4, 0.02))
        ),
        replace(plain, name="σp=0", price_dispersion=0.0, value_dispersion=0.6, budget_share=0.05),
        replace(plain, name="γ=0", wear=0.0),
        *(
            replace(
                plain,
                name=f"λ=25, ρ=0.79, w={w}",
                slots_per_day=(25.0,),
                persistence=0.79,
                focus=3.0 if w < 0.5 else 1.0,
                opportunities=2e8 if w < 0.1 else 5e7,
                budget_share=budget_share(w),
            )
            for w in (0.01, 0.1, 0.5)
        ),
    ]


def two_platforms() -> Case:
    """People on one platform, on the other and on both, each at two prices."""
    return Case(
        "",
        7,
        0.0,
        2e8,
        slots_per_day=(2.0, 1.5),
        platform_price=(1.0, 1.4),
        platform_appeal=(1.0, 0.6),
        presence=((True, False), (False, True), (True, True)),
        cell_price=CELL_PRICES[::3],
    )


def many_segments() -> list[Case]:
    """Six prices under one multiplier, then three presences on two platforms besides."""
    six = Case("", 7, 0.0, 2e8, cell_price=CELL_PRICES)
    platforms = two_platforms()
    return [
        replace(six, name="six segments, x=0.005", budget_share=0.005, focus=2.0),
        *(replace(six, name=f"six segments, x={x}", budget_share=x) for x in (0.05, 0.4)),
        *(replace(six, name=f"six segments, x={x}, ρ=0.85", budget_share=x, persistence=0.85) for x in (0.02, 0.3)),
        *(replace(platforms, name=f"two platforms, x={x}", budget_share=x) for x in (0.02, 0.3)),
        replace(platforms, name="two platforms, x=0.1, D=28", budget_share=0.1, days=28),
    ]


def exhausted() -> list[Case]:
    """More money than inventory: every slot is won and money is left."""
    plain = Case("", 7, 1.5, 3e7)
    return [
        replace(plain, name="inventory ends"),
        replace(plain, name="inventory ends, six segments", cell_price=CELL_PRICES),
        replace(plain, name="inventory ends, 3 per 7 days", cap=(3, 7), days=28),
    ]


def capped() -> list[Case]:
    """Frequency caps for the campaign, by day and by week, the last window broken in one case."""
    plain = Case("", 28, 0.0, 5e7)
    cases = [
        replace(
            plain,
            name=f"cap {c} per {d} days, D=28, ρ={rho}, w={w}",
            cap=(c, d),
            persistence=rho,
            budget_share=budget_share(w),
        )
        for c, d in ((1, 28), (3, 28), (1, 1), (2, 7))
        for rho in (0.1, 0.6)
        for w in (0.02, 0.4)
    ]
    return [
        *cases,
        replace(plain, name="cap 2 per 7 days, D=10", cap=(2, 7), days=10, budget_share=0.1),
        replace(plain, name="cap 2 per 7 days, six segments", cap=(2, 7), budget_share=0.1, cell_price=CELL_PRICES),
        replace(plain, name="cap 4 per campaign, six segments", cap=(4, 28), budget_share=0.1, cell_price=CELL_PRICES),
        replace(two_platforms(), name="cap 2 per 7 days, two platforms", cap=(2, 7), days=28, budget_share=0.1),
    ]


def whole_grid() -> list[Case]:
    """Return all cases, each with its own seed."""
    cases = [*single_segments(), *other_parameters(), *many_segments(), *exhausted(), *capped()]
    return [replace(case, seed=2026 + number) for number, case in enumerate(cases)]


def small_grid() -> list[Case]:
    """Return the few cases of the test suite, smaller."""
    few = {
        "D=1, w=0.9, ρ=0.3",
        "D=7, w=0.1, ρ=0.85",
        "D=28, w=0.01, ρ=0.6",
        "six segments, x=0.05",
        "two platforms, x=0.3",
        "inventory ends",
        "cap 3 per 28 days, D=28, ρ=0.6, w=0.4",
        "cap 2 per 7 days, D=28, ρ=0.1, w=0.4",
        "cap 1 per 1 days, D=28, ρ=0.6, w=0.4",
        "cap 2 per 7 days, two platforms",
    }
    return [replace(case, opportunities=min(case.opportunities, 3e7)) for case in whole_grid() if case.name in few]
