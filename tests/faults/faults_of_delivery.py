"""Faults of delivery: prices, the threshold, values (auction.py)."""

from __future__ import annotations

from tests.faults.private_copy import Fault

LIMITS = "tests/limits/test_delivery_limits.py"
LORENZ = f"{LIMITS}::test_one_group_follows_the_lorenz_curve_of_prices"
ANCHOR = f"{LIMITS}::test_a_published_price_is_that_of_a_small_campaign"
PARTS = f"{LIMITS}::test_groups_under_one_multiplier_part_by_their_prices"
VALUES = f"{LIMITS}::test_value_and_price_by_trait_average_to_those_of_all_slots"
ENDLESS = f"{LIMITS}::test_endless_money_buys_every_slot_and_no_more"
BISECTION = f"{LIMITS}::test_two_groups_spend_what_bisection_finds"

AUCTION = "model/auction"
FAULTS = (
    Fault(
        "the mean price is not anchored",
        AUCTION,
        "won = anchor_win_share / ndtr(ndtri(anchor_win_share) - price_dispersion)",
        "won = np.ones_like(anchor_win_share)",
        (ANCHOR,),
    ),
    Fault(
        "the anchor has the sign of σe turned",
        AUCTION,
        "ndtr(ndtri(anchor_win_share) - price_dispersion)",
        "ndtr(ndtri(anchor_win_share) + price_dispersion)",
        (ANCHOR,),
    ),
    Fault("a published price is per showing", AUCTION, "cpm / 1000.0 * won", "cpm * won", (ANCHOR,)),
    Fault(
        "dear groups win more: sign of the price offset",
        AUCTION,
        "offset = (np.log(price) - reference) / spread",
        "offset = (reference - np.log(price)) / spread",
        (PARTS,),
    ),
    Fault(
        "the price offset is not measured in s",
        AUCTION,
        "offset = (np.log(price) - reference) / spread",
        "offset = np.log(price) - reference",
        (PARTS,),
    ),
    Fault(
        "s forgets the values",
        AUCTION,
        "spread = (price_dispersion + value_dispersion)[:, None]\n    capacity",
        "spread = price_dispersion[:, None]\n    capacity",
        (PARTS,),
    ),
    Fault(
        "sign of the threshold offset",
        AUCTION,
        "z = threshold[:, :, None] - offset[:, None, :]",
        "z = threshold[:, :, None] + offset[:, None, :]",
        (PARTS,),
    ),
    Fault(
        "the threshold forgets that cheap slots are won first",
        AUCTION,
        "offset + price_dispersion[:, None])",
        "offset)",
        (LORENZ,),
    ),
    Fault(
        "every slot won costs the mean price",
        AUCTION,
        "ndtr(z - price_dispersion[:, None, None])",
        "ndtr(z)",
        (LORENZ, f"{LIMITS}::test_unequal_prices_cost_more_the_more_are_bought"),
    ),
    Fault(
        "no money buys every slot, endless money none",
        AUCTION,
        "np.where(share >= 1.0, np.inf, -np.inf)",
        "np.where(share >= 1.0, -np.inf, np.inf)",
        (ENDLESS, f"{LIMITS}::test_no_money_buys_nothing"),
    ),
    Fault(
        "groups are weighed alike whatever they cost",
        AUCTION,
        "weight = capacity / np.maximum(capacity.sum(axis=-1, keepdims=True), 1e-300)",
        "weight = np.ones_like(capacity) / capacity.shape[-1]",
        (BISECTION,),
    ),
    Fault("Newton's steps end after the first", AUCTION, "ITERATIONS = 60", "ITERATIONS = 1", (BISECTION,)),
    Fault(
        "keenness: a forgotten root of ρ",
        AUCTION,
        "root = np.sqrt(persistence)\n    rest = 1.0 - persistence",
        "root = persistence\n    rest = 1.0 - persistence",
        (VALUES,),
    ),
    Fault(
        "keenness: sign of δ",
        AUCTION,
        "np.exp(-value_dispersion * root * trait",
        "np.exp(value_dispersion * root * trait",
        (VALUES,),
    ),
    Fault(
        "keenness: its mean over people is not one",
        AUCTION,
        " - 0.5 * persistence * value_dispersion**2)",
        ")",
        (VALUES,),
    ),
    Fault(
        "keenness: the slot's part takes all of δ",
        AUCTION,
        "rest * value_dispersion) / np.sqrt(rest)",
        "value_dispersion) / np.sqrt(rest)",
        (VALUES,),
    ),
    Fault(
        "keenness: not divided by the chance to win",
        AUCTION,
        "tilt * shifted / np.maximum(won, 1e-300)",
        "tilt * shifted",
        (VALUES, f"{LIMITS}::test_without_persistence_value_is_the_same_for_everybody"),
    ),
)
