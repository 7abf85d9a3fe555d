"""Compare two to six campaigns on common draws: what differs, by how much, and whether it exceeds the noise."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.metrics import METRICS, WHOLE
from simulator.base.validation import check_text, one_of
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import LEVEL, Band, Forecast
from simulator.forecasting.bill import Bill, bill
from simulator.forecasting.engine import Engine, Settings
from simulator.library.difference import InputDifference, differences, inputs_of
from simulator.library.scenario import Scenario
from simulator.reference.parameters import units_per_euro

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

MONEY = tuple(name for name, metric in METRICS.items() if metric.unit.startswith("money"))


@dataclass(frozen=True)
class Variant:
    """A campaign and the engine that forecasts it."""

    campaign: Campaign
    engine: Engine

    def forecast(self) -> Forecast:
        """Simulate it, in its own currency."""
        return self.engine.forecast(self.campaign)

    def curve(self, budgets: Array, currency: str) -> pd.DataFrame:
        """Return its budget curve; ``budgets`` and all money in ``currency``."""
        rate = money_rate(currency, self.campaign.currency, "spend")
        frame = self.engine.curve(self.campaign, budgets * rate)
        frame.index = frame.index / rate
        for name in frame.columns:
            frame[name] *= money_rate(self.campaign.currency, currency, name.rsplit("_", 1)[0])
        return frame.reset_index(names="daily_budget")

    def spend_per_day(self, currency: str) -> float:
        """Return its daily budget in ``currency``."""
        return self.campaign.spend_per_day * money_rate(self.campaign.currency, currency, "spend")

    def most_per_day(self, currency: str) -> float:
        """Return the largest daily budget that a campaign may have, in ``currency``."""
        return self.campaign.most_per_day * money_rate(self.campaign.currency, currency, "spend")


def money_rate(source: str, target: str, metric: str) -> float:
    """Return what turns a figure in one currency into the other: 1 for what is no money."""
    if metric not in MONEY or source == target:
        return 1.0
    return units_per_euro(target) / units_per_euro(source)


COUNT = (2, 6)
"""Variants that one comparison takes."""
LETTERS = "ABCDEF"
LOWER_IS_BETTER = ("spend", "cpm", "cpc_link")
BEYOND = round((1.0 - LEVEL) / 2, 12)
"""Probability beyond either end of a band."""
CURVE_BUDGETS = 24
CURVE_SPAN = (0.2, 5.0)
"""The curves run from this share of the smallest daily budget to this many times the largest."""


@dataclass(frozen=True)
class PairedDifference:
    """One figure of two variants, draw by draw under the same luck.

    Attributes
    ----------
    band : Band
        First minus second, in the unit of the metric.
    relative : Band
        First over second, minus 1: 0.02 is 2 % more. Sure is not the same as worth mentioning.
    probability : float
        That the first beats the second: more of it, or less for a cost. Equal draws count half.
    """

    metric: str
    first: str
    second: str
    band: Band
    relative: Band
    probability: float

    @property
    def within_noise(self) -> bool:
        """Whether neither beats the other with at least 90 %: then the 80 % band of the difference holds zero."""
        return BEYOND < self.probability < 1.0 - BEYOND

    @property
    def better(self) -> str | None:
        """The better of the two, or None within the noise."""
        if self.within_noise:
            return None
        return self.first if self.probability > 0.5 else self.second


@dataclass(frozen=True)
class Comparison:
    """Variants side by side; money is in ``currency``, that of the first.

    Attributes
    ----------
    labels : tuple of str
        Titles, or letters for what has none; all different.
    forecasts : tuple of Forecast
        Each in its own currency.
    inputs : tuple of InputDifference
        The inputs that are not the same in all.
    """

    labels: tuple[str, ...]
    forecasts: tuple[Forecast, ...]
    inputs: tuple[InputDifference, ...]
    currency: str
    variants: tuple[Variant, ...] = field(repr=False)

    def draws(self, metric: str) -> Array:
        """Return the draws of a metric, shape (variant, draw), money in ``currency``."""
        one_of("metric", metric, METRICS)
        rates = [money_rate(forecast.currency, self.currency, metric) for forecast in self.forecasts]
        return np.stack([f.draws[metric] * rate for f, rate in zip(self.forecasts, rates, strict=True)])

    def bills(self) -> tuple[Bill, ...]:
        """Return what leaves the account for each variant, in its own currency."""
        return tuple(bill(variant.campaign, parameters=variant.engine.parameters) for variant in self.variants)

    def band(self, metric: str, variant: int) -> Band:
        """Return the band of a metric of one variant, money in ``currency``."""
        return Band.of(self.draws(metric)[variant], whole=metric in WHOLE)

    def difference(self, metric: str, first: int = 0, second: int = 1) -> PairedDifference:
        """Return how far two variants are apart, and how surely.

        Raises
        ------
        InvalidInput
            ``unknown_choice`` for a metric, ``out_of_range`` for a variant that is not there.
        """
        count = len(self.labels)
        for name, place in (("first", first), ("second", second)):
            if not isinstance(place, int) or not 0 <= place < count:
                allowed = f"0 to {count - 1}"
                raise InvalidInput("out_of_range", field=name, received=shown(place), allowed=allowed)
        draws = self.draws(metric)
        apart = draws[first] - draws[second]
        better = -apart if metric in LOWER_IS_BETTER else apart
        probability = float(np.mean(better > 0.0) + 0.5 * np.mean(better == 0.0))
        shares = np.divide(apart, draws[second], out=np.zeros_like(apart), where=draws[second] > 0.0)
        names = (metric, self.labels[first], self.labels[second])
        return PairedDifference(*names, Band.of(apart), Band.of(shares), probability)

    def figures(self) -> pd.DataFrame:
        """Return one row a metric; columns (label, p10 | p50 | p90 | mean)."""
        import pandas as pd

        rows = {
            metric: {
                (label, name): value
                for place, label in enumerate(self.labels)
                for name, value in self.band(metric, place).to_dict().items()
            }
            for metric in METRICS
        }
        columns = pd.MultiIndex.from_tuples(next(iter(rows.values())), names=["variant", "figure"])
        values = [list(row.values()) for row in rows.values()]
        return pd.DataFrame(values, columns=columns, index=pd.Index(list(rows), name="metric"))

    def differences(self, metrics: Iterable[str] = ("reach", "link_clicks", "cpm")) -> pd.DataFrame:
        """Return one row for every metric and pair: p10 … mean, relative, probability, within_noise, better."""
        import pandas as pd

        return pd.DataFrame(self._rows(metrics))

    def curves(self, daily_budgets: Sequence[float] | None = None) -> pd.DataFrame:
        """Return the budget curves of all variants on the same budgets, in ``currency``, for one chart.

        Returns
        -------
        DataFrame
            Columns ``variant``, ``daily_budget`` and those of ``budget_curve``.
        """
        import pandas as pd

        budgets = self._budgets() if daily_budgets is None else np.asarray(daily_budgets, dtype=float)
        frames = [variant.curve(budgets, self.currency) for variant in self.variants]
        found = [frame.assign(variant=label) for frame, label in zip(frames, self.labels, strict=True)]
        frame = pd.concat(found, ignore_index=True)
        return frame[["variant", *(name for name in frame.columns if name != "variant")]]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        return {
            "labels": list(self.labels),
            "currency": self.currency,
            "inputs": [{"field": one.field, "values": list(one.values)} for one in self.inputs],
            "figures": {
                label: {metric: self.band(metric, place).to_dict() for metric in METRICS}
                for place, label in enumerate(self.labels)
            },
            "bills": {label: one.to_dict() for label, one in zip(self.labels, self.bills(), strict=True)},
            "differences": self._rows(METRICS),
        }

    def _rows(self, metrics: Iterable[str]) -> list[dict[str, Any]]:
        pairs = list(itertools.combinations(range(len(self.labels)), 2))
        return [_as_row(self.difference(metric, *pair)) for metric in metrics for pair in pairs]

    def _budgets(self) -> Array:
        """Return round the daily budgets compared, evenly on a logarithmic scale; theirs stand among them."""
        own = [variant.spend_per_day(self.currency) for variant in self.variants]
        low, high = CURVE_SPAN[0] * min(own), CURVE_SPAN[1] * max(own)
        most = min(variant.most_per_day(self.currency) for variant in self.variants)
        return np.unique(np.minimum(np.append(np.geomspace(low, high, CURVE_BUDGETS), own), most))


def compare(
    *subjects: Campaign | Scenario,
    labels: Sequence[str] | None = None,
    **settings: Unpack[Settings],
) -> Comparison:
    """Compare two to six campaigns or scenarios.

    All are simulated with the same seed, so every draw meets the same luck in each of them and the difference is
    not blurred by it. A scenario brings its own parameters and calibration; campaigns get those given here.

    Parameters
    ----------
    labels : sequence of str, optional
        What to call them; titles or letters where absent.
    seed, draws, parameters, calibration, tables, engine
        As in ``simulate``.

    Raises
    ------
    InvalidInput
        ``out_of_range`` for fewer than two or more than six, ``wrong_type`` for anything else.
    """
    low, high = COUNT
    if not low <= len(subjects) <= high:
        received, allowed = len(subjects), f"{low} to {high} campaigns or scenarios"
        raise InvalidInput("out_of_range", field="compare", received=received, allowed=allowed, low=low, high=high)
    for place, subject in enumerate(subjects):
        if not isinstance(subject, (Campaign, Scenario)):
            allowed = "a Campaign or a Scenario"
            raise InvalidInput("wrong_type", field=f"compare.{place}", received=shown(subject), allowed=allowed)
    engine = Engine.of(settings)
    variants = tuple(
        Variant(subject.campaign, replace(engine, parameters=subject.parameters(), calibration=subject.calibration))
        if isinstance(subject, Scenario)
        else Variant(subject, engine)
        for subject in subjects
    )
    return Comparison(
        labels=_labels(subjects, labels),
        forecasts=tuple(variant.forecast() for variant in variants),
        inputs=differences([inputs_of(subject) for subject in subjects]),
        currency=variants[0].campaign.currency,
        variants=variants,
    )


def _labels(subjects: Sequence[Campaign | Scenario], given: Sequence[str] | None) -> tuple[str, ...]:
    """Return a label for each; a letter stands before them if some are the same."""
    titles: Sequence[str] = [subject.title if isinstance(subject, Scenario) else "" for subject in subjects]
    if given is not None:
        _check_labels(given, len(subjects))
        titles = given
    named = [title.strip() or letter for title, letter in zip(titles, LETTERS, strict=False)]
    if len(set(named)) == len(named):
        return tuple(named)
    return tuple(f"{letter} · {name}" for name, letter in zip(named, LETTERS, strict=False))


def _check_labels(given: object, count: int) -> None:
    allowed = f"{count} texts"
    if not isinstance(given, (list, tuple)):
        raise InvalidInput("wrong_type", field="labels", received=shown(given), allowed=allowed)
    if len(given) != count:
        raise InvalidInput("out_of_range", field="labels", received=len(given), allowed=allowed)
    for place, label in enumerate(given):
        check_text(f"labels.{place}", label)


def _as_row(difference: PairedDifference) -> dict[str, Any]:
    return {
        "metric": difference.metric,
        "first": difference.first,
        "second": difference.second,
        **difference.band.to_dict(),
        "relative": difference.relative.p50,
        "probability": difference.probability,
        "within_noise": difference.within_noise,
        "better": difference.better,
    }
