"""Random campaigns for the model's arrays, drawn by hypothesis (which then simplifies them) or by a plain generator."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from simulator.model.simulation import Setting

DRAWS = 3


def uniform(random: Random, low: float, high: float) -> float:
    """Draw between two ends, one time in six an end itself: that is where formulas break."""
    side = random.randrange(12)
    return low if side == 0 else high if side == 1 else random.uniform(low, high)


def log_uniform(random: Random, low: float, high: float) -> float:
    """Draw with equal chances for equal ratios."""
    return math.exp(uniform(random, math.log(low), math.log(high)))


def random_setting(random: Random, *, cells: int | None = None, platforms: int | None = None) -> Setting:
    """Return a campaign without a cap, every draw with parameters of its own, all within model.md section 9."""
    cells = cells or random.randint(1, 4)
    platforms = platforms or random.randint(1, 2)
    presence = [[True]] if platforms == 1 else [[True, False], [False, True], [True, True]]

    def per_draw(low: float, high: float, *shape: int) -> np.ndarray:
        size = DRAWS * math.prod(shape)
        return np.array([log_uniform(random, low, high) for _ in range(size)]).reshape(DRAWS, *shape)

    return Setting(
        people=per_draw(10.0, 1e5, len(presence), cells) * random.choice([1.0, 100.0]),
        presence=np.array(presence),
        slots_per_day=per_draw(0.7, 15.0, platforms),
        platform_price=per_draw(0.7, 1.4, platforms) if platforms > 1 else np.ones((DRAWS, 1)),
        cell_price=per_draw(0.001, 0.02, cells),
        price_dispersion=per_draw(0.05, 1.6),
        value_dispersion=per_draw(0.05, 0.6),
        activity_shape=per_draw(0.6, 1.4),
        persistence=np.array([uniform(random, 0.0, 0.8) for _ in range(DRAWS)]),
        wear_out=np.array([uniform(random, 0.0, 0.7) for _ in range(DRAWS)]),
        platform_appeal=per_draw(0.3, 1.5, platforms),
        cell_appeal=per_draw(0.6, 1.4, cells),
        duration_days=random.choice([1, 2, 7, 14, 30, 90, 365]),
    )


def day_costs(setting: Setting) -> np.ndarray:
    """Return the money that all eligible slots of a day cost, shape (draw,)."""
    slots = np.einsum("rj,drc,dj->djc", setting.presence.astype(float), setting.people, setting.slots_per_day)
    return np.einsum("djc,dj,dc->d", slots, setting.platform_price, setting.cell_price)


def random_budgets(random: Random, setting: Setting, count: int = 6) -> np.ndarray:
    """Return rising budgets, in money a day, from a trickle to more than the inventory costs."""
    shares = sorted(log_uniform(random, 1e-6, 2.0) for _ in range(count))
    return np.array(shares) * float(np.median(day_costs(setting)))
