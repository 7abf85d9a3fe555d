"""The free page: what its posts reach, and how the interactions with one decide about the next.

Assumptions
-----------
1. A post is shown to followers; others see it only when somebody shares it (see ``earned``).
2. The odds of a follower being reached scatter log-normally from post to post.
3. A post that is reacted to more than the page's ordinary one lifts the next: a share of the lead, in logarithm,
   is carried over, and fades with the days between. The rate of interactions falls as reach rises, so that the
   lead settles: it cannot run away.
4. Followers differ in activity (gamma), which decides how many distinct ones several posts reach.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

Array = NDArray[np.float64]

NODES = 21
"""Quadrature nodes over the scatter of a post."""
ITERATIONS = 30
"""Newton steps towards the centre; a handful suffice."""


def share_by_size(followers: float, sizes: Array, shares: Array) -> float:
    """Return the mean share of followers that a post reaches, by the size of the page.

    Straight on both logarithms between the sizes known, constant beyond them.

    Parameters
    ----------
    followers : float
        At least 1.
    sizes, shares : ndarray (size,)
        Rising sizes and their published shares.
    """
    return float(np.exp(np.interp(np.log(followers), np.log(sizes), np.log(shares))))


def centre(mean_share: Array, scatter: Array) -> Array:
    """Return the log-odds c for which the mean of expit(c + scatter·z), z normal, is ``mean_share``.

    Parameters
    ----------
    mean_share : ndarray
        In (0, 1).
    scatter : ndarray
        Log-sd of the odds from post to post, ≥ 0.
    """
    z, weight = np.polynomial.hermite_e.hermegauss(NODES)
    weight = weight / weight.sum()
    found = logit(mean_share)
    for _ in range(ITERATIONS):
        share = expit(found[..., None] + scatter[..., None] * z)
        # On the logarithm of the mean, where the curve is nearly straight.
        slope = (share * (1.0 - share)) @ weight / (share @ weight)
        found = found - (np.log(share @ weight) - np.log(mean_share)) / slope
    return np.asarray(found)


def own_scatter(scatter: Array, carried: Array, kept: Array) -> Array:
    """Return the part of the scatter that is the post's own, the rest being carried from those before.

    With it the log-odds scatter by ``scatter`` in the long run.
    """
    return np.asarray(scatter * np.sqrt(1.0 - (carried * kept) ** 2))


def steady_lead(appeal: Array, carried: Array, kept: Array) -> Array:
    """Return the lead in log-odds that a page settles at: carried·appeal / (1 − carried·kept).

    Parameters
    ----------
    appeal : ndarray
        Logarithm of how much more the posts are reacted to than ordinary ones.
    carried : ndarray
        Share of a post's lead in interactions that the next one's reach inherits, 0 to below 1.
    kept : ndarray
        1 minus the exponent with which the rate of interactions falls as reach rises, 0 to 1.
    """
    return np.asarray(carried * appeal / (1.0 - carried * kept))


def leads(appeal: Array, carried: Array, kept: Array, own: Array) -> Array:
    """Return the lead of every post in log-odds of reach, carried and own together.

    Parameters
    ----------
    appeal, carried, kept : ndarray (draw,)
        See ``steady_lead``.
    own : ndarray (draw, post)
        The post's own luck, log-odds.

    Returns
    -------
    ndarray (draw, post)
        The first post starts without any lead from before.
    """
    found = np.empty_like(own)
    inherited = np.zeros(len(own))
    for post in range(own.shape[1]):
        found[:, post] = inherited + own[:, post]
        inherited = carried * (appeal + kept * found[:, post])
    return found


def distinct_share(shares: Array, shape: Array) -> Array:
    """Return the share of followers reached at least once by several posts.

    Parameters
    ----------
    shares : ndarray (draw, post)
        Share reached by each.
    shape : ndarray (draw,)
        Shape of the followers' activity.

    Returns
    -------
    ndarray (draw,)
        Equal to the share of the post where there is only one; never above one.
    """
    # Mean number of times a follower comes past each, so that one post alone gives its own share back.
    times = shape[:, None] * np.expm1(-np.log1p(-shares) / shape[:, None])
    return np.asarray(-np.expm1(-shape * np.log1p(times.sum(axis=1) / shape)))
