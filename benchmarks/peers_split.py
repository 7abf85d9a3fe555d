"""The split of a budget over five channels beside pymc-marketing's optimiser, in an environment of its own.

    python -m venv build/venv-bench
    build/venv-bench/bin/python -m pip install pymc-marketing .
    build/venv-bench/bin/python -m benchmarks.peers_split

The same problem for both: five channels, the response of each the mean over a thousand draws of a logistic
saturation, one sum of money. Timed are the whole way from the draws to the answer, and the answer alone once each
has made ready what it needs (theirs a compiled graph, ours five tabulated curves). The objective of both answers is
reckoned by one plain formula.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import importlib.metadata  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402
from collections.abc import Callable  # noqa: E402
from functools import partial  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

from benchmarks import options  # noqa: E402
from simulator.planning.split import Curve, divide, tabulated  # noqa: E402

DRAWS = 1000
TOTAL = 10.0
CHANNELS = ("search", "social", "video", "press", "radio")
STEEPNESS = np.array([0.4, 1.2, 0.25, 2.0, 0.8])
HEIGHT = np.array([5.0, 2.0, 9.0, 1.2, 3.0])


def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Return λ and β of every draw and channel, shape (draw, channel)."""
    rng = np.random.default_rng(8)
    spread = np.exp(0.3 * rng.standard_normal((2, DRAWS, len(CHANNELS))))
    return STEEPNESS * spread[0], HEIGHT * spread[1]


def objective(money: np.ndarray, lam: np.ndarray, beta: np.ndarray) -> float:
    """The response of a split: Σ over channels of the mean of β·tanh(λx/2)."""
    return float((beta * np.tanh(lam * money / 2.0)).mean(axis=0).sum())


def our_curves(lam: np.ndarray, beta: np.ndarray) -> list[Curve]:
    def response(a: np.ndarray, b: np.ndarray, money: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        bent = np.tanh(np.outer(money, a / 2.0))
        return bent @ b / DRAWS, (a @ b - (bent * bent) @ (a * b)) / (2.0 * DRAWS)

    return [tabulated(partial(response, lam[:, i], beta[:, i]), TOTAL) for i in range(len(CHANNELS))]


def ours(curves: list[Curve]) -> np.ndarray:
    return divide(curves, TOTAL, np.zeros(len(curves)), np.full(len(curves), TOTAL)).amounts


def their_optimiser(lam: np.ndarray, beta: np.ndarray) -> Any:
    """Their optimiser around a model that is only the saturation, compiled."""
    import arviz as az
    import pymc as pm
    import pymc.dims as pmd
    from pymc_marketing.mmm.budget_optimizer import BudgetOptimizer, CustomModelWrapper

    with pm.Model(coords={"date": [0], "channel": list(CHANNELS)}) as model:
        spend = pmd.Data("channel_data", np.ones((1, len(CHANNELS))), dims=("date", "channel"))
        steep = pmd.HalfNormal("lam", sigma=1.0, dims="channel")
        high = pmd.HalfNormal("beta", sigma=1.0, dims="channel")
        response = high * pmd.math.tanh(steep * spend / 2.0)
        pmd.Deterministic("total_contribution", response.sum())
    posterior = az.from_dict(
        posterior={"lam": lam[None], "beta": beta[None]},
        dims={"lam": ["channel"], "beta": ["channel"]},
        coords={"channel": list(CHANNELS)},
    )
    wrapper = CustomModelWrapper(base_model=model, idata=posterior, channels=CHANNELS)
    return BudgetOptimizer(model=wrapper, num_periods=1)


def theirs(optimiser: Any) -> np.ndarray:
    amounts, _ = optimiser.allocate_budget(total_budget=TOTAL, budget_bounds=dict.fromkeys(CHANNELS, (0.0, TOTAL)))
    return np.asarray(amounts.values, dtype=float)


def least(job: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the least processor seconds of a job, and its answer."""
    best, answer = float("inf"), None
    for _ in range(runs):
        start = time.process_time()
        answer = job()
        best = min(best, time.process_time() - start)
    return best, answer


def main() -> None:
    """Time both and print the figures."""
    options.read(__doc__)
    warnings.simplefilter("ignore")
    lam, beta = drawn()
    their_ready, optimiser = least(lambda: their_optimiser(lam, beta), 2)
    our_ready, curves = least(lambda: our_curves(lam, beta), 9)
    their_time, their_split = least(lambda: theirs(optimiser), 9)
    our_time, our_split = least(lambda: [ours(curves) for _ in range(50)][-1], 9)
    our_time /= 50
    their_value, our_value = (objective(split, lam, beta) for split in (their_split, our_split))
    print(f"pymc-marketing {importlib.metadata.version('pymc-marketing')}, five channels, {DRAWS:,} draws, one core")
    print(f"theirs: made ready {their_ready:.2f} s, answer {1e3 * their_time:.2f} ms, objective {their_value:.8f}")
    print(f"ours:   made ready {our_ready:.3f} s, answer {1e3 * our_time:.3f} ms, objective {our_value:.8f}")
    whole = (their_ready + their_time) / (our_ready + our_time)
    print(f"whole way {whole:,.0f} times faster, answer alone {their_time / our_time:,.0f} times faster")
    print(
        f"sums {their_split.sum():.9f} and {our_split.sum():.9f}; objective ours / theirs {our_value / their_value:.9f}"
    )
    print(f"splits: {np.round(their_split, 4)} and {np.round(our_split, 4)}")


if __name__ == "__main__":
    main()
