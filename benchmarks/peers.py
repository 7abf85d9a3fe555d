"""A saturation curve of pymc-marketing, for scale: ``python -m benchmarks.peers`` in an environment of its own.

    python -m venv build/venv-bench
    build/venv-bench/bin/python -m pip install pymc-marketing .
    build/venv-bench/bin/python -m benchmarks.peers

Its logistic curve has two fitted constants and one output; ours has ten (people reached at least 1 … 10 times)
and no constant to fit. The comparison is of cost, not of meaning.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import importlib.metadata  # noqa: E402

import numpy as np  # noqa: E402

from benchmarks import options  # noqa: E402
from benchmarks.timing import seconds  # noqa: E402
from simulator.model import expected_reach  # noqa: E402

POINTS = 1_000_000


def main() -> None:
    """Time both in turn and print the ratio."""
    options.read(__doc__)
    import pytensor
    import pytensor.xtensor as px
    from pymc_marketing.mmm.components.saturation import LogisticSaturation

    spend = np.linspace(0.0, 3.0, POINTS)
    symbol = px.xtensor("spend", dims=("point",))
    curve = pytensor.function([symbol], LogisticSaturation().function(symbol, lam=1.5, beta=2.0))
    impressions = np.linspace(1e3, 1e6, POINTS)
    times = seconds(
        {
            "theirs": lambda: curve(spend),
            "ours, k = 1": lambda: expected_reach(impressions, 1e6, 14.0, k_max=1),
            "ours, k = 1 … 10": lambda: expected_reach(impressions, 1e6, 14.0),
        },
        runs=3,
    )
    print(f"pymc-marketing {importlib.metadata.version('pymc-marketing')}, {POINTS:,} points, one core")
    for name, time in times.items():
        print(f"{name}: {POINTS / time:,.0f} points a second, {time / times['theirs']:.2f} of its time")


if __name__ == "__main__":
    main()
