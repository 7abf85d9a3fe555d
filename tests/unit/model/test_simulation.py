"""The whole line against the dense reference: one multiplier, several prices, platforms and presences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri

from simulator.model.caps import Cap
from simulator.model.simulation import Outcome, Setting, anchored_rates, build_up, run
from tests.referee import dense
from tests.unit.model.examples import capacity, changed, many, setting


def groups(example: Setting) -> dict[tuple[int, int], dense.Group]:
    """Return the people of the first draw for the dense reference, by (presence, cell)."""
    spread = example.price_dispersion[0] + example.value_dispersion[0]
    sds = (np.sqrt(example.price_dispersion[0] * spread), np.sqrt(example.value_dispersion[0] * spread))
    return {
        (row, cell): dense.Group(
            example.people[0, row, cell],
            example.activity_shape[0],
            example.persistence[0],
            *sds,
            tuple(example.slots_per_day[0][on]),
            tuple(example.platform_price[0][on] * example.cell_price[0, cell]),
            tuple(example.platform_appeal[0][on]),
        )
        for row, on in enumerate(example.presence)
        for cell in range(example.cell_price.shape[1])
    }


@pytest.mark.parametrize("rho", [0.1, 0.4, 0.8])
@pytest.mark.parametrize(("days", "share"), [(1, 1e-3), (7, 0.02), (28, 0.3)])
def test_whole_forecasts_agree_with_the_dense_reference(days: int, share: float, rho: float) -> None:
    """Impressions and spend to 1e-6, R_1 to 1e-3, R_10 to 1e-2, answers to 3e-3: group by group, two platforms."""
    example = changed(many(duration_days=days), persistence=rho)
    budget = share * capacity(example)
    outcome = run(example, np.array([budget]))
    people = groups(example)
    multiplier = dense.spending_multiplier(list(people.values()), budget, days, None)
    for (row, cell), group in people.items():
        z = group.thresholds(multiplier)
        shown = outcome.impressions[0, 0, row, example.presence[row], cell]
        np.testing.assert_allclose(shown, dense.impressions(group, z, days), rtol=1e-6)
        expected = dense.reach(group, group.mean_count(z, days))
        errors = np.abs(outcome.reach_kplus[0, 0, row, cell] / expected - 1.0)
        assert (errors <= np.geomspace(1e-3, 1e-2, 10)).all()
        answers = dense.responses(group, z, days, 0.43) * example.cell_appeal[0, cell]
        assert outcome.answered[0, 0, row, cell] == pytest.approx(answers, rel=3e-3)
    assert outcome.spend[0, 0] == pytest.approx(budget * days, rel=1e-9)


def test_nobody_is_shown_it_on_a_platform_where_he_is_not() -> None:
    outcome = run(many(), np.array([30.0]))
    assert (outcome.impressions[0, 0, 0, 1] == 0.0).all()
    assert (outcome.impressions[0, 0, 1, 0] == 0.0).all()
    assert (outcome.impressions[0, 0, 2] > 0.0).all()


def unlike_draws() -> list[Setting]:
    """Return three campaigns of one draw that differ in everything a draw may differ in."""
    return [
        many(),
        many(
            cell_price=[0.2, 0.01, 0.07],
            people=[[10.0, 9.0, 8.0], [70.0, 6.0, 5.0], [4.0, 30.0, 2.0]],
            slots_per_day=[9.0, 4.0],
            platform_price=[1.3, 0.7],
            persistence=0.1,
            price_dispersion=1.2,
            wear_out=0.1,
        ),
        many(cell_price=[1e-4, 3e-4, 9e-5], activity_shape=1.4, value_dispersion=0.05, platform_appeal=[0.2, 2.0]),
    ]


def together(ones: list[Setting]) -> Setting:
    """Return the draws as one campaign of several."""
    names = [name for name in Setting.__dataclass_fields__ if name not in ("presence", "duration_days", "cap")]
    return replace(ones[0], **{name: np.concatenate([getattr(one, name) for one in ones]) for name in names})


@pytest.mark.parametrize("cap", [None, Cap(2, 3)])
def test_draws_do_not_mix(cap: Cap | None) -> None:
    """Three draws unlike each other in one call give what each gives alone: delivery, days and anchored rates too."""
    ones = [replace(one, cap=cap) for one in unlike_draws()]
    budgets = np.array([0.01, 3.0, 20.0, 90.0])
    whole = run(together(ones), budgets)
    days = build_up(together(ones), whole.z[:, 1:2])
    share, length = np.array([0.02, 0.005, 0.3]), np.array([14.0, 7.0, 30.0])
    rates = anchored_rates(together(ones), share, length)
    for place, one in enumerate(ones):
        alone = run(one, budgets)
        for name in Outcome.__dataclass_fields__:
            np.testing.assert_allclose(getattr(whole, name)[place], getattr(alone, name)[0], rtol=1e-7, atol=1e-12)
        for found, expected in zip(days, build_up(one, alone.z[:, 1:2]), strict=True):
            np.testing.assert_allclose(found[place], expected[0], rtol=1e-7)
        each = slice(place, place + 1)
        for found, expected in zip(rates, anchored_rates(one, share[each], length[each]), strict=True):
            np.testing.assert_allclose(found[each], expected, rtol=1e-9)


@pytest.mark.parametrize("k_max", [1, 3, 10, 15])
def test_any_largest_k(k_max: int) -> None:
    found = run(many(), np.array([30.0]), k_max=k_max).reach_kplus
    assert found.shape == (1, 1, 3, 3, k_max)
    common = min(k_max, 10)
    np.testing.assert_allclose(found[..., :common], run(many(), np.array([30.0])).reach_kplus[..., :common], rtol=3e-3)


def test_rates_are_anchored_where_rates_are_published() -> None:
    """Answers per showing and per person under the anchor's conditions, on all platforms' slots together."""
    example = many()
    share, days = np.array([0.02]), np.array([14.0])
    per_impression, per_person = anchored_rates(example, share, days)
    group = dense.Group(1.0, 0.9, 0.4, np.sqrt(0.4 * 0.7), np.sqrt(0.3 * 0.7), (4.0,), (1.0,))
    z = ndtri(share)
    answers = dense.responses(group, z, 14, 0.43)
    assert per_impression[0] == pytest.approx(answers / (0.02 * 4.0 * 14), rel=2e-3)
    assert per_person[0] == pytest.approx(answers / dense.reach(group, group.mean_count(z, 14))[0], rel=2e-3)


def test_a_published_rate_comes_back_under_its_own_conditions() -> None:
    """Back-solved: a campaign that wins the anchor's share for the anchor's days has the published click rate."""
    published = 0.013
    example = setting(duration_days=14, platform_appeal=[1.0])
    per_impression, _ = anchored_rates(example, np.array([0.02]), np.array([14.0]))
    from simulator.model.auction import deliver

    budgets = np.geomspace(1e-3, 0.1, 400)[None] * capacity(example)
    shown = deliver(budgets, np.array([[30_000.0]]), np.array([[0.004]]), np.array([0.4]), np.array([0.3])).impressions
    budget = np.interp(0.02 * 30_000.0, shown[0, :, 0], budgets[0])
    outcome = run(example, np.array([budget]))
    rate = published / per_impression[0] * outcome.answered.sum() / outcome.impressions.sum()
    assert rate == pytest.approx(published, rel=2e-3)
