"""Throw spoiled input at every door, and look that nothing but a sentence comes back.

    python -m tools.fuzz                     100,000 inputs, evenly over the doors; about half an hour on one core
    python -m tools.fuzz --inputs 2000       as in the tests
    python -m tools.fuzz --door exports --seed 7

Doors: campaigns as JSON, addresses of the app, scenario files and whole libraries, exports of Ads Manager. An input is
a good one with some of it replaced, cut, doubled or filled with what has broken other programs. A door may answer, or
refuse with an error of ours that can be said in French and in English. Anything else (another exception, more than a
second of computing, a traceback in the sentence) is a fault, and the smallest input that shows it is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from simulator.campaign import Campaign  # noqa: E402
from simulator.errors import SimulatorError  # noqa: E402

SECONDS = 1.0
BROKEN = (
    "",
    " ",
    "\0",
    "\ud800",
    "\u202e",
    "NaN",
    "1e999",
    "-0",
    "٣",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "'; DROP TABLE scenario_version; --",
    "../../etc/passwd",
    "${jndi:ldap://x}",
    "{0.__class__}",
    "%s%n",
    "a" * 5_000,
    "ﬁ ß İ \u0130\u0307",
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(BROKEN),
    st.lists(st.one_of(st.integers(), st.text(max_size=5), st.none()), max_size=4),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)
PIECES = st.one_of(st.binary(max_size=12), st.sampled_from([text.encode("utf-8", "replace") for text in BROKEN]))
QUICK: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": False,
}


@st.composite
def spoiled(draw: st.DrawFn, good: Any) -> Any:
    """Return plain values with some of them replaced, removed, renamed or doubled."""
    found = json.loads(json.dumps(good))
    for _ in range(draw(st.integers(1, 3))):
        place = found
        while isinstance(place, (dict, list)) and place:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = draw(st.sampled_from(keys))
            inner = place[key]
            if isinstance(inner, (dict, list)) and inner and draw(st.booleans()):
                place = inner
                continue
            act = draw(st.integers(0, 9))
            if act == 0:
                del place[key]
            elif act == 1 and isinstance(place, dict):
                place[draw(st.sampled_from(BROKEN))] = place.pop(key)
            elif act == 2 and isinstance(place, list):
                place.extend(place * draw(st.integers(1, 40)))
            else:
                place[key] = draw(VALUES)
            break
    return found


@st.composite
def torn(draw: st.DrawFn, good: bytes) -> bytes:
    """Return bytes with some of them cut out, doubled, or replaced."""
    found = good
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(len(found) - 1, 0)))
        end = min(start + draw(st.sampled_from((0, 1, 2, 8, 64, 512))), len(found))
        act = draw(st.integers(0, 3))
        piece = found[start:end] * 2 if act == 0 else b"" if act == 1 else draw(PIECES)
        found = found[:start] + piece + found[end:]
        if act == 3 and draw(st.integers(0, 9)) == 0:
            found = found[:start]
    return found


def as_json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False)


@cache
def good_campaign() -> dict[str, Any]:
    return dict(json.loads((ROOT / "scenarios" / _names()[0]).read_text(encoding="utf-8"))["campaign"])


@cache
def good_scenario() -> dict[str, Any]:
    return dict(json.loads((ROOT / "scenarios" / _names()[0]).read_text(encoding="utf-8")))


@cache
def good_library() -> bytes:
    from simulator.store import open_store, scenario_from

    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "s.sqlite") as store:
        for _ in range(2):
            saved = scenario_from(good_scenario())
            store.save(saved)
            store.save(saved.replace(title="again"))
        store.export(Path(folder) / "library.zip")
        return (Path(folder) / "library.zip").read_bytes()


@cache
def good_exports() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((ROOT / "tests" / "data").glob("EXEMPLE-*")))


def _names() -> list[str]:
    return sorted(path.name for path in (ROOT / "scenarios").glob("*.json") if "expected" not in path.name)


def campaigns() -> st.SearchStrategy[Any]:
    good = good_campaign()
    return st.one_of(spoiled(good).map(as_json), torn(as_json(good).encode()), st.text(max_size=60))


def addresses() -> st.SearchStrategy[Any]:
    from simulator.ui.address import write
    from simulator.ui.choices import DEFAULTS, attempt

    campaign = attempt(DEFAULTS, "fr").campaign
    good = write(DEFAULTS, campaign) if campaign is not None else {}
    names = st.one_of(st.sampled_from([*good, "daily_budget", "days", "lang", "place"]), st.text(max_size=8))
    usual = st.sampled_from(sorted({str(value) for value in good.values()}))
    values = st.lists(st.one_of(st.text(max_size=20), st.sampled_from(BROKEN), usual), min_size=1, max_size=3)
    return st.dictionaries(names, values, max_size=8)


def scenarios() -> st.SearchStrategy[Any]:
    good = good_scenario()
    return st.one_of(
        spoiled(good).map(as_json).map(_bytes), torn(as_json(good).encode()), torn(good_library()), _zips()
    )


@st.composite
def _zips(draw: st.DrawFn) -> bytes:
    """A library whose entries are spoiled inside, so that the archive itself is sound."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good_library())) as held, zipfile.ZipFile(made, "w") as archive:
        for name in held.namelist():
            content = held.read(name)
            if draw(st.booleans()):
                content = _bytes(as_json(draw(spoiled(json.loads(content)))))
            archive.writestr(
                name if draw(st.integers(0, 9)) else draw(st.sampled_from(("../x", "a/b", name + "x"))), content
            )
    return made.getvalue()


def exports() -> st.SearchStrategy[Any]:
    return st.one_of(*(torn(good) for good in good_exports()), st.binary(max_size=200))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def read_campaign(given_text: Any) -> None:
    from simulator.forecasting import simulate

    text = given_text if isinstance(given_text, str) else given_text.decode("utf-8", "replace")
    campaign = Campaign.from_json(text)
    simulate(campaign, draws=16)


def read_address(given_entries: Any) -> None:
    from simulator.ui import address
    from simulator.ui.choices import DEFAULTS, attempt
    from simulator.ui.messages import sentence
    from simulator.ui.texts import texts_of

    found = address.read(given_entries)
    trial = attempt({**DEFAULTS, **found.values}, "fr")
    for problem in trial.problems.values():
        sentence(problem, texts_of("fr"))


def read_scenario(content: Any) -> None:
    from simulator.store import load_scenario
    from simulator.store.disk import path_of
    from simulator.store.importing import take_over
    from simulator.store.library import is_archive, read_library

    path = _file(content, "given")
    if is_archive(path_of(path)):
        take_over(_store().engine, "memory", read_library(path))
    else:
        load_scenario(path)


def read_export(content: Any) -> None:
    from simulator.calibration.reading.export import read_ads_manager

    read_ads_manager(io.BytesIO(content))


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="adsim-fuzz-"))


@cache
def _store() -> Any:
    from simulator.store import open_store

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
    from simulator.ui.messages import sentence
    from simulator.ui.texts import texts_of

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
        read_scenario(_bytes(as_json(good_scenario())))
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
