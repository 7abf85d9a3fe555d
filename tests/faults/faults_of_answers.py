"""Faults of engagement: keenness, wear-out, the tail of showings."""

from __future__ import annotations

from tests.faults.private_copy import Fault

LIMITS = "tests/limits/test_engagement_limits.py"
UNIT = "tests/unit/model/test_engagement.py"
DENSE = f"{UNIT}::test_answers_are_within_one_in_a_thousand_of_a_dense_sum"
TWO = f"{UNIT}::test_people_on_two_platforms"
NO_WEAR = f"{LIMITS}::test_without_wear_every_showing_counts_by_its_value"
MIXTURE = f"{LIMITS}::test_the_mixture_of_exponentials_follows_the_power"
SHORTCUT = f"{LIMITS}::test_the_shortcut_is_too_high_where_the_keenest_see_it_most"
EXTREME_WEAR = f"{LIMITS}::test_extreme_wear_leaves_the_first_showing"

ENGAGEMENT = "model/engagement"
WEAR = "wear = np.arange(1, HEAD + 1)[:, None] ** -wear_out\n    answered"
FAULTS = (
    Fault(
        "the shortcut r₁·V·Σ R_k·k^−γ: everybody as keen",
        ENGAGEMENT,
        "keen = weight * valued / np.maximum(mean, 1e-300)",
        "keen = weight * ((weight * valued).sum(axis=0) / np.maximum((weight * mean).sum(axis=0), 1e-300))",
        (SHORTCUT, DENSE),
    ),
    Fault(
        "the keenest are not won first",
        ENGAGEMENT,
        "shown * keen_value(z[platform], trait, persistence, value_dispersion, won)",
        "shown",
        (NO_WEAR, f"{LIMITS}::test_the_keenest_are_won_first"),
    ),
    Fault(
        "sign of δ in the answers",
        ENGAGEMENT,
        "trait, persistence, value_dispersion, won)",
        "trait, persistence, -value_dispersion, won)",
        (NO_WEAR, DENSE),
    ),
    Fault(
        "the appeal of a platform is forgotten",
        ENGAGEMENT,
        "valued += appeal[platform] * shown *",
        "valued += shown *",
        (TWO, f"{LIMITS}::test_a_platform_without_appeal_answers_nothing_but_wears_out"),
    ),
    Fault(
        "wear-out is off by one showing",
        ENGAGEMENT,
        WEAR,
        WEAR.replace("np.arange(1, HEAD + 1)", "np.arange(2, HEAD + 2)"),
        (DENSE, EXTREME_WEAR),
    ),
    Fault("sign of γ", ENGAGEMENT, WEAR, WEAR.replace("-wear_out", "wear_out"), (DENSE, EXTREME_WEAR)),
    Fault("nothing wears out", ENGAGEMENT, WEAR, WEAR.replace("-wear_out", "(0.0 * wear_out)"), (DENSE, EXTREME_WEAR)),
    Fault(
        "showings beyond the tenth are dropped",
        ENGAGEMENT,
        "answered[heavy] += tail_answers(*arrays)",
        "answered[heavy] += 0.0 * tail_answers(*arrays)",
        (NO_WEAR, DENSE),
    ),
    Fault(
        "showings beyond the tenth are answered like the tenth",
        ENGAGEMENT,
        "heavy = beyond > TAIL_TOLERANCE * answered",
        "heavy = beyond < 0.0",
        (DENSE, f"{UNIT}::test_long_campaigns"),
    ),
    Fault(
        "the tail counts the first ten twice",
        ENGAGEMENT,
        "total += factor * (whole - first)",
        "total += factor * whole",
        (NO_WEAR, DENSE),
    ),
    Fault(
        "the tail forgets the inequality of activity",
        ENGAGEMENT,
        "np.expm1(-shape * np.log1p(mean * (1.0 - q) / shape))",
        "np.expm1(-mean * (1.0 - q))",
        (DENSE,),
    ),
    Fault(
        "the mixture has the sign of γ turned",
        ENGAGEMENT,
        "(TYPICAL_WEAR_OUT - wear_out)",
        "(TYPICAL_WEAR_OUT + wear_out)",
        (MIXTURE,),
    ),
    Fault(
        "the mixture is one showing late", ENGAGEMENT, "np.outer(k - 1.0, DECAYS)", "np.outer(k, DECAYS)", (MIXTURE,)
    ),
    Fault(
        "the slots of two platforms are not added",
        ENGAGEMENT,
        "mean += shown",
        "mean = shown",
        (TWO, f"{LIMITS}::test_two_equal_platforms_are_one_with_all_slots"),
    ),
)
