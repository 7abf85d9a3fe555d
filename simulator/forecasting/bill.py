"""What leaves the account: the money on showings, and what the platform, an app store and a tax office add to it.

The platform's fee is by where the people shown the advertisement are, taxes by the situation of the business, the
store's part by where the advertisement is bought; all are dated rules of ``platform.toml``. Taxes are on the sum
of money and fees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.validation import instance_of, one_of
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Flag
from simulator.forecasting.audience import estimate_audience
from simulator.forecasting.sample import draw_sample
from simulator.model.simulation import run
from simulator.reference.parameters import DOORS, Parameter, Parameters, dated_rules, given_or_shipped, tax_situations

Array = NDArray[np.float64]

DECLARED = ("fr_franchise", "dom_franchise")
"""Situations in which the business itself declares and pays the tax: it is not on the card."""
DRAWS = 64
"""Draws behind the share of the spend by country: their mean is what counts."""
ROUNDS = 8
"""Times the share by country is worked out anew for a sum that holds the fees; it hardly moves with the money."""


@dataclass(frozen=True)
class Bill:
    """What leaves the account for a whole campaign, in ``currency``.

    Attributes
    ----------
    media : float
        Money on showings: what the platform calls the amount spent.
    location_fee : float
        The platform's fee by where the people shown it are.
    store_fee : float
        What an app store adds to a boost paid in its app, at least.
    tax : float
        Tax that stays with the business, charged to the card or declared and paid by the business itself.
    total : float
        Their sum.
    charged : float
        What the card is charged: the total, less a tax that the business declares itself.
    notes : tuple of Flag
        What is not sure about it, and what to do.
    """

    media: float
    location_fee: float
    store_fee: float
    tax: float
    total: float
    charged: float
    currency: str
    notes: tuple[Flag, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        names = ("media", "location_fee", "store_fee", "tax", "total", "charged", "currency")
        return {**{name: getattr(self, name) for name in names}, "notes": [note.to_dict() for note in self.notes]}


def bill(
    campaign: Campaign,
    *,
    tax: str | None = None,
    bought_in: str | None = None,
    parameters: Parameters | None = None,
) -> Bill:
    """Return what leaves the account for a campaign.

    Parameters
    ----------
    campaign : Campaign
        Its budget is the money on showings, or with ``budget_is="all_in"`` all that may leave the account.
    tax : str, optional
        Situation of the business: ``none`` (before taxes), ``fr_franchise``, ``fr_vat``, ``dom_franchise``,
        ``dom_exempt``, ``qc_numbers_entered``, ``qc_no_numbers``, ``ca_on`` …; the campaign's own where absent.
    bought_in : str, optional
        ``web``, ``android`` or ``ios``: the app of a telephone; the campaign's own where absent.

    Raises
    ------
    InvalidInput
        ``unknown_choice`` for a situation or a door that is not known.
    """
    instance_of("campaign", campaign, Campaign)
    parameters = given_or_shipped(parameters)
    changes = {"tax": tax, "bought_in": bought_in}
    for name, allowed in (("tax", tax_situations()), ("bought_in", DOORS)):
        if changes[name] is not None:
            one_of(name, changes[name], allowed)
    campaign = campaign.replace(**{name: value for name, value in changes.items() if value is not None})
    charges = Charges.of(campaign, parameters)
    days = campaign.duration_days
    daily = np.array([campaign.spend_per_day])
    if campaign.budget_is == "all_in":
        daily = charges.media(daily)
    media = float(daily[0]) * days
    fee = media * float(charges.location(daily)[0])
    store = media * charges.store
    added = (media + fee + store) * charges.tax
    # An all-in sum is what was said, to the last bit, not what its parts add up to.
    total = campaign.spend_planned if campaign.budget_is == "all_in" else media + fee + store + added
    return Bill(
        media=media,
        location_fee=fee,
        store_fee=store,
        tax=added,
        total=total,
        charged=total - added if campaign.tax in DECLARED else total,
        currency=campaign.currency,
        notes=_notes(campaign, charges, fee, parameters),
    )


@dataclass(frozen=True)
class Charges:
    """Rates of what is added to the money on showings of one campaign.

    Attributes
    ----------
    location : callable
        Fee as a share of the money on showings, at daily amounts, shape (budget,): several countries share the
        spend, and how depends a little on the money.
    store, tax : float
        The store's part of the money on showings; the tax on the sum of money and fees.
    """

    location: Callable[[Array], Array]
    store: float
    tax: float

    @classmethod
    def of(cls, campaign: Campaign, parameters: Parameters) -> Charges:
        """Look up the rules that hold on the days of a campaign; without a start, those of today's rules."""
        store = mean_rate(campaign, "platform.store_fee", campaign.bought_in, parameters)
        tax = mean_rate(campaign, "platform.tax", campaign.tax, parameters)
        return cls(_location(campaign, parameters), store, tax)

    def total(self, daily_media: Array) -> Array:
        """Return all that leaves the account for daily amounts on showings."""
        return np.asarray(daily_media * (1.0 + self.location(daily_media) + self.store) * (1.0 + self.tax))

    def media(self, daily_total: Array) -> Array:
        """Return the money on showings that makes those daily sums with everything added."""
        found = daily_total / ((1.0 + self.store) * (1.0 + self.tax))
        for _ in range(ROUNDS):
            before = found
            found = daily_total / ((1.0 + self.location(found) + self.store) * (1.0 + self.tax))
            if np.allclose(found, before, rtol=1e-12, atol=0.0):
                break
        return np.asarray(found)


def media_budgets(campaign: Campaign, daily_budgets: Array, parameters: Parameters) -> Array:
    """Return the money on showings of daily budgets that are what the campaign says its budget is."""
    if campaign.budget_is == "media":
        return daily_budgets
    return Charges.of(campaign, parameters).media(np.asarray(daily_budgets, dtype=float))


def as_media(campaign: Campaign, parameters: Parameters) -> Campaign:
    """Return the campaign with its budget as money on showings."""
    if campaign.budget_is == "media":
        return campaign
    daily = media_budgets(campaign, np.array([campaign.spend_per_day]), parameters)
    return campaign.replace(budget_is="media", daily_budget=float(daily[0]), total_budget=None)


def mean_rate(campaign: Campaign, table: str, label: str, parameters: Parameters) -> float:
    """Return a dated rate, averaged over the days of the campaign; 0 where no rule holds."""
    entries = dated_rules(table, label, parameters)
    if campaign.start is None:
        return _newest(entries, None)
    days = campaign.days
    return float(np.mean([_newest(entries, day) for day in days])) if entries else 0.0


def _newest(entries: tuple[Parameter, ...], day: Any) -> float:
    held = [entry for entry in entries if entry.holds_on(day)]
    return max(held, key=lambda entry: entry.valid_from).value if held else 0.0


def _location(campaign: Campaign, parameters: Parameters) -> Callable[[Array], Array]:
    # Whether the fee is added where a store bills is not known: it is left out there, and a note says so.
    if campaign.bought_in == "ios":
        return np.zeros_like
    countries = sorted({place.country_code for place in campaign.targeting.places})
    rates = {code: mean_rate(campaign, "platform.location_fee", code, parameters) for code in countries}
    if len(set(rates.values())) == 1:
        rate = rates[countries[0]]
        return lambda daily: np.full(np.shape(daily), rate)
    return _shared(campaign, rates, parameters)


def _shared(campaign: Campaign, rates: dict[str, float], parameters: Parameters) -> Callable[[Array], Array]:
    """Return the mean of the countries' rates by their share of the spend."""
    audience = estimate_audience(campaign.targeting, parameters, campaign.platforms)
    fees = np.array([rates.get(cell.country_code, 0.0) for cell in audience.cells])
    people = audience.people.sum(axis=0)
    if audience.size <= 0.0:
        return np.zeros_like
    sample = draw_sample(campaign, audience, parameters, 0, DRAWS)

    def rate(daily: Array) -> Array:
        spend = run(sample.setting, np.asarray(daily, dtype=float), 1).cell_spend.mean(axis=0)
        # For no money, what the first cent would be spent on is close to where the people are.
        spend = np.where(spend.sum(axis=1, keepdims=True) > 0.0, spend, people)
        return np.asarray((spend * fees).sum(axis=1) / spend.sum(axis=1))

    return rate


def _notes(campaign: Campaign, charges: Charges, fee: float, parameters: Parameters) -> tuple[Flag, ...]:
    """Return what is not sure about a bill and what to do, the most expensive first."""
    found = []
    if charges.store:
        found.append(Flag("store_at_least", {"share": charges.store}))
    if campaign.bought_in == "ios":
        found.append(Flag("store_fee_unknown"))
    if campaign.tax == "none":
        found.append(Flag("before_taxes"))
    elif campaign.tax in TAX_NOTES:
        found.append(Flag(TAX_NOTES[campaign.tax], {"share": charges.tax}))
    elif campaign.tax.startswith("ca_"):
        found.append(Flag("tax_on_invoice", {"share": charges.tax}))
    if fee:
        found.append(Flag("fee_announced"))
    if any(place.code.startswith(OVERSEAS) for place in campaign.targeting.places):
        found.append(Flag("fee_overseas"))
    if campaign.total_budget is None:
        share, days = parameters.value("rules.daily_flex") - 1.0, parameters.value("rules.weekly_flex")
        found.append(Flag("budget_flexes", {"share": share, "days": int(days)}))
    return tuple(found)


OVERSEAS = ("97", "FR-97")
"""Beginning of the codes of places in the overseas départements."""
TAX_NOTES = {
    "fr_franchise": "tax_declared",
    "fr_vat": "tax_deducted",
    "dom_franchise": "tax_overseas",
    "dom_exempt": "tax_overseas_none",
    "qc_numbers_entered": "tax_numbers_entered",
    "qc_no_numbers": "tax_not_claimable",
}
"""What to say of each situation; the other provinces share a note."""
