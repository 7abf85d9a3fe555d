"""What is learnt: normal scores of the model's roles, common to all and of each context.

Every parameter of the model is the quantile of a standard normal score, so that before any campaign all
scores are independent N(0, 1): the shipped defaults are the prior. A role that differs between countries or
objectives has one score in common and one for each context:

    score(role, context) = √κ · common(role) + √(1−κ) · own(role, context)

which again is N(0, 1) before any campaign. An unseen context gets the common part and its own prior. For prices
it begins with what accounts differ by anywhere, as a share of what is not known about the country's price: a country
whose price is hardly known learns little from another's. Of an account's own deviation half is common to its
countries, as half is common to its goals; the rest stays in the country where it was seen. So it is with its click
rates, whose words and people are other ones in each country: half of what is common to the goals, and half of what is
a goal's own, is common to the countries. Where a table holds several accounts, the common part is split again,
√(1−a) for all of them and √a for each: a forecast for somebody else gets what they share, and the spread between
them. There a deviation is the account's in all its countries: for somebody else it is a deviation of somebody's
either way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from simulator.learning.impute import level_of
from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]

BY_COUNTRY = ("price_level",)
BY_OBJECTIVE = ("persistence", "ctr_link", "price_objective")
CLICKS = "ctr_link"
"""Role that differs by country besides."""
BY_MONTH = ("price_month",)
BY_ACCOUNT = ("price_level", "persistence", "ctr_link")
"""Roles in which accounts differ besides; each of them is also by country or by objective."""
ALIKE = (
    "price_trend",
    "month_strength",
    "price_age",
    "anchor_win_share",
    "price_dispersion",
    "value_dispersion",
    "slots_per_day",
    "activity_shape",
    "wear_out",
    "response_age",
    "price_sex",
    "price_platform",
    "price_audience",
    "slots_facebook",
    "slots_instagram",
    "active_share",
    "audience_size",
    "response_sex",
    "response_facebook",
    "response_instagram",
)
LEARNT = (*BY_COUNTRY, *BY_OBJECTIVE, *BY_MONTH, *ALIKE)
"""Roles of the model that campaigns can teach something about."""
UNTOLD_AUDIENCE = "untold_audience"
"""Score of what an account's audiences have in common where its file does not tell them: never a forecast's role."""
DRIFT = "price_drift"
"""How far an account's prices went from a quarter to the last one that its rows tell: a random walk, one score for
each quarter's step. The level is that of the last quarter, and so never a forecast's role."""
ALL = (*LEARNT, UNTOLD_AUDIENCE, DRIFT)
MOST_QUARTERS = 24
"""Steps of the walk; what is older counts as the first of them."""
MOST_ACCOUNTS = 100
"""Accounts that have scores of their own; the size of the linear algebra grows with them."""
MOST_POOLED = 0.9
"""Largest share of a country's price that its campaigns may have in common with those elsewhere."""
ACCOUNT = "account:"
UNTOLD = "?"
"""Country, goal or month of a context that does not tell it: none that any row has."""


@dataclass(frozen=True)
class Context:
    """Where and when a campaign runs; empty where that is unknown or of no matter."""

    country: str = ""
    objective: str = ""
    month: str = ""
    account: str = ""
    quarter: str = ""

    def of(self, role: str) -> str:
        """Return the part that decides a role's score."""
        if role in BY_COUNTRY:
            return self.country
        if role in BY_MONTH:
            return self.month
        return self.objective if role in BY_OBJECTIVE else ""


@dataclass(frozen=True)
class Layout:
    """Places of the latent scores.

    Attributes
    ----------
    names : tuple of (role, context)
        Context "" is the common part, "account:NAME" that of one account.
    pooling : float
        κ, share of the variance that is common.
    price_pooling : mapping of str to float
        κ of prices by country, as ``carried_pooling`` gives it for one account, ``price_pooling`` for several.
    between_accounts : tuple of float
        a for each of ``BY_ACCOUNT``, share of the common part that differs between accounts; 0 for one account.
    click_pooling : float
        Share of one account's deviation in click rate that its countries have in common; 1 where several accounts
        are fitted together.
    """

    names: tuple[tuple[str, str], ...]
    pooling: float
    price_pooling: Mapping[str, float] = field(default_factory=dict)
    between_accounts: tuple[float, ...] = (0.0,) * len(BY_ACCOUNT)
    click_pooling: float = 1.0

    @classmethod
    def for_contexts(cls, contexts: Sequence[Context], parameters: Parameters) -> Layout:
        """Return the layout for the contexts that a table of campaigns holds."""
        pooling = parameters.value("calibration.pooling")
        between = tuple(parameters.value(f"calibration.between_accounts.{role}") for role in BY_ACCOUNT)
        accounts = sorted({context.account for context in contexts} - {""})
        if not 1 < len(accounts) <= MOST_ACCOUNTS:
            accounts = []
        names = [
            (role, "") for role in ALL if role not in (*BY_MONTH, DRIFT) and not (accounts and role == UNTOLD_AUDIENCE)
        ]
        for role in (*BY_COUNTRY, *BY_OBJECTIVE, *BY_MONTH):
            names += [(role, own) for own in sorted({context.of(role) for context in contexts} - {""})]
        names += [(role, _account(name)) for role in (*BY_ACCOUNT, UNTOLD_AUDIENCE) for name in accounts]
        quarters = [int(context.quarter) for context in contexts if context.quarter]
        last = max(quarters, default=0)
        names += [(DRIFT, str(step)) for step in range(max(min(quarters, default=0), last - MOST_QUARTERS), last)]
        if accounts:
            return cls(tuple(names), pooling, price_pooling(parameters), between)
        names += [(CLICKS, own) for own in sorted({own for context in contexts for own in _places(context)})]
        return cls(tuple(names), pooling, carried_pooling(parameters), click_pooling=pooling)

    def __len__(self) -> int:
        return len(self.names)

    def weights(self, role: str, context: Context) -> tuple[Array, float]:
        """Return the weights (latent,) that make a role's score in a context, and the variance left to its own."""
        if role == DRIFT:
            return self._walk(context), 0.0
        shares = {(role, ""): 1.0}
        own = (role, context.of(role) or UNTOLD)
        if role in BY_MONTH:
            shares = {own: 1.0}
        elif role == UNTOLD_AUDIENCE and any(self.between_accounts):
            shares = {(role, _account(context.account)): 1.0}
        elif role in BY_COUNTRY or role in BY_OBJECTIVE:
            between = self.between_accounts[BY_ACCOUNT.index(role)] if role in BY_ACCOUNT else 0.0
            pooling = self.price_pooling.get(context.country, self.pooling) if role in BY_COUNTRY else self.pooling
            shares = {(role, ""): pooling * (1.0 - between), own: 1.0 - pooling}
            shares[role, _account(context.account)] = pooling * between
        if role == CLICKS:
            own_country, own_goal = _places(context)
            elsewhere, here = self.click_pooling, 1.0 - self.click_pooling
            shares = {name: elsewhere * share for name, share in shares.items()}
            shares |= {(role, own_country): here * self.pooling, (role, own_goal): here * (1.0 - self.pooling)}
        row = np.zeros(len(self.names))
        rest = 0.0
        for name, share in shares.items():
            if name in self.places:
                row[self.places[name]] = np.sqrt(share)
            else:
                rest += share
        return row, rest

    def _walk(self, context: Context) -> Array:
        """Return the steps from a context's quarter to the last one, 1 each; none where it is not told."""
        since = int(context.quarter) if context.quarter else np.inf
        return np.array([float(role == DRIFT and int(own) >= since) for role, own in self.names])

    @cached_property
    def places(self) -> dict[tuple[str, str], int]:
        """Place of each score."""
        return {name: place for place, name in enumerate(self.names)}

    def without_accounts(self) -> tuple[Layout, NDArray[np.int64]]:
        """Return the layout for forecasts, which are for one more account, and the places that are left."""
        kept = [place for place, (_, own) in enumerate(self.names) if not own.startswith(ACCOUNT)]
        names = tuple(self.names[place] for place in kept)
        return replace(self, names=names), np.array(kept, dtype=np.int64)

    def design(self, role: str, contexts: Sequence[Context]) -> Array:
        """Return the weights that make a role's score in each context, shape (context, latent)."""
        return np.stack([self.weights(role, context)[0] for context in contexts])


@lru_cache(maxsize=64)
def price_pooling(parameters: Parameters) -> Mapping[str, float]:
    """Return the variance of prices between accounts by country, as a share of that of the country's price."""
    between = parameters["calibration.account_price"].log_sd
    codes = {*parameters.table("income.per_head"), *parameters.table("prices.cpm")}
    spreads = {code: level_of(code, parameters).log_sd for code in sorted(codes)}
    return {code: min(between**2 / spread**2, MOST_POOLED) for code, spread in spreads.items()}


@lru_cache(maxsize=64)
def carried_pooling(parameters: Parameters) -> Mapping[str, float]:
    """Return κ of one account's prices by country: what it pays more or less here and in its other countries too.

    With all of an account's deviation in it, a deviation in a country whose price is well known would be carried
    enlarged to one that is not: the account's spread is as wide as all that is not known of the former's price.
    """
    shared = parameters.value("calibration.pooling")
    return {code: shared * share for code, share in price_pooling(parameters).items()}


def _places(context: Context) -> tuple[str, str]:
    """Return the names of what is a country's own in click rates: for all goals, and for one."""
    country = context.country or UNTOLD
    return f"in {country}", f"{context.objective or UNTOLD} in {country}"


def _account(name: str) -> str:
    return f"{ACCOUNT}{name}"
