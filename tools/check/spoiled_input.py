"""Good input with some of it replaced, cut, doubled or filled with what has broken other programs."""

from __future__ import annotations

import io
import json
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

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
    from simulator.library import open_store, scenario_from

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
    from simulator.apps.web.address import write
    from simulator.apps.web.choices import DEFAULTS, attempt

    campaign = attempt(DEFAULTS, "fr").campaign
    good = write(DEFAULTS, campaign) if campaign is not None else {}
    names = st.one_of(st.sampled_from([*good, "daily_budget", "days", "lang", "place"]), st.text(max_size=8))
    usual = st.sampled_from(sorted({str(value) for value in good.values()}))
    values = st.lists(st.one_of(st.text(max_size=20), st.sampled_from(BROKEN), usual), min_size=1, max_size=3)
    return st.dictionaries(names, values, max_size=8)


def scenarios() -> st.SearchStrategy[Any]:
    good = good_scenario()
    return st.one_of(
        spoiled(good).map(as_json).map(as_bytes), torn(as_json(good).encode()), torn(good_library()), _zips()
    )


@st.composite
def _zips(draw: st.DrawFn) -> bytes:
    """A library whose entries are spoiled inside, so that the archive itself is sound."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good_library())) as held, zipfile.ZipFile(made, "w") as archive:
        for name in held.namelist():
            content = held.read(name)
            if draw(st.booleans()):
                content = as_bytes(as_json(draw(spoiled(json.loads(content)))))
            archive.writestr(
                name if draw(st.integers(0, 9)) else draw(st.sampled_from(("../x", "a/b", name + "x"))), content
            )
    return made.getvalue()


def exports() -> st.SearchStrategy[Any]:
    return st.one_of(*(torn(good) for good in good_exports()), st.binary(max_size=200))


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
