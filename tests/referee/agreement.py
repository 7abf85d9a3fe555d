"""Prediction beside count: what the formulas say, what the referee counted, how far apart, how far is allowed."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from tests.referee import dense
from tests.referee.cases import Case
from tests.referee.market import Outcome

ALLOWED = {"spend": 0.005, "impressions": 0.005, "CPM": 0.005, "responses": 0.01, "R_1": 0.01}
"""Relative differences that are forgiven (model.md section 7; spend and responses by the same measure)."""
ALLOWED_HIGHER_REACH = 0.02
STANDARD_ERRORS = 3.0
"""R_2 … R_10 may also differ by so many standard errors of the count, impressions of a segment on a platform too."""
FEWEST_PEOPLE = 30.0
"""Counts expected below this are not judged: too rare to say anything."""


@dataclass(frozen=True)
class Prediction:
    """Totals over the campaign; ``responses`` at a rate of one, ``reach`` of shape (10,).

    ``parts`` are impressions by segment and platform, in the order of ``Outcome.shown_on``.
    """

    spend: float
    impressions: float
    reach: np.ndarray
    responses: float
    parts: np.ndarray


@dataclass(frozen=True)
class Comparison:
    """One quantity of one case."""

    case: str
    quantity: str
    counted: float
    standard_error: float
    predicted: float
    allowed: float

    @property
    def difference(self) -> float:
        """Predicted over counted, less one."""
        return self.predicted / self.counted - 1.0

    @property
    def of_limit(self) -> float:
        """The difference over what is allowed."""
        return abs(self.predicted - self.counted) / self.allowed

    @property
    def agrees(self) -> bool:
        """Whether the difference is within what is allowed."""
        return self.of_limit <= 1.0

    def __str__(self) -> str:
        error = self.standard_error / self.counted
        return f"{self.case}: {self.quantity} {self.difference:+.3%} (standard error of the count {error:.3%})"


def budget_of(case: Case, outcome: Outcome) -> float:
    """Return the daily budget to predict for: the case's own or, under a cap, the money the referee spent.

    The referee's bid is constant and given, so under a cap its spend is what it is. Where the cap leaves money
    over although every slot is bid for, the case's budget stands.
    """
    if case.cap is None or case.budget_share >= 1.0:
        return case.daily_budget
    return float(outcome.spend.sum()) / case.days


def by_dense(case: Case, daily_budget: float) -> Prediction:
    """Predict by the dense reference."""
    groups = case.groups()
    log_multiplier = dense.spending_multiplier(groups, daily_budget, case.days, case.cap)
    thresholds = [group.thresholds(log_multiplier) for group in groups]
    pairs = list(zip(groups, thresholds, strict=True))
    parts = np.concatenate([dense.impressions(group, z, case.days, case.cap) for group, z in pairs])
    return Prediction(
        spend=sum(dense.spend(group, z, case.days, case.cap) for group, z in pairs),
        impressions=float(parts.sum()),
        reach=sum(_reach(case, group, z) for group, z in pairs),
        responses=sum(_responses(case, group, z) for group, z in pairs),
        parts=parts,
    )


def _reach(case: Case, group: dense.Group, z: np.ndarray) -> np.ndarray:
    if case.cap is not None and case.cap[1] < case.days:
        return dense.reach_with_windows(group, z, case.days, case.cap)
    reach = dense.reach(group, group.mean_count(z, case.days))
    if case.cap is not None:
        reach[case.cap[0] :] = 0.0
    return reach


def _responses(case: Case, group: dense.Group, z: np.ndarray) -> float:
    if case.cap is None:
        return dense.responses(group, z, case.days, case.wear)
    if case.cap[1] < case.days:
        return dense.responses_with_windows(group, z, case.days, case.cap, case.wear)
    return dense.responses(group, z, case.days, case.wear, most=case.cap[0])


def compare(case: Case, outcome: Outcome, prediction: Prediction) -> list[Comparison]:
    """Return every comparison that is common enough to be judged."""
    campaign = Outcome(
        **{field.name: getattr(outcome, field.name).sum(axis=1, keepdims=True) for field in fields(Outcome)}
    )
    cpm, cpm_error = campaign.ratio(1000.0 * campaign.spend, campaign.impressions)
    rows = [("CPM", cpm[0], cpm_error[0], 1000.0 * prediction.spend / prediction.impressions)]
    for name in ("spend", "impressions", "responses"):
        counted, error = campaign.total(getattr(campaign, name))
        rows.append((name, counted[0], error[0], getattr(prediction, name)))
    reach, reach_error = campaign.total(campaign.reach[:, 0])
    rows += [(f"R_{k + 1}", reach[k], reach_error[k], prediction.reach[k]) for k in range(len(reach))]
    if len(prediction.parts) > 1:
        counted, error = outcome.total(outcome.shown_on)
        names = (f"part {number + 1}" for number in range(len(counted)))
        rows += list(zip(names, counted, error, prediction.parts, strict=True))
    return [_comparison(case, *row) for row in rows if _common_enough(*row)]


def _common_enough(name: str, counted: float, _: float, predicted: float) -> bool:
    return name in ("CPM", "spend") or max(predicted, counted) >= FEWEST_PEOPLE


def _comparison(case: Case, name: str, counted: float, error: float, predicted: float) -> Comparison:
    if name in ALLOWED:
        allowed = ALLOWED[name] * counted
    elif name.startswith("R_"):
        allowed = max(ALLOWED_HIGHER_REACH * counted, STANDARD_ERRORS * error)
    else:
        allowed = max(ALLOWED["impressions"] * counted, STANDARD_ERRORS * error)
    return Comparison(case.name, name, float(counted), float(error), float(predicted), float(allowed))
