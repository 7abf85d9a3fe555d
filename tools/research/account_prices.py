"""What each public account paid for a showing, one account at a time: prices, slopes and spreads with their errors.

Exact tables give cells (account, country, goal, month, class of daily spend): weighted least squares, errors clustered.
The ad library gives classes of spend, impressions and audience: an interval-censored likelihood, classes stay classes.
Log prices are EUR per 1,000 impressions at the shipped rates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtr

from simulator.reference.parameters import load_parameters
from tools.research import evidence

Array = NDArray[np.float64]

EUR: Mapping[str, float] = {**load_parameters().table("exchange_rates.units_per_euro"), "TWD": 31.3}
"""Units a euro; Taiwan's dollar at 28.0 to a US dollar (2021), brought to euros by the shipped dollar."""
DAYS = {"1": 1.0, "2-3": 2.4, "4-7": 5.3, "8-14": 10.5, "15-30": 21.0, "31+": 45.0}
FLAT_ABOVE = 3e6
OPEN_AUDIENCE = 3e6
"""Centre taken for "more than a million" in the Czech library: some five million adults use the platform."""
LOWEST_FACTOR = 200.0
"""The class of spend that starts at 0 is spread over this factor: a bound from above on the price and little else."""
OPEN_STEP = 1.25
"""Upper end of a class whose end is missing, relative to its lower one."""
NODES = 8
GOALS = {"conversions": "sales", "other": "unknown"}
FEWEST_IMPRESSIONS = 300
LIBRARY = "adlib"

NAMES = ("mean", "spend", "audience", "part", "spread")
PRIOR_SD = np.array([1.5, 0.5, 0.5, 0.7, 0.4])
"""Weak beliefs that keep a small account's fit finite; they are taken out of its estimates afterwards."""
USUAL_SPREAD = 0.5
STEP = 0.02


@dataclass(frozen=True)
class Account:
    """One account (× country × goal where its table tells them): estimates of ``NAMES`` with standard errors."""

    source: str
    account: str
    country: str
    goal: str
    year: float
    n: int
    estimate: Mapping[str, float]
    error: Mapping[str, float]


@dataclass(frozen=True)
class Slope:
    """Slope of ln price on ln daily spend within an account."""

    source: str
    account: str
    slope: float
    error: float


@dataclass(frozen=True)
class Within:
    """Standard deviation of ln price within an account and country."""

    source: str
    spread: float


@dataclass(frozen=True)
class Found:
    """Everything the accounts say, each alone."""

    exact: tuple[Account, ...]
    library: tuple[Account, ...]
    slopes: tuple[Slope, ...]
    within: tuple[Within, ...]


@lru_cache(maxsize=1)
def found() -> Found:
    """Return what all accounts of the tables say; some seconds."""
    rows = cells()
    rows = rows[rows.trusted]
    exact, within, slopes = [], [], []
    for (source, name), of in rows.groupby(["source", "account"]):
        for (country, goal), some in of.groupby(["country", "goal"]):
            account, spread = _cell_mean(source, name, country, goal, some)
            exact.append(account)
            if some.n.sum() >= 8:
                within.append(Within(source, spread))
        slopes += _slope(source, name, of)
    return Found((*exact, *_ad_sets()), tuple(library_accounts()), tuple(slopes), tuple(within))


def cells() -> pd.DataFrame:
    """Return the exact table with ``goal``, ``log_cpm``, ``log_day``, ``year`` and ``trusted`` worked out."""
    rows = pd.read_csv(evidence.FOLDER / "account_prices.csv")
    when = pd.to_datetime(rows.month)
    rate = np.log(rows.currency.map(EUR))
    return rows.assign(
        goal=rows.objective.replace(GOALS),
        log_cpm=rows.mean_log_cpm - rate,
        log_day=np.log(rows.median_spend / rows.median_days) - rate,
        year=when.dt.year + (when.dt.month - 0.5) / 12,
        trusted=(rows.median_impressions >= FEWEST_IMPRESSIONS) | rows.median_impressions.isna(),
    )


def library() -> pd.DataFrame:
    """Return the ad library's table with missing ends of classes filled and ``log_size`` of the audience."""
    rows = pd.read_csv(evidence.FOLDER / "ad_library_counts.csv")
    for name in ("impressions", "spend"):
        rows[f"{name}_high"] = rows[f"{name}_high"].fillna(rows[f"{name}_low"] * OPEN_STEP)
    low = rows.audience_low
    open_end = np.where(low > 1e6, OPEN_AUDIENCE**2 / low, np.nan)
    high = rows.audience_high.where(rows.audience_high.notna(), open_end)
    return rows.assign(log_size=0.5 * (np.log(low) + np.log(high)))


def weights_of(n: pd.Series) -> Array:
    """Return weights of cells of n ad sets that share a part of their errors."""
    return np.asarray(n / (1 + 0.3 * n), dtype=float)


def _cell_mean(source: str, name: str, country: str, goal: str, some: pd.DataFrame) -> tuple[Account, float]:
    weight = weights_of(some.n)
    mean = np.average(some.log_cpm, weights=weight)
    between = np.average((some.log_cpm - mean) ** 2, weights=weight)
    inside = np.average(some.sd_log_cpm.fillna(0.3) ** 2, weights=some.n)
    spread = float(np.sqrt(between + inside))
    error = max(spread, 0.2) / np.sqrt(len(some))
    year = float(np.average(some.year, weights=some.n))
    estimate, doubt = {"mean": float(mean)}, {"mean": float(error)}
    return Account(source, name, country, goal, year, int(some.n.sum()), estimate, doubt), spread


def _slope(source: str, name: str, of: pd.DataFrame) -> list[Slope]:
    """Return the slope on daily spend within country, goal and month, its error clustered by those."""
    parts = [some for _, some in of.groupby(["country", "goal", "month"]) if len(some) > 1]
    if sum(map(len, parts)) < 4:
        return []
    x, y, w, group = [], [], [], []
    for number, some in enumerate(parts):
        weight = weights_of(some.n)
        x.append(some.log_day - np.average(some.log_day, weights=weight))
        y.append(some.log_cpm - np.average(some.log_cpm, weights=weight))
        w.append(weight)
        group.append(np.full(len(some), number))
    slope, error = clustered_slope(*(np.concatenate(each) for each in (x, y, w, group)))
    return [Slope(source, name, slope, max(error, 0.01))]


def clustered_slope(x: Array, y: Array, weight: Array, group: Array) -> tuple[float, float]:
    """Return a weighted slope through zero and its standard error clustered by ``group``."""
    bread = (weight * x * x).sum()
    slope = (weight * x * y).sum() / bread
    score = pd.Series(weight * x * (y - slope * x)).groupby(group).sum()
    count = len(score)
    error = np.sqrt((score**2).sum() * count / (count - 1)) / bread if count > 1 else 0.15
    return float(slope), float(error)


def _ad_sets() -> Iterable[Account]:
    """Return the ad sets of the two public exports as one account a country; days of the job advertisements are one."""
    rows = pd.read_csv(evidence.FOLDER / "campaigns.csv")
    for (source, country), some in rows.groupby(["source", "country"]):
        some = some[(some.impressions >= FEWEST_IMPRESSIONS) & ~some.campaign.str.endswith("IG")]
        cpm = np.log(1000 * some.spend / some.impressions / some.currency.map(EUR))
        year = 2020.7 if source == evidence.JOBS else 2021.95
        code = "CA" if country == "multi" else country
        error = {"mean": float(max(cpm.std(), 0.15) / np.sqrt(len(cpm) / 2))}
        yield Account(source, source, code, some.objective.iloc[0], year, len(cpm), {"mean": float(cpm.mean())}, error)


def library_accounts(curve: Callable[[Array], Array] | None = None) -> Iterable[Account]:
    """Return the advertisers of the library, their goals untold.

    ``curve`` maps ln audience to the covariate of ``audience``; ln min(size, 3 M)/3 M where absent.
    """
    for source, of in library().groupby("source"):
        told = of[of.spend_low > 0]
        money = told.spend_low * told.spend_high
        shown = told.impressions_low.clip(lower=1) * told.impressions_high
        centre = np.median(np.log(1000 * np.sqrt(money / shown) / EUR[of.currency.iloc[0]]))
        for name, rows in of.groupby("account"):
            estimate, error = fit_account(rows, float(centre), curve)
            year = float(np.average(rows.year, weights=rows.n)) + 0.5
            country = rows.country.iloc[0]
            yield Account(source, name, country, "unknown", year, int(rows.n.sum()), estimate, error)


def fit_account(
    rows: pd.DataFrame, centre: float, curve: Callable[[Array], Array] | None = None
) -> tuple[dict[str, float], dict[str, float]]:
    """Return estimates and errors of ``NAMES`` for one advertiser: mode and curvature, the weak prior taken out."""
    likelihood = _Classes.of(rows, curve)
    prior = np.array([centre, 0.0, 0.0, 0.0, np.log(USUAL_SPREAD)])
    free = np.flatnonzero(likelihood.varies)

    def loss(some: Array) -> float:
        theta = prior.copy()
        theta[free] = some
        return likelihood.loss(theta) + 0.5 * float((((theta - prior) / PRIOR_SD)[free] ** 2).sum())

    mode = minimize(loss, prior[free], method="BFGS", options={"gtol": 1e-3, "maxiter": 60}).x
    value, vector = np.linalg.eigh(_hessian(loss, mode))
    covariance = (vector / np.maximum(value, 0.5)) @ vector.T
    estimate, error = {}, {}
    for place, index in enumerate(free):
        precision = 1 / covariance[place, place]
        own = precision - 1 / PRIOR_SD[index] ** 2
        if own > 0.05 / PRIOR_SD[index] ** 2:
            estimate[NAMES[index]] = float(prior[index] + (mode[place] - prior[index]) * precision / own)
            error[NAMES[index]] = float(own**-0.5)
    return estimate, error


@dataclass(frozen=True)
class _Classes:
    """One advertiser's rows: nodes of ln spend within its class, limits of ln impressions, covariates, counts."""

    nodes: Array
    lower: Array
    upper: Array
    rate: float
    x_spend: Array
    x_size: Array
    part: Array
    n: Array
    varies: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: pd.DataFrame, curve: Callable[[Array], Array] | None) -> _Classes:
        rate = float(np.log(EUR[rows.currency.iloc[0]]))
        low = rows.spend_low.to_numpy(dtype=float)
        high = rows.spend_high.to_numpy(dtype=float) + 1.0
        lowest = low <= 0
        low = np.where(lowest, high / LOWEST_FACTOR, low)
        share = (np.arange(NODES) + 0.5) / NODES
        nodes = np.log(low)[:, None] + share * np.log(high / low)[:, None]
        x_spend = nodes - rate - np.log(rows.days_class.map(DAYS).to_numpy())[:, None] - np.log(10.0)
        x_spend[lowest] = x_spend[~lowest].mean() if (~lowest).any() else 0.0
        size = rows.log_size.to_numpy()
        flat = np.log(FLAT_ABOVE)
        at = np.where(np.isfinite(size), size, flat)
        x_size = np.where(np.isfinite(size), np.minimum(at, flat) - flat if curve is None else curve(at), 0.0)
        shown = rows.impressions_low.to_numpy(dtype=float)
        lower = np.where(shown <= 0, -50.0, np.log(np.maximum(shown, 1e-9)))[:, None]
        upper = np.log(rows.impressions_high.to_numpy() + 1)[:, None]
        part, n = rows.regional.to_numpy().astype(float), rows.n.to_numpy().astype(float)
        in_part = 0 < np.average(part, weights=n) < 1
        varies = np.array([True, (~lowest).sum() > 2, np.ptp(x_size) > 0.5, in_part, True])
        return cls(nodes, lower, upper, rate, x_spend, x_size, part, n, varies)

    def loss(self, theta: Array) -> float:
        """Return minus the log-likelihood; a floor keeps single odd advertisements from deciding."""
        spread = np.exp(np.clip(theta[4], -2.5, 1.5))
        mean = theta[0] + theta[1] * self.x_spend + (theta[2] * self.x_size + theta[3] * self.part)[:, None]
        shown = self.nodes - self.rate + np.log(1000.0) - mean
        upper, lower = (self.upper - shown) / spread, (self.lower - shown) / spread
        mass = np.where(lower > 0, ndtr(-lower) - ndtr(-upper), ndtr(upper) - ndtr(lower)).mean(axis=1)
        middle = 0.5 * (np.maximum(self.lower, self.upper - 3) + self.upper)
        odd = np.exp(-np.abs(shown - middle)).mean(axis=1)
        return -float((self.n * np.log(np.maximum(0.98 * mass + 0.001 * odd, 1e-12))).sum())


def _hessian(loss: Callable[[Array], float], mode: Array) -> Array:
    steps = np.eye(len(mode)) * STEP
    here = loss(mode)
    up, down = [loss(mode + step) for step in steps], [loss(mode - step) for step in steps]
    hessian = np.empty((len(mode), len(mode)))
    for i in range(len(mode)):
        hessian[i, i] = (up[i] - 2 * here + down[i]) / STEP**2
        for j in range(i):
            both = loss(mode + steps[i] + steps[j])
            hessian[i, j] = hessian[j, i] = (both - up[i] - up[j] + here) / STEP**2
    return hessian
