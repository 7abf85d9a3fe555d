"""What was measured of the forecasts on campaigns that they had never seen, as shipped in ``validation.json``.

Written by ``python -m tools.research.validate_calibration`` and ``python -m tools.research.leave_one_source_out``; the
whole of it stands in docs/validation.md.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from simulator.base.errors import TableError
from simulator.reference.parameters import Parameters, load_parameters

FILE = "validation.json"
SCHEMA_VERSION = 1
STEMS = ("audience", "calibration", "delivery", "prices", "response")
"""Parameters on which the figures rest; another may change and they still hold."""
PRICE_STEMS = (
    *("prices", "calibration.account_price", "delivery.model_error", "delivery.ordinary_impressions"),
    *("delivery.price_dispersion", "delivery.value_dispersion"),
)
"""Parameters on which the check of prices rests."""
DEFAULTS, CALIBRATED = "defaults", "calibrated"


@dataclass(frozen=True)
class Coverage:
    """How many campaigns of one source fell inside the band of one metric.

    Attributes
    ----------
    source, metric : str
    method : str
        ``defaults`` (fitted without that source) or ``calibrated`` (on its earlier campaigns besides).
    n, inside : int
        Campaigns, and those inside.
    low, high : float
        Exact (Clopper–Pearson) 80 % interval of the share inside.
    """

    source: str
    metric: str
    method: str
    n: int
    inside: int
    low: float
    high: float


@dataclass(frozen=True)
class ReachCheck:
    """Reach when impressions and audience are known: absolute log errors over one source."""

    source: str
    n: int
    median_abs_log_error: float
    largest_abs_log_error: float


@dataclass(frozen=True)
class BacktestCheck:
    """Median over origins of the median absolute log error: the calibrated model and the best of its rivals."""

    source: str
    metric: str
    origins: int
    calibrated: float
    best_rival: str
    rival: float


@dataclass(frozen=True)
class CurveCheck:
    """The shape of the model fitted to the platform's own curve of 2017: root mean squares of log errors.

    ``audience`` is ``free`` (fitted too) or ``stated`` (the daily users that the platform named); ``people`` is its
    size.
    """

    audience: str
    people: float
    rms: float
    rms_impressions: float
    rms_reach: float


@dataclass(frozen=True)
class Recovery:
    """Share of 80 % intervals that held the true parameter of simulated accounts."""

    accounts: int
    intervals: int
    coverage: float
    told_intervals: int
    told_coverage: float
    date: datetime.date


@dataclass(frozen=True)
class RefereeCheck:
    """The calculation against the person-by-person simulation.

    Attributes
    ----------
    campaigns, comparisons, beyond : int
        Simulated campaigns, figures compared, and those beyond what is allowed.
    opportunities : float
        Slots that the simulation drew.
    largest_reach, largest_impressions : float
        Largest difference, as a share, of people reached and of impressions.
    """

    date: datetime.date
    campaigns: int
    comparisons: int
    beyond: int
    opportunities: float
    largest_reach: float
    largest_impressions: float


@dataclass(frozen=True)
class PricesOfSource:
    """Prices of a source forecast by the others: medians of ln(paid/forecast) and of its size, shares in the band."""

    source: str
    cells: int
    accounts: int
    bias: float
    error: float
    inside: float
    single: float


@dataclass(frozen=True)
class PriceCheck:
    """Prices of every public source, each forecast by prices that the others teach; sources weigh the same.

    Attributes
    ----------
    parameter_digest : str
        Parameters it holds for.
    accounts : int
    bias, abs_bias, error : float
        Medians over the sources; above 0 the forecast is too cheap.
    inside, single : float
        Means over the sources: cells, and single ad sets, inside the band.
    """

    date: datetime.date
    parameter_digest: str
    accounts: int
    bias: float
    abs_bias: float
    error: float
    inside: float
    single: float
    sources: tuple[PricesOfSource, ...]

    @property
    def is_current(self) -> bool:
        """Whether the parameters are still those that were tested."""
        return self.parameter_digest == digest(load_parameters(), PRICE_STEMS)


@dataclass(frozen=True)
class Validation:
    """All that was measured, with its date, the version of the model and the parameters it holds for.

    Attributes
    ----------
    level : float
        Of the bands that campaigns are counted in.
    is_current : bool
        Whether the parameters are still those that were tested.
    """

    date: datetime.date
    model_version: str
    parameter_digest: str
    level: float
    coverage: tuple[Coverage, ...]
    reach: tuple[ReachCheck, ...]
    backtests: tuple[BacktestCheck, ...]
    recovery: Recovery | None
    curve: tuple[CurveCheck, ...] = ()
    referee: RefereeCheck | None = None
    prices: PriceCheck | None = None

    @property
    def is_current(self) -> bool:
        """Whether the parameters are still those that were tested."""
        return self.parameter_digest == digest(load_parameters())

    def tested(self, metric: str = "reach", method: str = DEFAULTS) -> tuple[int, int]:
        """Return (inside, n): campaigns inside the band of a metric, and all, over the sources."""
        some = [one for one in self.coverage if one.metric == metric and one.method == method]
        return sum(one.inside for one in some), sum(one.n for one in some)


@lru_cache(maxsize=1)
def validation() -> Validation:
    """Return what was measured.

    Raises
    ------
    TableError
        When the file of the package is missing or damaged.
    """
    try:
        text = resources.files("simulator.learning").joinpath(FILE).read_text(encoding="utf-8")
        return _read(json.loads(text))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TableError("table_missing", field="validation", received=FILE) from error


def digest(parameters: Parameters, stems: tuple[str, ...] = STEMS) -> str:
    """Return the digest of those parameters on which the figures rest: what begins with one of ``stems``."""
    under = tuple(f"{stem}." for stem in stems)
    return Parameters({key: entry for key, entry in parameters.items() if f"{key}.".startswith(under)}).digest


def _read(entries: dict[str, Any]) -> Validation:
    if entries["schema_version"] != SCHEMA_VERSION:
        raise ValueError("schema_version")
    recovery, referee = entries["recovery"], entries.get("referee")
    return Validation(
        date=datetime.date.fromisoformat(entries["date"]),
        model_version=str(entries["model_version"]),
        parameter_digest=str(entries["parameter_digest"]),
        level=float(entries["level"]),
        coverage=tuple(Coverage(**one) for one in entries["coverage"]),
        reach=tuple(ReachCheck(**one) for one in entries["reach"]),
        backtests=tuple(BacktestCheck(**one) for one in entries["backtests"]),
        recovery=None if recovery is None else Recovery(**_dated(recovery)),
        curve=tuple(CurveCheck(**one) for one in entries.get("curve", ())),
        referee=None if referee is None else RefereeCheck(**_dated(referee)),
        prices=_prices(entries.get("prices")),
    )


def _prices(entry: dict[str, Any] | None) -> PriceCheck | None:
    if entry is None:
        return None
    sources = tuple(PricesOfSource(**one) for one in entry["sources"])
    return PriceCheck(**{**_dated(entry), "sources": sources})


def _dated(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "date": datetime.date.fromisoformat(entry["date"])}
