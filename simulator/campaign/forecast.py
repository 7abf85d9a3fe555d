"""What comes out: a band for every metric, the frequency distribution, days and segments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import read_file, write_file
from simulator.base.frozen import FrozenMap
from simulator.base.json_text import parse_json
from simulator.base.metrics import METRICS, REACH_KPLUS, WHOLE
from simulator.base.validation import finite_at, in_range
from simulator.campaign.campaign import Campaign

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

LEVEL = 0.8
"""Probability between p10 and p90."""
QUANTILES = (0.1, 0.5, 0.9)
SEGMENT_COLUMNS = (
    *("country", "age_band", "sex", "presence", "audience_size", "impressions", "reach", "link_clicks"),
    *("facebook_impressions", "instagram_impressions"),
)


def quantiles(draws: Array, levels: float | Iterable[float], *, whole: bool = False) -> Array:
    """Return quantiles of draws along their first axis, shape (level, …).

    Those of ``whole`` numbers are the smallest count that is not passed with that probability: the band between two
    of them holds at least its level.
    """
    return np.asarray(np.quantile(draws, np.asarray(levels), axis=0, method="inverted_cdf" if whole else "linear"))


@dataclass(frozen=True)
class Band:
    """A figure with its uncertainty: 80 % of the probability lies between ``p10`` and ``p90``."""

    p10: float
    p50: float
    p90: float
    mean: float

    @classmethod
    def of(cls, draws: Array, *, whole: bool = False) -> Band:
        """Summarise draws, shape (draw,); the quantiles of ``whole`` numbers are whole numbers."""
        p10, p50, p90 = (float(value) for value in quantiles(draws, QUANTILES, whole=whole))
        return cls(p10, p50, p90, float(draws.mean()))

    def to_dict(self) -> dict[str, float]:
        """Return the four figures by name."""
        return {"p10": self.p10, "p50": self.p50, "p90": self.p90, "mean": self.mean}


@dataclass(frozen=True)
class Flag:
    """Something to check before paying, or the reason of a zero: a code and data, said by the screen."""

    code: str
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def to_dict(self) -> dict[str, Any]:
        """Return code and data."""
        return {"code": self.code, **self.data}


class Forecaster(Protocol):
    """What can be asked again about a campaign: the engine that made a forecast."""

    def daily(self, campaign: Campaign) -> Mapping[str, Array]:
        """Return spend, impressions, reach and link_clicks so far, shape (draw, day) each."""

    def delivery_estimate(self, campaign: Campaign) -> dict[str, Any]:
        """Return the shape of the platform's withdrawn ``delivery_estimate``."""


@dataclass(frozen=True)
class Forecast:
    """The forecast of one campaign: plain data that compares, pickles, and goes to and from a dict.

    Attributes
    ----------
    campaign : Campaign
        What was forecast.
    seed : int
    model_version, parameter_digest, calibration_digest : str
        With the seed, what tells whether another run gives the same figures; the last is empty without a
        calibration.
    audience_size, spend, … engagements : Band
        See ``simulator.base.metrics.METRICS`` for units and meanings.
    reach_kplus : tuple of 10 Band
        People shown at least 1, 2, … 10 times.
    draws : mapping of str to ndarray (draw,), read-only
        The draws behind each band, for ``probability`` and paired differences; those of ``reach_kplus`` are called
        ``reach_1plus`` … ``reach_10plus``.
    width : mapping of str to float
        Share of the width of the reach band by cause: price, audience, delivery, response. Sums to 1.
    flags : tuple of Flag
        What to check before paying.
    reasons : tuple of Flag
        Why figures are zero, if they are.
    segments : tuple of mapping
        Rows of ``by_segment``.
    expected : mapping of str to ndarray (draw,)
        Expected responses in each draw, before the noise of small counts.
    engine : Engine, optional
        Answers ``by_day`` and ``to_delivery_estimate``; None where the forecast was read from a dict.
    """

    audience_size: Band
    spend: Band
    impressions: Band
    reach: Band
    frequency: Band
    cpm: Band
    link_clicks: Band
    clicks_all: Band
    ctr_link: Band
    cpc_link: Band
    reactions: Band
    comments: Band
    shares: Band
    engagements: Band
    reach_kplus: tuple[Band, ...]
    campaign: Campaign
    seed: int
    model_version: str
    parameter_digest: str
    calibration_digest: str = field(kw_only=True, default="")
    draws: Mapping[str, Array] = field(repr=False, compare=False)
    width: Mapping[str, Mapping[str, float]] = field(repr=False, hash=False)
    flags: tuple[Flag, ...] = ()
    reasons: tuple[Flag, ...] = ()
    sources: tuple[str, ...] = field(default=(), repr=False)
    segments: tuple[Mapping[str, Any], ...] = field(default=(), repr=False, hash=False)
    expected: Mapping[str, Array] = field(default_factory=dict, repr=False, compare=False)
    engine: Forecaster | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("draws", "expected"):
            object.__setattr__(
                self, name, FrozenMap({key: _read_only(one) for key, one in getattr(self, name).items()})
            )

    @property
    def currency(self) -> str:
        """Currency of all money, that of the campaign."""
        return self.campaign.currency

    @property
    def duration_days(self) -> int:
        """Days of the campaign."""
        return self.campaign.duration_days

    def band(self, metric: str) -> Band:
        """Return the band of a metric by name, of ``reach_1plus`` … ``reach_10plus`` too.

        Raises
        ------
        InvalidInput
            ``unknown_metric``.
        """
        if isinstance(metric, str) and metric in REACH_KPLUS:
            return self.reach_kplus[REACH_KPLUS.index(metric)]
        if not isinstance(metric, str) or metric not in METRICS:
            raise InvalidInput("unknown_metric", field="metric", received=shown(metric), allowed=", ".join(METRICS))
        value: Band = getattr(self, metric)
        return value

    def quantile(self, metric: str, q: float) -> float:
        """Return the figure that ``metric`` stays below with probability ``q``, 0 to 1, from the draws.

        Raises
        ------
        InvalidInput
            ``unknown_metric``, ``not_a_number`` or ``out_of_range`` for ``q``, ``no_draws``.
        """
        drawn = self._drawn(metric)
        level = finite_at("q", q)
        in_range("q", level, 0.0, 1.0)
        return float(quantiles(drawn, level, whole=metric in WHOLE))

    def monte_carlo_error(self, metric: str) -> Band:
        """Return how far each figure of a band may be off for the number of draws alone: one standard error.

        That of independent draws, from the order statistics one standard error of the rank either side; quasi-random
        points do better. More draws make it smaller, and leave the band as wide as it is.

        Raises
        ------
        InvalidInput
            ``unknown_metric`` or ``no_draws``.
        """
        drawn = self._drawn(metric)
        levels = np.array(QUANTILES)
        rank = np.sqrt(levels * (1.0 - levels) / len(drawn))
        low, high = (np.quantile(drawn, np.clip(levels + side * rank, 0.0, 1.0)) for side in (-1.0, 1.0))
        p10, p50, p90 = (float(value) for value in (high - low) / 2.0)
        return Band(p10, p50, p90, float(drawn.std(ddof=1) / np.sqrt(len(drawn))))

    def probability(self, metric: str, at_least: float) -> float:
        """Return the probability (0 to 1) that ``metric`` is ``at_least`` so much.

        Clicks, reactions, comments and shares are whole numbers: Poisson given their expectation in a draw.
        """
        self.band(metric)
        finite_at("at_least", at_least)
        drawn = self._drawn(metric)
        if metric in self.expected and at_least > 0.0:
            return float(np.mean(gammainc(np.ceil(at_least), self.expected[metric])))
        return float(np.mean(drawn >= at_least))

    def to_delivery_estimate(self) -> dict[str, Any]:
        """Return the shape of the platform's withdrawn ``delivery_estimate``: see ``delivery_estimate``.

        ``daily_outcomes_curve`` (spend in cents; reach, impressions and actions of a day, with bounds),
        ``estimate_dau``, ``estimate_mau_lower_bound``, ``estimate_mau_upper_bound``, ``estimate_ready``.
        """
        return self._asked().delivery_estimate(self.campaign)

    def exposure_counts(self) -> tuple[float, ...]:
        """Return the median numbers of people shown it exactly 1, 2, … 9 times and 10 or more.

        Medians do not add up to the median of reach. A forecast read from a dict has no draws: there they are the
        differences of its medians.
        """
        if REACH_KPLUS[0] in self.draws:
            return tuple(band.p50 for band in self.exposure_bands())
        at_least = [band.p50 for band in self.reach_kplus]
        return tuple(max(a - b, 0.0) for a, b in zip(at_least, [*at_least[1:], 0.0], strict=True))

    def exposure_bands(self) -> tuple[Band, ...]:
        """Return the bands of people shown it exactly 1, 2, … 9 times and 10 or more, from the draws.

        Raises
        ------
        InvalidInput
            ``no_draws``.
        """
        at_least = [self._drawn(name) for name in REACH_KPLUS]
        return tuple(Band.of(a - b) for a, b in zip(at_least, [*at_least[1:], np.zeros(1)], strict=True))

    def by_day(self) -> pd.DataFrame:
        """Return how the campaign builds up: index day 1 … ``duration_days``, figures cumulated.

        Columns ``reach_p10``, ``reach_p50``, … for spend, impressions, reach and link_clicks.
        Reach is of distinct people so far; daily reach cannot be had by subtraction of people seen twice.
        """
        import pandas as pd

        columns = {}
        for metric, values in self._asked().daily(self.campaign).items():
            for name, row in zip(
                ("p10", "p50", "p90"), quantiles(values, QUANTILES, whole=metric in WHOLE), strict=True
            ):
                columns[f"{metric}_{name}"] = row
        return pd.DataFrame(columns, index=pd.RangeIndex(1, self.duration_days + 1, name="day"))

    def by_segment(self) -> pd.DataFrame:
        """Return who would see it, on which platform: means over the draws, so that rows add up.

        Columns: country, age_band, sex, presence, audience_size, impressions, reach, link_clicks,
        facebook_impressions, instagram_impressions.
        """
        import pandas as pd

        return pd.DataFrame(list(self.segments), columns=list(SEGMENT_COLUMNS))

    def to_frame(self) -> pd.DataFrame:
        """Return one row a metric: p10, p50, p90, mean, unit."""
        import pandas as pd

        rows = {name: {**self.band(name).to_dict(), "unit": metric.unit} for name, metric in METRICS.items()}
        frame = pd.DataFrame.from_dict(rows, orient="index")
        frame.index.name = "metric"
        frame.attrs = {"currency": self.currency, "level": LEVEL, "seed": self.seed}
        return frame

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``; the draws are left out."""
        return {
            **{name: self.band(name).to_dict() for name in METRICS},
            "reach_kplus": [band.to_dict() for band in self.reach_kplus],
            "campaign": self.campaign.to_dict(),
            "currency": self.currency,
            "duration_days": self.duration_days,
            "level": LEVEL,
            "width": {metric: dict(causes) for metric, causes in self.width.items()},
            "flags": [flag.to_dict() for flag in self.flags],
            "reasons": [flag.to_dict() for flag in self.reasons],
            "sources": list(self.sources),
            "segments": [dict(row) for row in self.segments],
            "seed": self.seed,
            "model_version": self.model_version,
            "parameter_digest": self.parameter_digest,
            "calibration_digest": self.calibration_digest,
        }

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Self:
        """Return a forecast from what ``to_dict`` gave: equal to the first, without its draws.

        Raises
        ------
        InvalidInput
            ``broken_forecast``, naming the entry, or what is wrong in the campaign.
        """
        if not isinstance(entries, Mapping):
            raise InvalidInput("broken_forecast", field="forecast", received=shown(entries))
        campaign = Campaign.from_dict(entries.get("campaign"))
        try:
            bands: dict[str, Any] = {name: Band(**entries[name]) for name in METRICS}
            return cls(
                **bands,
                reach_kplus=tuple(Band(**band) for band in entries["reach_kplus"]),
                campaign=campaign,
                draws={},
                width=entries["width"],
                flags=tuple(_flag(entry) for entry in entries["flags"]),
                reasons=tuple(_flag(entry) for entry in entries["reasons"]),
                sources=tuple(entries["sources"]),
                segments=tuple(entries["segments"]),
                **{name: entries[name] for name in ("seed", *IDENTITY)},
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise InvalidInput("broken_forecast", field="forecast", received=shown(str(error))) from None

    def save(self, path: str | PathLike[str]) -> None:
        """Write the forecast to a file in JSON, whole or not at all, without its draws.

        Raises
        ------
        InvalidInput
            As ``base.files.write_file``.
        """
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        write_file(path, text.encode(), field="forecast")

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Read a forecast that ``save`` has written; raises as ``from_dict`` and ``base.files.read_file``."""
        return cls.from_dict(parse_json(read_file(path, field="forecast"), field="forecast"))

    def _repr_html_(self) -> str:
        """Return the main figures as a short table, for a notebook."""
        units = {name: metric.unit.replace("money", self.currency) for name, metric in METRICS.items()}
        rows = "".join(
            f"<tr><th>{name}</th><td>{band.p10:,.4g}</td><td><b>{band.p50:,.4g}</b></td><td>{band.p90:,.4g}</td>"
            f"<td>{units[name]}</td></tr>"
            for name, band in ((name, self.band(name)) for name in SHORT)
        )
        spent = f"{self.campaign.spend_planned:,.2f} {self.currency}, {self.duration_days} days"
        head = "<tr><th></th><th>p10</th><th>p50</th><th>p90</th><th>unit</th></tr>"
        notes = ", ".join(flag.code.replace("_", " ") for flag in (*self.reasons, *self.flags))
        below = f"{LEVEL:.0%} between p10 and p90 · model {self.model_version} · seed {self.seed}"
        return f"<table><caption>{spent}</caption>{head}{rows}</table><small>{below}{notes and ' · ' + notes}</small>"

    def _drawn(self, metric: str) -> Array:
        """Return the draws of a metric, shape (draw,)."""
        self.band(metric)
        if metric not in self.draws:
            raise InvalidInput("no_draws", field="forecast", received="a forecast read from a dict")
        return self.draws[metric]

    def _asked(self) -> Forecaster:
        if self.engine is None:
            raise InvalidInput("no_engine", field="forecast", received="a forecast read from a dict")
        return self.engine


SHORT = ("audience_size", "reach", "frequency", "impressions", "cpm", "link_clicks", "cpc_link")
"""What a notebook shows of a forecast."""
IDENTITY = ("model_version", "parameter_digest", "calibration_digest")


def _read_only(draws: Array) -> Array:
    """Return a view that cannot be written to."""
    view = np.asarray(draws).view()
    view.setflags(write=False)
    return view


def _flag(entry: Mapping[str, Any]) -> Flag:
    return Flag(entry["code"], {name: value for name, value in entry.items() if name != "code"})
