"""Faults of whole runs: days, platforms, draws, noise, and what joins them to a forecast."""

from __future__ import annotations

from tests.faults.private_copy import Fault

DENSE = "tests/unit/model/test_simulation.py::test_whole_forecasts_agree_with_the_dense_reference"
ANCHORED = "tests/unit/model/test_simulation.py::test_rates_are_anchored_where_rates_are_published"
PLATFORM = "tests/limits/test_delivery_limits.py::test_a_dear_platform_is_won_less"
NOTHING = "tests/limits/test_delivery_limits.py::test_no_money_buys_nothing"
DAYS = "tests/unit/model/test_build_up.py::test_every_day_is_a_campaign_of_that_length"
NOISE = "tests/unit/model/test_draws.py::test_counts_keep_their_mean_and_scatter_like_counts"
WIDTH = "tests/unit/model/test_draws.py::test_width_is_shared_by_the_square_of_what_each_cause_does"
FORECAST = "tests/properties/test_invariants_forecast.py"

COMMON = """\
    sample = draw_sample(campaign, audience, parameters, seed, draws, calibration)
    return metrics_of(sample, run(sample.setting, daily_budgets, 1, tables), interactions=interactions)[0]
"""
FRESH = """\
    found = []
    for n in range(len(daily_budgets)):
        sample = draw_sample(campaign, audience, parameters, seed + n, draws, calibration)
        found.append(metrics_of(sample, run(sample.setting, daily_budgets[n : n + 1], k_max=1))[0])
    return {name: np.concatenate([each[name] for each in found], axis=1) for name in found[0]}
"""
"""Every budget of a curve with draws of its own."""

FAULTS = (
    Fault(
        "the days are missing in the showings",
        "model/simulation",
        "setting.slots_per_day[:, None, :, None] * setting.duration_days",
        "setting.slots_per_day[:, None, :, None]",
        (DENSE,),
    ),
    Fault(
        "the days are missing in the exposure",
        "model/simulation",
        "setting.slots_per_day.T[platforms][:, draw] * days",
        "setting.slots_per_day.T[platforms][:, draw]",
        (DENSE,),
    ),
    Fault(
        "the days are missing in the money",
        "model/simulation",
        "spend=delivery.spend.sum(axis=-1) * setting.duration_days",
        "spend=delivery.spend.sum(axis=-1)",
        (DENSE,),
    ),
    Fault(
        "λ twice in a forecast",
        "model/simulation",
        "setting.slots_per_day.T[platforms][:, draw] * days",
        "setting.slots_per_day.T[platforms][:, draw] ** 2 * days",
        (DENSE,),
    ),
    Fault(
        "dear platforms win more: sign of the threshold offset",
        "model/simulation",
        "return np.asarray(-np.log(setting.platform_price) / spread[:, None])",
        "return np.asarray(np.log(setting.platform_price) / spread[:, None])",
        (DENSE, PLATFORM),
    ),
    Fault(
        "the first platform's price stays in z",
        "model/simulation",
        "[:, :, 0, :] - _platform_shift(setting)[:, None, 0, None]",
        "[:, :, 0, :]",
        (DENSE, PLATFORM),
    ),
    Fault(
        "people are met where they are not",
        "model/simulation",
        "np.asarray(shown[:, :, None] * setting.presence[:, :, None])",
        "np.asarray(shown[:, :, None] * np.ones_like(setting.presence)[:, :, None])",
        ("tests/unit/model/test_simulation.py::test_nobody_is_shown_it_on_a_platform_where_he_is_not",),
    ),
    Fault(
        "the response of a cell is forgotten",
        "model/simulation",
        "answered=exposed.answered * setting.people[:, None] * setting.cell_appeal",
        "answered=exposed.answered * setting.people[:, None] * np.ones_like(setting.cell_appeal)",
        (DENSE,),
    ),
    Fault(
        "the response of a cell is forgotten under a cap",
        "model/simulation",
        "answered=exposed.answered * people * setting.cell_appeal",
        "answered=exposed.answered * people * np.ones_like(setting.cell_appeal)",
        ("tests/limits/test_cap_limits.py::test_a_cap_nobody_reaches_changes_nothing",),
    ),
    Fault(
        "no money shows it to somebody",
        "model/simulation",
        "values[:, :, row][empty] = 0.0",
        "values[:, :, row][empty] *= 1.0",
        (NOTHING,),
    ),
    Fault(
        "rates are anchored on one day",
        "model/simulation",
        "slots = setting.slots_per_day.sum(axis=1) * anchor_days",
        "slots = setting.slots_per_day.sum(axis=1)",
        (ANCHORED,),
    ),
    Fault(
        "rates are anchored on slots, not on showings",
        "model/simulation",
        "response.answered / (slots * anchor_win_share)",
        "response.answered / slots",
        (ANCHORED,),
    ),
    Fault(
        "building up is a day ahead",
        "model/build_up",
        "expose(setting, z, float(day), k_max=1)",
        "expose(setting, z, float(day + 1), k_max=1)",
        (DAYS,),
    ),
    Fault(
        "counts are biased: Wilson and Hilferty's first term is lost",
        "model/draws",
        "root - 1.0 / (9.0 * root * root) +",
        "root +",
        (NOISE,),
    ),
    Fault("counts scatter too much", "model/draws", "/ (3.0 * np.sqrt(root))", "/ (2.0 * np.sqrt(root))", (NOISE,)),
    Fault(
        "small counts are approximated",
        "model/draws",
        "few = (expected > 0.0) & (expected < ROOT_FROM)",
        "few = expected < 0.0",
        (NOISE, "tests/unit/model/test_draws.py::test_small_counts_are_exactly_gamma"),
    ),
    Fault(
        "small counts pass to the approximation by a step",
        "model/draws",
        "(1.0 - part) * exact + part * noisy[few]",
        "np.where(part > 0.0, noisy[few], exact)",
        ("tests/unit/model/test_draws.py::test_counts_do_not_fall_where_the_two_forms_meet",),
    ),
    Fault(
        "width by correlation, not by its square",
        "model/draws",
        "power = covariance**2 / np.maximum(centred.var(axis=0), 1e-300)",
        "power = np.abs(covariance)",
        (WIDTH,),
    ),
    Fault(
        "points do not follow the seed",
        "model/draws",
        "scramble=True, rng=rng",
        "scramble=False",
        ("tests/unit/model/test_draws.py::test_points_follow_the_seed_and_stay_off_the_ends",),
    ),
    Fault(
        "draws are taken afresh for every budget",
        "forecasting",
        COMMON,
        FRESH,
        (f"{FORECAST}::test_draws_are_common_to_the_budgets_of_a_curve",),
    ),
    Fault(
        "prices stay in euros",
        "sample",
        "    common *= units_per_euro(campaign.currency)\n",
        "",
        (f"{FORECAST}::test_another_currency_buys_the_same",),
    ),
)
