"""Fit: the most probable scores and how sure they are, by robust Gauss–Newton steps and Laplace's approximation.

The prior is N(0, 1) on every score, so no row at all returns the defaults. Where an account's own price or click
rate is far from all that the defaults know (eight times dearer), the normal would hold it back for a dozen campaigns:
for these two it falls off as Student's distribution does beyond where most accounts are, alike in all directions, so
that what is shared between countries and goals stays what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.learning.aims import Aims
from simulator.learning.expected import SHAPES, Expectation, Group, centre_near
from simulator.learning.observed import (
    KINDS,
    Errors,
    Kind,
    Oddity,
    Weighing,
    contexts_of,
    leverage,
    observations,
    own_factor,
    weights,
)
from simulator.learning.random_effects import ALL, Layout
from simulator.learning.rows import Rows
from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

STEPS = 30
TOLERANCE = 0.1
"""Length of the last step, in standard deviations of the posterior."""
REFRESH = 0.25
"""Slopes are worked out again once a score has moved so far, in standard deviations of the prior."""
LONGEST_STEP, SHORTEST_STEP = 1.5, 0.02
"""Standard deviations of the prior that a step may go at first, and below which there is nothing more to be found."""
SHORTER = (1.0, 0.4, 0.15)
"""Parts of a step that are tried in turn, until one comes nearer; the next one may go twice as far as it did."""
REFRESH_LAST = 0.02
"""The same for the last step, from which the covariance comes."""
FAR = 1.0
"""Where a parameter that bends the curves has moved so far, the forecaster is run again around where it is."""
EASY_STEPS = 2
"""First steps, in which no row is yet taken for odd."""
OWN = ("price_level", "ctr_link")
"""Roles in which an account may be of another kind than any that the defaults know."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """Posterior of the latent scores: normal with ``mean`` (latent,) and ``covariance``; scatter factors by kind."""

    layout: Layout
    mean: Array
    covariance: Array
    scatter: dict[str, float]


def fit_scores(rows: Rows, parameters: Parameters, start: Fitted | None = None, *, aims: Aims | None = None) -> Fitted:
    """Fit the latent scores to rows.

    Parameters
    ----------
    rows : Rows
        May be empty.
    parameters : Parameters
        The prior.
    start : Fitted, optional
        A fit to begin from, as that of a few rows fewer.
    aims : Aims, optional
        Whom the rows aimed at; all adults on both platforms where that is not told.
    """
    contexts, of_row = contexts_of(rows)
    layout = Layout.for_contexts(contexts, parameters)
    if not len(rows):
        return Fitted(layout, np.zeros(len(layout)), np.eye(len(layout)), dict.fromkeys(KINDS, 1.0))
    design = Design({role: layout.design(role, contexts) for role in ALL}, of_row)
    expectation = Expectation(rows, Aims.untold(len(rows)) if aims is None else aims, parameters, {})
    mean, scatter = _first_guess(layout, start), {} if start is None else start.scatter
    fitted = Search(observations(expectation), design, parameters).run(layout, mean, scatter)
    centres = _centres(expectation, design, fitted)
    if any(np.abs(centre).max() >= FAR for centre in centres.values()):
        search = Search(observations(expectation, centres), design, parameters)
        fitted = search.run(layout, fitted.mean, fitted.scatter)
    return fitted


def _centres(expectation: Expectation, design: Design, fitted: Fitted) -> dict[Group, tuple[float, ...]]:
    """Return the scores around which each group's runs would be good."""
    found = {}
    for group, of in expectation.groups:
        scores = design.scores(fitted.mean, of[:1])
        found[group] = centre_near(np.array([scores[role][0] for role in SHAPES]))
    return found


@dataclass(frozen=True, eq=False)
class Tail:
    """The prior of scores in which an account may be far out: normal near, as Student's distribution beyond.

    Attributes
    ----------
    degrees : float
        Of freedom.
    groups : tuple of ndarray of bool
        The scores of each such role, far out together or not at all.
    """

    degrees: float
    groups: tuple[Mask, ...]

    @classmethod
    def of(cls, layout: Layout, degrees: float) -> Tail:
        """Return the tails of the roles that may be far out."""
        return cls(degrees, tuple(np.array([own == role for own, _ in layout.names]) for role in OWN))

    def held(self, at: Array) -> Array:
        """Return how firmly the prior holds each score: 1, less where those of a role are far out together."""
        held = np.ones(len(at))
        for of in self.groups:
            held[of] = min(1.0, (self.degrees + of.sum()) / (self.degrees + float(at[of] @ at[of])))
        return held

    def loss(self, at: Array) -> float:
        """Return half the squared distance from the prior, growing ever slower in the tails."""
        total = 0.5 * float(at @ at)
        for of in self.groups:
            typical, far = self.degrees + float(of.sum()), self.degrees + float(at[of] @ at[of])
            if far > typical:
                total -= 0.5 * (far - typical - typical * np.log(far / typical))
        return total


@dataclass(frozen=True, eq=False)
class Design:
    """Weights (context, latent) that make each role's score, and the context of every row."""

    tables: dict[str, Array]
    of_row: Codes

    def scores(self, mean: Array, seen: Codes) -> dict[str, Array]:
        """Return the score of each role in the rows ``seen``."""
        return {role: (table @ mean)[self.of_row[seen]] for role, table in self.tables.items()}

    def weights(self, role: str, seen: Codes) -> Array:
        """Return the weights of a role in the rows ``seen``, shape (row, latent)."""
        return np.asarray(self.tables[role][self.of_row[seen]])


@dataclass(eq=False)
class Linear:
    """A kind's expectation near ``mean``: its slopes (seen row, latent) and the errors there."""

    mean: Array
    slope: Array
    errors: Errors


@dataclass(eq=False)
class Search:
    """The search for the most probable scores."""

    kinds: tuple[Kind, ...]
    design: Design
    parameters: Parameters
    near: dict[str, Linear] = field(default_factory=dict)

    def run(self, layout: Layout, mean: Array, former: dict[str, float]) -> Fitted:
        """Take damped Gauss–Newton steps until they are short; row weights and scatter are renewed at each."""
        scatter = {kind.name: former.get(kind.name, 1.0) for kind in self.kinds}
        tail = Tail.of(layout, self.parameters.value("calibration.account_tail"))
        covariance: Array | None = None
        residuals = self._residuals(mean)
        is_short, longest = False, LONGEST_STEP
        for step in range(STEPS):
            is_last = is_short or step == STEPS - 1
            weighings = {}
            held = tail.held(mean)
            # In a tail the prior hardly holds the mean; how sure the end is, it still says.
            precision, gradient = np.diag(np.ones(len(mean)) if is_last else held), -held * mean
            for kind in self.kinds:
                residual = residuals[kind.name]
                near = self._linear(kind, mean, is_last)
                weighing, scatter[kind.name] = self._weigh(near, residual, covariance, scatter[kind.name], step)
                added = weighing.information(near.slope, residual)
                precision, gradient = precision + added[0], gradient + added[1]
                weighings[kind.name] = weighing
            inverse = np.asarray(np.linalg.inv(precision), dtype=np.float64)
            covariance = 0.5 * (inverse + inverse.T)  # to the last bit: half of it is saved
            if is_last:
                break
            move = covariance @ gradient
            length = max(float(move @ gradient), 0.0) ** 0.5
            is_short = length < TOLERANCE and step > EASY_STEPS
            far = float(np.abs(move).max())
            move = move * min(1.0, longest / max(far, 1e-12))
            mean, residuals, part = self._step(mean, move, residuals, weighings, tail)
            longest = min(LONGEST_STEP, 2.0 * longest if part == 1.0 else 2.0 * part * min(far, longest))
            is_short |= longest < SHORTEST_STEP
        return Fitted(layout, mean, covariance if covariance is not None else np.eye(len(mean)), scatter)

    def _step(
        self, mean: Array, move: Array, residuals: dict[str, Array], weighings: dict[str, Weighing], tail: Tail
    ) -> tuple[Array, dict[str, Array], float]:
        """Return the end of the longest part of a step that comes nearer, the residuals there, and the part.

        Where none comes nearer, the search stays; the next step may then go a tenth as far.
        """

        def loss(at: Array, off: dict[str, Array]) -> float:
            return tail.loss(at) + sum(weighing.loss(off[name]) for name, weighing in weighings.items())

        here = loss(mean, residuals)
        for part in SHORTER:
            there = mean + part * move
            found = self._residuals(there)
            if loss(there, found) <= here:
                return there, found, part
            self.near.clear()  # the slopes were misleading
        return mean, residuals, SHORTER[-1] / 3.0

    def _residuals(self, mean: Array) -> dict[str, Array]:
        return {kind.name: kind.observed - kind.expected(self.design.scores(mean, kind.seen)) for kind in self.kinds}

    def _linear(self, kind: Kind, mean: Array, is_last: bool) -> Linear:
        """Return the slopes, worked out again where the search has moved on."""
        near = self.near.get(kind.name)
        limit = REFRESH_LAST if is_last else REFRESH
        if near is not None and float(np.abs(mean - near.mean).max()) <= limit:
            return near
        _, slopes, errors = kind.seen_at(self.design.scores(mean, kind.seen))
        slope = np.zeros((len(kind.seen), len(mean)))
        for role, by_row in slopes.items():
            if by_row.any():
                slope += by_row[:, None] * self.design.weights(role, kind.seen)
        self.near[kind.name] = Linear(mean, slope, errors)
        return self.near[kind.name]

    def _weigh(
        self, near: Linear, residual: Array, covariance: Array | None, factor: float, step: int
    ) -> tuple[Weighing, float]:
        """Return the weights of the observations and the account's factor on their scatter."""
        odd = Oddity(*(self.parameters.value(f"calibration.{name}") for name in ("odd_share", "odd_spread")))
        squared, weight = residual**2, np.ones(len(residual))
        if covariance is not None:
            squared = squared + leverage(near.slope, covariance)
            factor = own_factor(squared, near.errors, odd, self.parameters.value("calibration.scatter_doubt"))
        if step >= EASY_STEPS:
            weight = weights(squared, near.errors.variance(factor), odd)
        return Weighing.of(near.errors, factor, weight), factor


def _first_guess(layout: Layout, start: Fitted | None) -> Array:
    mean = np.zeros(len(layout))
    if start is not None:
        for name, value in zip(start.layout.names, start.mean, strict=True):
            if name in layout.places:
                mean[layout.places[name]] = value
    return mean
