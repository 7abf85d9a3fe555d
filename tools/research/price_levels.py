"""What all accounts together say about prices: levels of countries, goals, trend, income rule, spreads.

Accounts are random effects around their source and sources around the market, each source weighing alike; published
prices are observations of their own. One Gaussian model:

    ln price = level(country) + goal + trend·(year − 2025.5) + source + account + account × goal + account × country
    level(country) = world + elasticity·ln(income / reference) + own
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import ndtri

from simulator.reference.parameters import load_parameters
from tools.research.account_prices import EUR, Account, found

Array = NDArray[np.float64]
Z80 = float(ndtri(0.9))
PRICE_YEAR = 2025.5
REFERENCE = load_parameters().value("prices.income_reference")
INCOME = {**load_parameters().table("income.per_head"), "TW": 32679.0}
"""US dollars; Taiwan is missing in the World Bank's table: national statistics, 2022, entered by hand."""
PUBLISHED = {
    "FR": (7.4, 0.42),
    "CA": (10.2, 0.50),
    "US": (15.7, 0.41),
    "DE": (14.2, 0.50),
    "ES": (6.0, 0.50),
    "AU": (12.0, 0.46),
    "SE": (7.0, 0.51),
}
"""US dollars and log-sd of published prices, without what accounts taught (sources of ``prices.cpm``)."""
GOAL_PRIOR = {
    "sales": (0.5, 0.6),
    "leads": (0.4, 0.6),
    "reach": (-0.45, 0.45),
    "engagement": (0.0, 0.5),
    "app_installs": (0.3, 0.6),
    "unknown": (0.15, 0.5),
    "video_views": (-0.2, 0.5),
    "page_likes": (0.1, 0.5),
}
"""ln price relative to link clicks before any table: centre, sd."""
GOAL_MIX = 0.4
"""Log-sd of the goals' factors around their middle: what one untold goal may differ by from the next."""
INCOME_PRIOR = {"world": (float(np.log(14.9 * 0.75 / EUR["USD"])), 0.5), "elasticity": (0.95, 0.27)}
TREND_PRIOR = (0.03, 0.06)
SPREAD_PRIOR = {"source": 0.45, "country": 0.35, "account_goal": 0.35}
"""Centres of the spreads that are estimated, each with a log-sd of ``SPREAD_DOUBT``."""
SPREAD_DOUBT = 0.4
ACCOUNT_COUNTRY = 0.15
SHOPS = "shops-2025"


class Told(NamedTuple):
    """An estimate and its standard error."""

    mean: float
    error: float


@dataclass(frozen=True)
class Learnt:
    """What the tables teach, logarithms throughout but for the spreads.

    Attributes
    ----------
    slope : Told
        Of ln price on ln daily spend; accounts with exact spend and the library's.
    audience : Told
        Power of the audience below 3 million people, as it stands before the shipped curve.
    within, between : float
        Log-sd of one ad set around its account and of an account around its source.
    within_by_source, between_by_source : dict
    spreads : dict
        Of sources, of countries around the income rule, of an account's goals.
    world, elasticity, trend : Told
    goal, level : dict of str to Told
    """

    slope: Told
    audience: Told
    within: float
    between: float
    within_by_source: dict[str, float]
    between_by_source: dict[str, float]
    spreads: dict[str, float]
    world: Told
    elasticity: Told
    trend: Told
    goal: dict[str, Told]
    level: dict[str, Told]


@lru_cache(maxsize=32)
def learnt(without: str = "") -> Learnt:
    """Return what all sources teach, or all but one."""
    everything = found()
    library = [one for one in everything.library if one.source != without]
    exact = [one for one in everything.exact if one.source != without]
    slopes = [one for one in everything.slopes if one.source != without]
    with_slope = [one for one in library if one.error.get("spend", np.inf) <= 0.15]
    slope = pooled(
        [one.estimate["spend"] for one in with_slope] + [one.slope for one in slopes],
        [one.error["spend"] for one in with_slope] + [one.error for one in slopes],
        [one.source for one in with_slope] + [one.source for one in slopes],
    )
    sized = [one for one in library if one.error.get("audience", np.inf) <= 0.15]
    audience = Told(-0.12, 0.074)
    if len(sized) > 2:
        audience = pooled(*zip(*((x.estimate["audience"], x.error["audience"], x.source) for x in sized), strict=True))
    within = _within_by_source(library, without)
    between = _between_by_source(library, exact)
    # Of a library's advertisers the goals are untold, and a part of what they differ by: it is the goal "unknown".
    net = [v if k == SHOPS else max(np.sqrt(max(v**2 - GOAL_MIX**2, 0.0)), 0.2) for k, v in between.items()]
    account = _geometric_mean(net)
    shares = _Levels.of(library, exact, account)
    return Learnt(slope, audience, _geometric_mean(within.values()), account, within, between, **shares.learnt())


def pooled(estimates: Sequence[float], errors: Sequence[float], groups: Sequence[str]) -> Told:
    """Return the random-effects mean of accounts in which every source weighs alike."""
    y, v = np.asarray(estimates, float), np.asarray(errors, float) ** 2
    labels = np.asarray(groups)
    tau = between_sd(y, v, labels)
    means, variances = [], []
    for name in dict.fromkeys(groups):
        w = 1 / (v[labels == name] + tau**2)
        means.append((w * y[labels == name]).sum() / w.sum())
        variances.append(1 / w.sum())
    m, own = np.array(means), np.array(variances)
    if len(m) == 1:
        return Told(float(m[0]), float(np.sqrt(own[0])))
    w = 1 / (own + between_sd(m, own, np.zeros(len(m))) ** 2)
    return Told(float((w * m).sum() / w.sum()), float(np.sqrt(1 / w.sum())))


def between_sd(y: Array, variance: Array, groups: NDArray[np.generic]) -> float:
    """Return the standard deviation of true values around their group's mean, by restricted likelihood."""

    def loss(log_tau: float) -> float:
        total = 0.0
        for name in set(groups):
            own = groups == name
            w = 1 / (variance[own] + np.exp(2 * log_tau))
            mean = (w * y[own]).sum() / w.sum()
            total += 0.5 * (np.log(1 / w).sum() + np.log(w.sum()) + (w * (y[own] - mean) ** 2).sum())
        return total

    return 0.3 if len(y) < 2 else float(np.exp(minimize_scalar(loss, bounds=(-5, 1), method="bounded").x))


def _geometric_mean(values: object) -> float:
    return float(np.exp(np.mean(np.log(list(values)))))  # type: ignore[call-overload]


def _within_by_source(library: list[Account], without: str) -> dict[str, float]:
    spreads = [(one.source, one.estimate["spread"]) for one in library if one.error.get("spread", np.inf) < 0.25]
    spreads += [(one.source, np.log(one.spread)) for one in found().within if one.source != without]
    middle = pd.DataFrame(spreads, columns=["source", "log"]).groupby("source").log.mean()
    return {str(source): float(np.exp(value)) for source, value in middle.items()}


def _between_by_source(library: list[Account], exact: list[Account]) -> dict[str, float]:
    """Return how accounts of a source differ; of the shops within a country, the countries' means taken out."""
    by_source: dict[str, float] = {}
    for source in sorted({one.source for one in library}):
        some = [one for one in library if one.source == source and one.error.get("mean", np.inf) <= 0.5]
        if len(some) >= 4:
            y, e = (np.array([of[name]["mean"] for of in map(vars, some)]) for name in ("estimate", "error"))
            by_source[source] = between_sd(y, e**2, np.zeros(len(y)))
    shops = [one for one in exact if one.source == SHOPS]
    if shops:
        country = np.array([one.country for one in shops])
        keep = np.array([(country == code).sum() >= 3 for code in country])
        y, e = (np.array([of[name]["mean"] for of in map(vars, shops)]) for name in ("estimate", "error"))
        by_source[SHOPS] = between_sd(y[keep], e[keep] ** 2, country[keep])
    return by_source


class _Row(NamedTuple):
    effects: tuple[str, ...]
    income: float
    years: float
    price: float
    variance: float


@dataclass(frozen=True)
class _Levels:
    """The Gaussian model: rows, and the names of its effects, ``c:FR`` a country, ``g:sales`` a goal and so on."""

    rows: tuple[_Row, ...]
    names: tuple[str, ...]
    account_sd: float

    @classmethod
    def of(cls, library: list[Account], exact: list[Account], account_sd: float) -> _Levels:
        rows = [*map(_account_row, exact), *_library_rows(library, float(np.hypot(account_sd, GOAL_MIX)))]
        for code, (cpm, log_sd) in PUBLISHED.items():
            rows.append(_Row((f"c:{code}",), _income(code), 0.0, float(np.log(cpm / EUR["USD"])), log_sd**2))
        used = {name for row in rows for name in row.effects}
        goals = {f"g:{goal}" for goal in GOAL_PRIOR}
        return cls(tuple(rows), ("world", "elasticity", "trend", *sorted(used | goals)), account_sd)

    def learnt(self) -> dict[str, object]:
        """Return the fields of ``Learnt`` that the model tells."""
        centre = np.log(list(SPREAD_PRIOR.values()))

        def loss(log_spreads: Array) -> float:
            # Beliefs about the spreads keep those that few sources tell from running away.
            penalty = 0.5 * float((((log_spreads - centre) / SPREAD_DOUBT) ** 2).sum())
            return penalty - self._posterior(*np.exp(log_spreads))[2]

        options = {"xatol": 0.02, "fatol": 0.02, "maxiter": 80}
        best = np.exp(minimize(loss, centre, method="Nelder-Mead", options=options).x)
        mean, covariance, _ = self._posterior(*best)
        place = {name: number for number, name in enumerate(self.names)}

        def told(*names: str, income: float = 0.0) -> Told:
            row = np.zeros(len(place))
            row[[place[name] for name in names]] = 1.0
            row[place["elasticity"]] += income
            return Told(float(row @ mean), float(np.sqrt(row @ covariance @ row)))

        codes = [name[2:] for name in self.names if name.startswith("c:")]
        return {
            "spreads": dict(zip(SPREAD_PRIOR, map(float, best), strict=True)),
            **{name: told(name) for name in ("world", "elasticity", "trend")},
            "goal": {goal: told(f"g:{goal}") for goal in GOAL_PRIOR},
            "level": {code: told("world", f"c:{code}", income=_income(code)) for code in codes},
        }

    def _posterior(self, source: float, country: float, account_goal: float) -> tuple[Array, Array, float]:
        """Return mean and covariance of the effects, and the logarithm of the marginal likelihood."""
        sd_of = {"c": country, "s": source, "a": self.account_sd, "ag": account_goal, "ac": ACCOUNT_COUNTRY}
        known = {**INCOME_PRIOR, "trend": TREND_PRIOR, **{f"g:{goal}": prior for goal, prior in GOAL_PRIOR.items()}}
        prior = [known.get(name) or (0.0, sd_of[name.split(":")[0]]) for name in self.names]
        centre, sd = np.array(prior).T
        x, y, v = self._design()
        total = x @ (sd[:, None] ** 2 * x.T) + np.diag(v)
        rest = y - x @ centre
        inverse = np.linalg.inv(total)
        gain = sd[:, None] ** 2 * (x.T @ inverse)
        covariance = np.diag(sd**2) - gain @ x * sd**2
        fit = -0.5 * float(np.linalg.slogdet(total)[1] + rest @ inverse @ rest)
        return centre + gain @ rest, covariance, fit

    def _design(self) -> tuple[Array, Array, Array]:
        place = {name: number for number, name in enumerate(self.names)}
        x = np.zeros((len(self.rows), len(place)))
        for number, row in enumerate(self.rows):
            x[number, [place[name] for name in ("world", *row.effects)]] = 1.0
            x[number, place["elasticity"]] = row.income
            x[number, place["trend"]] = row.years
        return x, np.array([row.price for row in self.rows]), np.array([row.variance for row in self.rows])


def _income(code: str) -> float:
    return float(np.log(INCOME[code] / REFERENCE))


def _account_row(one: Account) -> _Row:
    effects = [f"c:{one.country}", f"s:{one.source}", f"a:{one.account}"]
    effects += [f"ag:{one.account}/{one.goal}", f"ac:{one.account}/{one.country}"]
    if one.goal != "link_clicks":
        effects.append(f"g:{one.goal}")
    variance = one.error["mean"] ** 2 + 0.05**2
    return _Row(tuple(effects), _income(one.country), one.year - PRICE_YEAR, one.estimate["mean"], variance)


def _library_rows(library: list[Account], untold_sd: float) -> list[_Row]:
    """Return one row a source, country and year: of accounts of untold goals mean and error say all about levels."""
    some = [one for one in library if one.error.get("mean", 9.0) < 0.5]
    rows: dict[tuple[str, str, int], list[Account]] = {}
    for one in some:
        rows.setdefault((one.source, one.country, round(one.year - 0.5)), []).append(one)
    table = []
    for (source, country, year), accounts in sorted(rows.items()):
        w = 1 / (np.array([one.error["mean"] for one in accounts]) ** 2 + untold_sd**2)
        mean = float((w * [one.estimate["mean"] for one in accounts]).sum() / w.sum())
        variance = float(1 / w.sum() + 0.02**2 + 0.05**2)
        effects = (f"c:{country}", f"s:{source}", "g:unknown")
        table.append(_Row(effects, _income(country), year + 0.5 - PRICE_YEAR, mean, variance))
    return table
