"""Campaigns as the model sees them, one draw each, that a test changes in the one thing it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from simulator.model.caps import Cap
from simulator.model.simulation import Setting

PER_DRAW = ("price_dispersion", "value_dispersion", "activity_shape", "persistence", "wear_out")


def setting(cap: tuple[int, float] | None = None, **changes: Any) -> Setting:
    """Return a campaign of one draw on one platform and one cell: 10,000 people, 3 slots a day at 0.004 each.

    A scalar or a list in ``changes`` replaces a value of the draw; people is (presence, cell).
    """
    entries: dict[str, Any] = {
        "people": [[10_000.0]],
        "presence": [[True]],
        "slots_per_day": [3.0],
        "platform_price": [1.0],
        "cell_price": [0.004],
        "price_dispersion": 0.4,
        "value_dispersion": 0.3,
        "activity_shape": 0.9,
        "persistence": 0.4,
        "wear_out": 0.43,
        "platform_appeal": [1.0],
        "cell_appeal": [1.0],
        "duration_days": 7,
    }
    unknown = changes.keys() - entries.keys()
    if unknown:
        raise TypeError(f"no such entry: {sorted(unknown)}")
    entries.update(changes)
    arrays = {name: np.asarray(value, dtype=float)[None] for name, value in entries.items()}
    arrays["presence"] = np.asarray(entries["presence"], dtype=bool)
    arrays["duration_days"] = entries["duration_days"]
    return Setting(**arrays, cap=None if cap is None else Cap(*cap))


def many(cap: tuple[int, float] | None = None, **changes: Any) -> Setting:
    """Return a campaign of one draw on two platforms, three presences and three cells of unequal prices."""
    entries: dict[str, Any] = {
        "people": [[4_000.0, 2_500.0, 900.0], [1_200.0, 800.0, 300.0], [3_000.0, 2_000.0, 5_000.0]],
        "presence": [[True, False], [False, True], [True, True]],
        "slots_per_day": [2.5, 1.5],
        "platform_price": [0.9, 1.3],
        "cell_price": [0.003, 0.005, 0.009],
        "platform_appeal": [1.3, 0.4],
        "cell_appeal": [0.8, 1.0, 1.3],
    }
    return setting(cap, **{**entries, **changes})


def capacity(campaign: Setting) -> float:
    """Return the money that all eligible slots of a day cost."""
    slots = np.einsum("rj,drc,dj->djc", campaign.presence.astype(float), campaign.people, campaign.slots_per_day)
    price = campaign.platform_price[:, :, None] * campaign.cell_price[:, None, :]
    return float((slots * price).sum())


def changed(campaign: Setting, **values: float) -> Setting:
    """Return the campaign with scalars of every draw replaced."""
    return replace(campaign, **{name: np.full(len(campaign.people), value) for name, value in values.items()})
