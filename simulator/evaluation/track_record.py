"""The track record: over all scenarios with a real result, how many fell inside the band that was announced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scipy.special import betaincinv

from simulator.base.errors import InvalidInput
from simulator.campaign.forecast import LEVEL
from simulator.evaluation.explain import CHECKED, INSIDE, Check, campaign_as_run, checks_of, kept_to_plan, variant_of
from simulator.forecasting.engine import DRAWS
from simulator.library.actual import Actual
from simulator.library.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from simulator.library.database import Store

ANNOUNCED, RECOMPUTED = "announced", "recomputed"


@dataclass(frozen=True)
class Judged:
    """One scenario with a real result.

    Attributes
    ----------
    basis : str
        ``announced``: the band was saved before the result was entered, and the campaign kept to its plan.
        ``recomputed``: today's model for the money and days of the real campaign, with the parameters that the
        scenario had before its result: fair to the model, but no promise that was made.
    checks : tuple of Check
        The figures known of the result, each against its band.
    """

    id: str
    title: str
    client: str
    basis: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class TrackRecord:
    """All of them; ``skipped`` are those that cannot be judged, with the reason."""

    judged: tuple[Judged, ...]
    skipped: tuple[tuple[str, InvalidInput], ...] = field(default=())

    def count(self, metric: str = "reach", basis: str | None = None) -> tuple[int, int]:
        """Return how many were inside their band, and of how many: « 7 sur 9 dans la fourchette »."""
        positions = [
            check.position
            for one in self.judged
            if basis is None or one.basis == basis
            for check in one.checks
            if check.metric == metric
        ]
        return positions.count(INSIDE), len(positions)

    def interval(self, metric: str = "reach", basis: str | None = None) -> tuple[float, float]:
        """Return the exact 80 % interval of the share inside (Clopper and Pearson, 1934): 0 to 1 without any."""
        inside, total = self.count(metric, basis)
        tail = (1.0 - LEVEL) / 2
        low = betaincinv(inside, total - inside + 1, tail) if inside else 0.0
        high = betaincinv(inside + 1, total - inside, 1.0 - tail) if inside < total else 1.0
        return float(low), float(high)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for every scenario and figure: id, title, client, basis, metric, actual, band, position."""
        import pandas as pd

        names = ["id", "title", "client", "basis", "metric", "actual", "p10", "p50", "p90", "position"]
        rows = [
            (one.id, one.title, one.client, one.basis, check.metric, check.actual)
            + (check.band.p10, check.band.p50, check.band.p90, check.position)
            for one in self.judged
            for check in one.checks
        ]
        return pd.DataFrame(rows, columns=names)


def track_record(store: Store, *, draws: int = DRAWS) -> TrackRecord:
    """Judge every scenario of the library that has a real result.

    What counts is the last version saved before the result was entered: a band drawn with the result in sight, or
    a calibration that has learnt from it, proves nothing.
    """
    judged, skipped = [], []
    for row in store.search():
        if row.has_actual:
            try:
                judged.append(_judge(store, row.id, draws))
            except InvalidInput as error:
                skipped.append((row.id, error))
    return TrackRecord(tuple(judged), tuple(skipped))


def _judge(store: Store, key: str, draws: int) -> Judged:
    latest = store.load(key)
    if latest.actual is None:  # deleted or replaced by somebody else a moment ago
        raise InvalidInput("missing", field="actual", allowed="what the campaign really did")
    before = next(_without_result(store, key), None)
    promised = before if before is not None and before.figures else None
    if promised is not None and kept_to_plan(promised.campaign, latest.actual):
        checks, basis = checks_of(latest.actual, promised.figures), ANNOUNCED
    else:
        checks, basis = _recomputed(before or latest, latest.actual, draws), RECOMPUTED
    return Judged(key, latest.title, latest.client, basis, checks)


def _without_result(store: Store, key: str) -> Iterator[Scenario]:
    """Yield the versions before the result was first entered, the latest first."""
    versions = store.versions(key)
    first = next((one.version for one in versions if one.has_actual), len(versions) + 1)
    for one in reversed(versions[: first - 1]):
        if not one.deleted:
            yield store.load(key, one.version)


def _recomputed(scenario: Scenario, actual: Actual, draws: int) -> tuple[Check, ...]:
    if actual.spend <= 0.0:
        return ()
    forecast = variant_of(scenario, campaign_as_run(scenario.campaign, actual), draws).forecast()
    return checks_of(actual, {metric: forecast.band(metric) for metric in CHECKED})
