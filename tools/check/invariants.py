"""Try every invariant of the forecast on many random campaigns.

Usage: ``python tools/check/invariants.py [--campaigns 10000] [--seed 1] [--capped 0.03]``. One core, about a
quarter of a second a campaign. Prints each failure with the seed that repeats it (``--seed N --campaigns 1``) and ends
with the counts; the exit code is 1 if anything failed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.properties.audience_invariants import CHECKS as AUDIENCE_CHECKS  # noqa: E402
from tests.properties.forecast_invariants import CHECKS as FORECAST_CHECKS  # noqa: E402
from tests.properties.random_campaigns import random_campaign  # noqa: E402

CHECKS = (*FORECAST_CHECKS, *AUDIENCE_CHECKS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--campaigns", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first campaign; the next ones count up")
    parser.add_argument("--capped", type=float, default=0.03, help="share with a frequency cap, ten times slower")
    arguments = parser.parse_args()
    failures: Counter[str] = Counter()
    started = time.monotonic()
    for number in range(arguments.campaigns):
        seed = arguments.seed + number
        failures.update(failed_checks(seed, arguments.capped))
        if (number + 1) % 500 == 0:
            seconds = time.monotonic() - started
            print(f"{number + 1} campaigns, {seconds:.0f} s, {failures.total()} failures", flush=True)
    for check in CHECKS:
        print(f"{failures[check.__name__]:6d} failures  {check.__name__}")
    return 1 if failures else 0


def failed_checks(seed: int, capped: float) -> list[str]:
    """Return the names of the invariants that the campaign of this seed breaks, each also printed."""
    campaign = random_campaign(Random(seed), capped=capped)
    failed = []
    for check in CHECKS:
        try:
            check(campaign, seed, Random(seed))
        except Exception as error:  # noqa: BLE001  # whatever it is, the campaign must be named
            failed.append(check.__name__)
            reason = " ".join(str(error).split())[:300]
            print(f"seed {seed}: {check.__name__}: {type(error).__name__}: {reason}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
