"""What is learnt: normal scores of the model's roles, common to an account and of each of its contexts.

Every parameter of the model is the quantile of a standard normal score, so that before any campaign all
scores are independent N(0, 1): the shipped defaults are the prior. A role that differs between countries or
objectives has one score for the account and one for each context:

    score(role, context) = √κ · common(role) + √(1−κ) · own(role, context)

which again is N(0, 1) before any campaign. An unseen context gets the common part and its own prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BY_COUNTRY = ("price_level",)
BY_OBJECTIVE = ("persistence", "ctr_link")
ALIKE = (
    "price_trend",
    "price_month",
    "price_objective",
    "price_age",
    "anchor_win_share",
    "price_dispersion",
    "value_dispersion",
    "slots_per_day",
    "activity_shape",
    "wear_out",
    "response_age",
)
LEARNT = (*BY_COUNTRY, *BY_OBJECTIVE, *ALIKE)
"""Roles of the model that campaigns can teach something about."""
UNTOLD_AUDIENCE = "untold_audience"
"""Score of what an account's audiences have in common where its file does not tell them: never a forecast's role."""
ALL = (*LEARNT, UNTOLD_AUDIENCE)


@dataclass(frozen=True)
class Layout:
    """Places of the latent scores.

    Attributes
    ----------
    names : tuple of (role, context)
        Context "" is the account's common part.
    pooling : float
        κ, share of the variance that is common.
    """

    names: tuple[tuple[str, str], ...]
    pooling: float

    @classmethod
    def for_contexts(cls, countries: Sequence[str], objectives: Sequence[str], pooling: float) -> Layout:
        """Return the layout for the contexts that a table of campaigns holds."""
        names = [(role, "") for role in ALL]
        names += [(role, code) for role in BY_COUNTRY for code in sorted(set(countries))]
        names += [(role, goal) for role in BY_OBJECTIVE for goal in sorted(set(objectives))]
        return cls(tuple(names), pooling)

    def __len__(self) -> int:
        return len(self.names)

    def weights(self, role: str, context: str) -> tuple[Array, float]:
        """Return the weights (latent,) that make a role's score in a context, and the variance left to its own."""
        row = np.zeros(len(self.names))
        if role in ALIKE or role == UNTOLD_AUDIENCE:
            row[self.names.index((role, ""))] = 1.0
            return row, 0.0
        row[self.names.index((role, ""))] = np.sqrt(self.pooling)
        if (role, context) in self.names:
            row[self.names.index((role, context))] = np.sqrt(1.0 - self.pooling)
            return row, 0.0
        return row, 1.0 - self.pooling

    def design(self, role: str, contexts: NDArray[np.str_]) -> Array:
        """Return the weights for every row of a table, shape (row, latent)."""
        known = {context: self.weights(role, context)[0] for context in np.unique(contexts)}
        return np.stack([known[context] for context in contexts]) if len(contexts) else np.zeros((0, len(self)))


def context_of(role: str, country: str, objective: str) -> str:
    """Return the context that decides a role's score."""
    if role in BY_COUNTRY:
        return country
    return objective if role in BY_OBJECTIVE else ""
