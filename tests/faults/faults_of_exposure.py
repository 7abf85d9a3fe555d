"""Faults of exposure: chances by trait, counts, quadrature, the public formula and its table."""

from __future__ import annotations

from tests.faults.private_copy import Fault

LIMITS = "tests/limits/test_exposure_limits.py"
UNIT = "tests/unit/model/test_exposure.py"
QUADRATURE = "tests/unit/model/test_quadrature.py"
EXPECTED = "tests/unit/model/test_expected.py"
DENSE = f"{UNIT}::test_every_share_is_within_one_in_a_thousand_of_a_dense_integral"
TAILS = f"{UNIT}::test_tails_are_those_of_scipys_negative_binomial"
CHANCE = f"{QUADRATURE}::test_a_trait_shifts_the_chance_to_win"
MATTERS = f"{LIMITS}::test_persistence_repeats_on_the_same_people"
NORWAY = (
    "tests/published/test_saturation_table.py::test_saturated_migrant_campaigns_of_comparative_migration_studies_2020"
)
FULL = f"{LIMITS}::test_every_slot_won_leaves_the_activity_alone"
TABLE = f"{EXPECTED}::test_the_table_agrees_with_the_integral"
BEYOND = f"{LIMITS}::test_impressions_beyond_all_slots_are_a_full_house_with_more_slots"
KNOTS = "tests/unit/model/test_interpolation.py"

PROBABILITY = "ndtr((z - np.sqrt(persistence) * trait) / np.sqrt(1.0 - persistence))"
FAULTS = (
    Fault("ρ ignored", "model/quadrature", PROBABILITY, "ndtr(z + 0.0 * trait)", (MATTERS, NORWAY, DENSE, CHANCE)),
    Fault(
        "chance to win: a forgotten root of ρ",
        "model/quadrature",
        PROBABILITY,
        PROBABILITY.replace("np.sqrt(persistence)", "persistence"),
        (DENSE, CHANCE),
    ),
    Fault(
        "chance to win: the slot's own part is not scaled",
        "model/quadrature",
        PROBABILITY,
        "ndtr(z - np.sqrt(persistence) * trait)",
        (DENSE, CHANCE),
    ),
    Fault(
        "chance to win: a share for a root",
        "model/quadrature",
        PROBABILITY,
        PROBABILITY.replace("np.sqrt(1.0 - persistence)", "(1.0 - persistence)"),
        (DENSE, CHANCE),
    ),
    Fault(
        "the density of traits lacks its half",
        "model/quadrature",
        "np.exp(-0.5 * trait**2 - _LOG_DENSITY_0)",
        "np.exp(-(trait**2) - _LOG_DENSITY_0)",
        (FULL, f"{QUADRATURE}::test_weights_are_the_normal_density_in_equal_steps"),
    ),
    Fault(
        "the density of traits is not normed",
        "model/quadrature",
        "_LOG_DENSITY_0 = 0.5 * np.log(2.0 * np.pi)",
        "_LOG_DENSITY_0 = 0.0",
        (FULL,),
    ),
    Fault(
        "the tail of traits is dropped",
        "model/quadrature",
        "LIVE_DEPTH = 12.0",
        "LIVE_DEPTH = 4.0",
        (f"{QUADRATURE}::test_nothing_alive_is_cut_off",),
    ),
    Fault(
        "the traits of the tenth showing are dropped",
        "model/quadrature",
        "DEEP_DEPTH = 8.5",
        "DEEP_DEPTH = 2.0",
        (DENSE,),
    ),
    Fault("too few nodes", "model/quadrature", "20.0 + 15.0 *", "10.0 + 5.0 *", (DENSE,)),
    Fault(
        "nodes as if every draw were as the least persistent",
        "model/quadrature",
        "np.max(persistence, initial=0.0)",
        "np.min(persistence, initial=0.0)",
        (DENSE, f"{QUADRATURE}::test_more_persistence_asks_for_more_nodes"),
    ),
    Fault(
        "counts: the inequality of activity is one",
        "model/exposure",
        "ratio = mean / (mean + shape)",
        "ratio = mean / (mean + 1.0)",
        (TAILS,),
    ),
    Fault(
        "counts: nobody seen as Poisson says",
        "model/exposure",
        "np.exp(-shape * np.log1p(mean / shape))",
        "np.exp(-mean)",
        (TAILS, f"{LIMITS}::test_goerg_2014_is_the_one_level_model_of_shape_one"),
    ),
    Fault(
        "counts: the recursion is off by one",
        "model/exposure",
        "factor = factor * ((shape + (k - 1)) / k)",
        "factor = factor * ((shape + k) / k)",
        (TAILS,),
    ),
    Fault(
        "counts: the tail is its first term alone",
        "model/exposure",
        "    term *= _series(ratio, shape, k_max)\n",
        "",
        (TAILS, DENSE),
    ),
    Fault(
        "counts: the series is used where it does not converge",
        "model/exposure",
        "SERIES_BELOW = 0.1",
        "SERIES_BELOW = 0.9",
        (TAILS,),
    ),
    Fault(
        "counts: the tail beyond the last k is dropped",
        "model/exposure",
        "np.where(falling, term, np.maximum(left, 0.0)).sum(axis=-2)",
        "0.0",
        (TAILS,),
    ),
    Fault(
        "counts: exactly k for at least k",
        "model/exposure",
        "result[k - 1] += result[k]",
        "result[k - 1] += 0.0",
        (TAILS,),
    ),
    Fault(
        "λ twice",
        "model/exposure",
        "mean = slots * win_probability(z_part, grid.trait, rho)",
        "mean = slots * slots * win_probability(z_part, grid.trait, rho)",
        (DENSE, FULL),
    ),
    Fault(
        "the formula forgets the days",
        "model/expected",
        "slots = table.slots_per_day * days\n    per_person",
        "slots = table.slots_per_day * np.ones_like(days)\n    per_person",
        (NORWAY, TABLE),
    ),
    Fault(
        "the table forgets λ",
        "model/expected",
        "slots = slots_per_day * np.exp(log_days)",
        "slots = np.exp(log_days)",
        (NORWAY, TABLE),
    ),
    Fault(
        "the table is too coarse",
        "model/expected",
        "Z_NODES, DAY_NODES = 28, 8",
        "Z_NODES, DAY_NODES = 12, 4",
        (TABLE,),
    ),
    Fault(
        "the polynomials lack their recursion's second term",
        "model/expected",
        "        result[order] -= result[order - 2]\n",
        "",
        (TABLE,),
    ),
    Fault(
        "a full house forgets the impressions beyond it",
        "model/expected",
        "mean = per_person[full]",
        "mean = np.minimum(per_person[full], slots[full])",
        (BEYOND,),
    ),
    Fault(
        "slots do not rise where impressions exceed them",
        "model/expected",
        "full = np.isinf(z) | (z >= Z_RANGE[1])",
        "full = np.zeros(len(z), dtype=bool)",
        (BEYOND,),
    ),
    Fault(
        "interpolation: the stencil stands beside its weights",
        "model/interpolation",
        "weight *= (inside - (other - BEFORE)) / (own - other)",
        "weight *= (inside - other) / (own - other)",
        (f"{KNOTS}::test_polynomials_of_degree_five_are_exact_at_some_points",),
    ),
    Fault(
        "interpolation: knots move with the points asked",
        "model/interpolation",
        "return np.asarray(STEP * places[self.used])",
        "return np.asarray(STEP * places[self.used] + 0.01 * self.used.shape[1])",
        (f"{KNOTS}::test_knots_stand_where_they_stand_whatever_else_is_asked",),
    ),
)
