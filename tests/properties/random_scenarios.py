"""Random scenarios: any text a person may type, any campaign, overrides, figures and results."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from simulator.base.metrics import METRICS
from simulator.base.validation import MAX_TEXT
from simulator.campaign.forecast import Band
from simulator.library import Actual, Scenario
from simulator.library.scenario import MAX_NOTES, MAX_TAG, MAX_TAGS
from simulator.reference.parameters import load_parameters
from tests.properties.random_campaigns import random_campaign

# All of Unicode but what no text may hold: control characters (tabs and line ends are allowed) and half characters.
LETTERS = st.one_of(st.characters(exclude_categories=("Cc", "Cs")), st.sampled_from("\t\n\r"))
FIGURES = st.floats(0.0, 1e9, allow_nan=False)


def texts(longest: int) -> st.SearchStrategy[str]:
    return st.text(LETTERS, max_size=longest)


def overrides() -> st.SearchStrategy[dict[str, Any]]:
    """Some shipped parameters, moved by a little: a number, or a table."""
    movable = sorted(key for key, entry in load_parameters().items() if entry.family in ("lognormal", "normal"))

    def moved(key: str, factor: float, is_table: bool) -> tuple[str, Any]:
        value = load_parameters().value(key) * factor
        return key, {"value": value, "reason": "typed"} if is_table else value

    change = st.builds(moved, st.sampled_from(movable), st.floats(0.99, 1.01), st.booleans())
    return st.lists(change, max_size=4).map(dict)


def bands() -> st.SearchStrategy[Band]:
    return st.lists(FIGURES, min_size=4, max_size=4).map(lambda four: Band(*sorted(four)[:3], four[3]))


def results() -> st.SearchStrategy[Actual]:
    def built(spend: float, figures: list[float], start: datetime.date, days: int | None) -> Actual:
        least, *more = sorted(figures)
        dates = {} if days is None else {"start": start, "end": start + datetime.timedelta(days=days)}
        return Actual(spend=spend, link_clicks=least, reach=more[0], impressions=more[1], **dates)

    day = st.dates(datetime.date(2015, 1, 1), datetime.date(2090, 1, 1))
    figures = st.lists(FIGURES, min_size=3, max_size=3)
    return st.builds(built, FIGURES, figures, day, st.none() | st.integers(0, 364))


def scenarios() -> st.SearchStrategy[Scenario]:
    return st.builds(
        Scenario,
        title=texts(MAX_TEXT),
        client=texts(MAX_TEXT),
        author=texts(MAX_TEXT),
        notes=texts(MAX_NOTES),
        tags=st.lists(texts(MAX_TAG).filter(str.strip), max_size=MAX_TAGS, unique=True),
        campaign=st.randoms(use_true_random=False).map(lambda random: random_campaign(random, capped=0.3)),
        overrides=overrides(),
        seed=st.integers(0, 2**63 - 1),
        figures=st.dictionaries(st.sampled_from(sorted(METRICS)), bands(), max_size=14),
        actual=st.none() | results(),
    )
