"""Delivery: from money to impressions, in a two-level second-price auction under one multiplier.

For every eligible slot a competing price and the campaign's value are log-normal. The platform bids one
multiplier times the value so that the day's budget is just spent; cheaper groups of slots win more. The share
of slots won follows from the Lorenz curve of the price distribution; landscape of prices after Cui et al.
(2011), winning functions after Zhang et al. (2014).

Notation: σe = σp²/s and δ = σv²/s, where s² = σp² + σv² is the log-variance of price over value; σe + δ = s.

Assumptions
1. Prices and values of slots are independent log-normals; a group of slots has its own mean price.
2. The campaign is small: its bids do not move the competing prices.
3. The multiplier is constant over the day (perfect pacing).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Array = NDArray[np.float64]

ITERATIONS = 60
LEAST_SHARE = 1e-280
"""A budget below this share of the whole inventory buys nothing: its logarithm cannot be solved for in doubles."""
TOLERANCE = 1e-6
"""Last step of the threshold, in units of z: Newton's steps square the error, so what remains is 1e-11."""


class Delivery(NamedTuple):
    """What a day's money buys, axes (draw, budget, group).

    Attributes
    ----------
    z : ndarray
        Normal quantile of the share of slots won; +inf where every slot is won.
    impressions : ndarray
        Impressions a day.
    spend : ndarray
        Money used a day.
    """

    z: Array
    impressions: Array
    spend: Array


def price_paid(
    impressions: float, slots: Array, price: Array, price_dispersion: Array, value_dispersion: Array
) -> Array:
    """Return the mean price of the impressions that one multiplier wins over groups of slots, shape (draw,).

    Parameters
    ----------
    impressions : float
        Impressions a day.
    slots, price : ndarray (draw, group)
        Eligible slots a day; mean competing price per slot.
    price_dispersion, value_dispersion : ndarray (draw,)
        σe and δ, their sum > 0.
    """
    offset = np.log(price) / (price_dispersion + value_dispersion)[:, None]
    z = spending_threshold(np.array([[impressions]]), slots, offset) - offset
    cost = (slots * price * ndtr(z - price_dispersion[:, None])).sum(axis=1)
    return np.asarray(cost / (slots * ndtr(z)).sum(axis=1))


def mean_price(cpm: Array, anchor_win_share: Array, price_dispersion: Array) -> Array:
    """Return the mean competing price per slot behind a published CPM.

    A published CPM is what campaigns paid for the cheap slots they won, at a win share of about
    ``anchor_win_share``; the mean over all slots is higher.

    Parameters
    ----------
    cpm : ndarray
        Money per 1,000 impressions.
    anchor_win_share : ndarray
        w₀, 0 < w₀ < 1.
    price_dispersion : ndarray
        σe ≥ 0.
    """
    won = anchor_win_share / ndtr(ndtri(anchor_win_share) - price_dispersion)
    return np.asarray(cpm / 1000.0 * won)


def deliver(budget: Array, slots: Array, price: Array, price_dispersion: Array, value_dispersion: Array) -> Delivery:
    """Spend a day's budget over groups of slots under one multiplier.

    Parameters
    ----------
    budget : ndarray (draw | 1, budget)
        Money a day, ≥ 0.
    slots : ndarray (draw, group)
        Eligible slots a day.
    price : ndarray (draw, group)
        Mean competing price per slot, > 0.
    price_dispersion, value_dispersion : ndarray (draw,)
        σe and δ, their sum > 0.

    Returns
    -------
    Delivery
        Spend adds up to the budget unless the inventory ends first.
    """
    spread = (price_dispersion + value_dispersion)[:, None]
    capacity = slots * price
    reference = np.log(price).mean(axis=-1, keepdims=True)
    offset = (np.log(price) - reference) / spread
    threshold = spending_threshold(budget, capacity, offset + price_dispersion[:, None])
    z = threshold[:, :, None] - offset[:, None, :]
    won = slots[:, None, :] * ndtr(z)
    spend = capacity[:, None, :] * ndtr(z - price_dispersion[:, None, None])
    return Delivery(z, won, spend)


def spending_threshold(budget: Array, capacity: Array, offset: Array) -> Array:
    """Solve Σ capacity · Φ(m − offset) = budget for m.

    Newton's steps on the logarithm, which is nearly straight, inside a bracket that only shrinks.

    Parameters
    ----------
    budget : ndarray (draw | 1, budget)
    capacity, offset : ndarray (draw, group)
        Money that all slots of a group would cost; place of the group on the axis of m.

    Returns
    -------
    ndarray (draw, budget)
        −inf for no budget or next to none, +inf where the budget buys everything.
    """
    total = capacity.sum(axis=-1, keepdims=True)
    budget, total = np.broadcast_arrays(budget, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.clip(budget / total, 0.0, 1.0)
    result = np.where(share >= 1.0, np.inf, -np.inf)
    open_ = (share > LEAST_SHARE) & (share < 1.0)
    if not open_.any():
        return np.asarray(result)
    safe = np.where(open_, share, 0.5)
    quantile = ndtri(safe)
    low = quantile + offset.min(axis=-1, keepdims=True)
    high = quantile + offset.max(axis=-1, keepdims=True)
    weight = capacity / np.maximum(capacity.sum(axis=-1, keepdims=True), 1e-300)
    m = np.clip(quantile + (weight * offset).sum(axis=-1, keepdims=True), low, high)
    draw, column = np.nonzero(open_)
    m[draw, column] = _solve(np.log(safe[draw, column]), m[draw, column], (low, high), (draw, column), weight, offset)
    return np.where(open_, m, result)


def _solve(
    target: Array,
    m: Array,
    bracket: tuple[Array, Array],
    place: tuple[NDArray[np.int64], ...],
    weight: Array,
    offset: Array,
) -> Array:
    """Return the root for each pair of a draw and a budget; each stops by itself and depends on no other.

    Parameters
    ----------
    target, m : ndarray (pair,)
        Logarithm of the share to be spent; first guess.
    bracket : pair of ndarray (draw, budget)
    place : pair of ndarray (pair,)
        Draw and budget of each pair.
    weight, offset : ndarray (draw, group)
    """
    low, high = bracket[0][place], bracket[1][place]
    draw = place[0]
    found = m.copy()
    left = np.arange(len(m))
    for _ in range(ITERATIONS):
        of = draw[left]
        x = found[left, None] - offset[of]
        spent = np.einsum("pg,pg->p", weight[of], ndtr(x))
        slope = np.einsum("pg,pg->p", weight[of], np.exp(-0.5 * x * x)) / np.sqrt(2.0 * np.pi)
        error = np.log(np.maximum(spent, 1e-300)) - target[left]
        now = found[left]
        high[left] = np.where(error > 0.0, now, high[left])
        low[left] = np.where(error > 0.0, low[left], now)
        step = now - error * spent / np.maximum(slope, 1e-300)
        inside = (step >= low[left]) & (step <= high[left])
        found[left] = np.where(inside, step, 0.5 * (low[left] + high[left]))
        left = left[np.abs(found[left] - now) >= TOLERANCE]
        if not len(left):
            break
    return found


def keen_value(z: Array, trait: Array, persistence: Array, value_dispersion: Array, won: Array) -> Array:
    """Return V(u), the mean value of the slots won from trait u, relative to the mean of all slots.

    Small budgets win the slots of the keenest first. With ``value_dispersion`` = −σe the same formula is
    C(u), the mean price paid from trait u relative to the mean price.

    Parameters
    ----------
    z, trait, persistence, value_dispersion : ndarray
        Broadcastable; δ or −σe.
    won : ndarray
        p(u), the win probability at the same nodes.
    """
    root = np.sqrt(persistence)
    rest = 1.0 - persistence
    shifted = ndtr((z - root * trait + rest * value_dispersion) / np.sqrt(rest))
    tilt = np.exp(-value_dispersion * root * trait - 0.5 * persistence * value_dispersion**2)
    return np.asarray(tilt * shifted / np.maximum(won, 1e-300))
