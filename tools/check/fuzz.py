"""Throw spoiled input at every door, and look that nothing but a sentence comes back.

    python -m tools.check.fuzz                     100,000 inputs, evenly over the doors; about half an hour on one core
    python -m tools.check.fuzz --inputs 2000       as in the tests
    python -m tools.check.fuzz --door exports --seed 7

Doors: campaigns as JSON, addresses of the app, scenario files and whole libraries, exports of Ads Manager. An input is
a good one with some of it replaced, cut, doubled or filled with what has broken other programs. A door may answer, or
refuse with an error of ours that can be said in French and in English. Anything else (another exception, more than a
second of computing, a traceback in the sentence) is a fault, and the smallest input that shows it is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from simulator.base.errors import SimulatorError  # noqa: E402
from simulator.campaign.campaign import Campaign  # noqa: E402
from tools.check.spoiled_input import (  # noqa: E402
    addresses,
    as_bytes,
    as_json,
    campaigns,
    exports,
    good_campaign,
    good_exports,
    good_library,
    good_scenario,
    scenarios,
)

SECONDS = 1.0
QUICK: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": False,
}


def read_campaign(given_text: Any) -> None:
    from simulator.forecasting.simulate import simulate

    text = given_text if isinstance(given_text, str) else given_text.decode("utf-8", "replace")
    campaign = Campaign.from_json(text)
    simulate(campaign, draws=16)


def read_address(given_entries: Any) -> None:
    from simulator.apps.web import address
    from simulator.apps.web.choices import DEFAULTS, attempt
    from simulator.apps.web.messages import sentence
    from simulator.apps.web.texts import texts_of

    found = address.read(given_entries)
    trial = attempt({**DEFAULTS, **found.values}, "fr")
    for problem in trial.problems.values():
        sentence(problem, texts_of("fr"))


def read_scenario(content: Any) -> None:
    from simulator.base.files import path_of
    from simulator.library import load_scenario
    from simulator.library.importing import take_over
    from simulator.library.library import is_archive, read_library

    path = _file(content, "given")
    if is_archive(path_of(path)):
        take_over(_store().engine, "memory", read_library(path))
    else:
        load_scenario(path)


def read_export(content: Any) -> None:
    from simulator.learning.export.export import read_ads_manager

    read_ads_manager(io.BytesIO(content))


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="adsim-fuzz-"))


@cache
def _store() -> Any:
    from simulator.library import open_store

    return open_store("sqlite://")


def _file(content: bytes, name: str) -> Path:
    path = _folder() / name
    path.write_bytes(content)
    return path


DOORS: dict[str, tuple[Callable[[], st.SearchStrategy[Any]], Callable[[Any], None]]] = {
    "campaigns": (campaigns, read_campaign),
    "addresses": (addresses, read_address),
    "scenarios": (scenarios, read_scenario),
    "exports": (exports, read_export),
}


def check(read: Callable[[Any], None], content: Any, slowest: list[float]) -> bool:
    """Try one input; return whether it was refused. Whatever is not ours is raised as it is."""
    from simulator.apps.web.messages import sentence
    from simulator.apps.web.texts import texts_of

    began = time.thread_time()
    refused = False
    try:
        read(content)
    except SimulatorError as error:
        refused = True
        for said in (error.message, sentence(error, texts_of("fr")), sentence(error, texts_of("en"))):
            if "Traceback" in said or 'File "' in said or not said.strip():
                raise AssertionError(f"{error.code} says {said!r}") from None
    spent = time.thread_time() - began
    if spent > SECONDS:  # once more: a collection of garbage may have fallen into it
        began = time.thread_time()
        with contextlib.suppress(SimulatorError):
            read(content)
        spent = min(spent, time.thread_time() - began)
    slowest[0] = max(slowest[0], spent)
    if spent > SECONDS:
        raise AssertionError(f"{spent:.1f} s of computing")
    return refused


def fuzz(door: str, inputs: int, number: int) -> tuple[int, int, float]:
    """Try so many inputs at one door; return how many were tried, how many refused, and the slowest in seconds."""
    strategy, read = DOORS[door]
    # What is loaded or built once, by the first good input, is no fault of the input that meets it.
    warm_up(door)
    slowest = [0.0]
    counted = [0, 0]

    @seed(number)
    @settings(max_examples=inputs, **QUICK)
    @given(strategy())
    def attempt(content: Any) -> None:
        counted[0] += 1
        counted[1] += check(read, content, slowest)

    attempt()
    return counted[0], counted[1], slowest[0]


def warm_up(door: str) -> None:
    if door == "campaigns":
        read_campaign(as_json(good_campaign()))
    elif door == "addresses":
        read_address({})
    elif door == "scenarios":
        read_scenario(good_library())
        read_scenario(as_bytes(as_json(good_scenario())))
    else:
        for export in good_exports():
            read_export(export)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--inputs", type=int, default=100_000, help="over all doors together")
    parser.add_argument("--door", choices=tuple(DOORS), action="append")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    doors = options.door or list(DOORS)
    for door in doors:
        began = time.monotonic()
        tried, refused, slowest = fuzz(door, options.inputs // len(doors), options.seed)
        print(
            f"{door}: {tried:,} inputs, {refused:,} refused with a sentence, no fault; "
            f"slowest {slowest * 1000:.0f} ms of computing; {time.monotonic() - began:.0f} s",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
