"""The library of kept trials as the screen uses it: opened once, and what is read often remembered.

What is remembered is keyed by the database and by versions, which never change, so no session sees an old list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from simulator.apps.web import sign_in
from simulator.apps.web.formats import literal
from simulator.apps.web.temp_dirs import Scratch
from simulator.base.errors import SimulatorError
from simulator.base.files import write_file
from simulator.evaluation import Comparison, Explanation, Reopened, TrackRecord, compare, explain, reopen, track_record
from simulator.evaluation.compare import LETTERS
from simulator.evaluation.explain import checks_of, kept_to_plan
from simulator.library import Actual, Imported, Scenario, load_scenario, open_store
from simulator.library.location import database_url

if TYPE_CHECKING:
    from simulator.library.database import Store

T = TypeVar("T")

_PROBLEM = "_trials_problem"
TEMPLATES = Path(__file__).resolve().parents[3] / "scenarios"
"""Ready-made campaigns, beside the program."""
JUDGED_BY = ("reach", "impressions", "link_clicks")
"""The figure that gives a trial its verdict: the first that is known of the result."""


def library() -> Store:
    """Return the library of this installation, as the visitor may see it.

    Raises
    ------
    SimulatorError
        What ``open_store`` says, and ``session_ended`` and the like where people sign in.
    """
    return sign_in.view(whole_library())


def whole_library() -> Store:
    """Return the library with everybody's scenarios: for the server itself, not for a page."""
    return _opened(database_url())


@st.cache_resource(show_spinner=False)
def _opened(address: str) -> Store:
    return open_store(address)


@st.cache_data(max_entries=4096, show_spinner=False)
def _verdict(_store: Store, place: str, key: str, version: int) -> str:  # noqa: ARG001 — part of the key
    scenario = _store.load(key, version)
    if scenario.actual is None:
        return "none"
    return verdict_of(scenario, scenario.actual)


def verdict(store: Store, key: str, version: int) -> str:
    """Return ``none``, ``inside``, ``below``, ``above``, ``changed`` (not as planned) or ``unknown``."""
    try:
        return _verdict(store, store.place, key, version)
    except SimulatorError:
        return "unknown"


def verdict_of(scenario: Scenario, actual: Actual) -> str:
    """Return where the result lies against what was announced."""
    if not kept_to_plan(scenario.campaign, actual):
        return "changed"
    found = {check.metric: check.position for check in checks_of(actual, scenario.figures)}
    return next((found[metric] for metric in JUDGED_BY if metric in found), "unknown")


@st.cache_resource(max_entries=8, show_spinner=False)
def _compared(_store: Store, place: str, versions: tuple[tuple[str, int], ...]) -> Comparison:  # noqa: ARG001 — part of the key
    return compare(*(_store.load(key, version) for key, version in versions))


def compared(store: Store, keys: Sequence[str]) -> Comparison:
    """Return the comparison of the latest versions of these trials."""
    return _compared(store, store.place, _versions(store, keys))


@st.cache_data(max_entries=8, show_spinner=False)
def _curves(_store: Store, place: str, versions: tuple[tuple[str, int], ...]) -> list[dict[str, Any]]:
    comparison = _compared(_store, place, versions)
    frame = comparison.curves()
    columns = {"budget": "daily_budget", "people": "reach_p50", "low": "reach_p10", "high": "reach_p90"}
    return [
        {
            "letter": LETTERS[comparison.labels.index(str(row["variant"]))],
            **{name: float(row[column]) for name, column in columns.items()},
        }
        for _, row in frame.iterrows()
    ]


def compared_curves(store: Store, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return points of their budget curves: letter, budget, people, low, high."""
    return _curves(store, store.place, _versions(store, keys))


def _versions(store: Store, keys: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple((key, store.fetch(key).version) for key in keys)


@st.cache_resource(max_entries=32, show_spinner=False)
def reopened(body: str) -> Reopened:
    """Return a trial's figures as saved and as today."""
    return reopen(Scenario.from_json(body))


@st.cache_resource(max_entries=32, show_spinner=False)
def explained(body: str) -> Explanation:
    """Explain the result of a trial against its forecast, by cause."""
    return explain(Scenario.from_json(body))


@st.cache_resource(max_entries=4, show_spinner=False)
def _record(_store: Store, place: str, versions: tuple[tuple[str, int], ...]) -> TrackRecord:  # noqa: ARG001 — part of the key
    return track_record(_store)


def record(store: Store, versions: Sequence[tuple[str, int]]) -> TrackRecord:
    """Return the track record of trials that have a result, given with their versions."""
    return _record(store, store.place, tuple(versions))


@st.cache_resource(show_spinner=False)
def templates() -> tuple[Scenario, ...]:
    """Return the ready-made campaigns, none where they are not installed."""
    files = sorted(TEMPLATES.glob("*.json")) if TEMPLATES.is_dir() else []
    return tuple(load_scenario(path) for path in files if not path.name.endswith(".expected.json"))


def exported(store: Store) -> bytes:
    """Return the whole library as a zip."""
    with Scratch("library") as folder:
        path = folder / "library.zip"
        store.export(path)
        return path.read_bytes()


def taken_over(store: Store, name: str, content: bytes) -> Imported:
    """Take over a file that was sent: a library or one trial."""
    with Scratch("library") as folder:
        # Errors name the file: by the name it came with, without folders or strange characters.
        path = folder / (literal(name.replace("/", " ").replace("\\", " "), 60).strip(" .") or "file")
        write_file(path, content)
        return store.import_(path)


def attempted(action: Callable[[], T]) -> T | None:
    """Run a callback; keep an error to show when the page is drawn."""
    try:
        return action()
    except SimulatorError as error:
        st.session_state[_PROBLEM] = error
        return None


def last_problem() -> SimulatorError | None:
    """Return, once, what the last callback could not do."""
    found = st.session_state.pop(_PROBLEM, None)
    return found if isinstance(found, SimulatorError) else None
