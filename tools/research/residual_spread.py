"""How much the public ad sets scatter: click rates of advertisements within a campaign, reach around the model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.learning.aims import Aims
from simulator.learning.expected import Expectation
from simulator.learning.fit import Fitted
from simulator.learning.observed import contexts_of, observations
from simulator.learning.random_effects import ALL
from simulator.reference.parameters import Parameters
from tools.research import evidence

Array = NDArray[np.float64]


def creative_spread(without: str = "") -> dict[str, float]:
    """Return the log-sd of click rates within campaigns, by source, freed of the noise of counting.

    Advertisements of one campaign share country, money and days: what differs is picture and text.
    """
    found = {}
    for source, table in evidence.campaigns(without).groupby("source"):
        logs = np.log((table.link_clicks + 0.5) / table.impressions)
        noise = 1.0 / (table.link_clicks + 0.5)
        group = table.groupby("campaign").ngroup().to_numpy()
        size = np.bincount(group)
        off = logs.to_numpy() - (np.bincount(group, logs) / size)[group]
        counted = float((noise.to_numpy() * (1.0 - 1.0 / size[group])).sum())
        freedom = int((size - 1).sum())
        found[str(source)] = float(np.sqrt(max((off**2).sum() - counted, 0.0) / freedom))
    return found


def reach_scatter(fitted: Fitted, parameters: Parameters, without: str = "") -> dict[str, float]:
    """Return the root mean square of log reach around a fit to the evidence, by source."""
    rows = evidence.rows(parameters, without)
    expectation = Expectation(rows, Aims.untold(len(rows)), parameters, {})
    kind = next(one for one in observations(expectation) if one.name == "reach")
    contexts, of_row = contexts_of(rows)
    scores = {role: (fitted.layout.design(role, contexts) @ fitted.mean)[of_row][kind.seen] for role in ALL}
    off: Array = kind.observed - kind.expected(scores)
    account = rows.account[kind.seen]
    # One parameter of each source, its persistence, was fitted to its reach.
    return {
        str(name): float(np.sqrt((off[account == name] ** 2).sum() / (np.sum(account == name) - 1)))
        for name in np.unique(account)
        if name in evidence.SOURCES
    }
