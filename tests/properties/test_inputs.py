"""Whatever is thrown at the inputs: a campaign comes out, or InvalidInput, and a campaign survives JSON unchanged."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import (
    AGES,
    AUDIENCE_SIZE,
    CAP_DAYS,
    CAP_TIMES,
    CREATIVE_FORMATS,
    GENDERS,
    PLATFORMS,
    START,
    Campaign,
    Targeting,
)
from simulator.campaign.files import read_campaign, read_scenario_file
from simulator.campaign.objectives import CAPPED, OBJECTIVES
from simulator.reference.interests import all_interests
from simulator.reference.parameters import currencies, trades
from simulator.reference.places.place import RADIUS_KM, Place
from simulator.reference.places.regions import country_codes, region_codes

TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)
CIRCLES = st.builds(
    Place.at,
    st.floats(-90, 90),
    st.floats(-180, 180),
    country=st.sampled_from(country_codes()),
    radius_km=st.floats(*RADIUS_KM),
    label=TEXTS,
)
REGIONS = st.sampled_from(region_codes()).map(Place.region)
COUNTRIES = st.sampled_from(country_codes()).map(Place.country)
PLACES = CIRCLES | REGIONS | COUNTRIES
INTERESTS = [interest.code for interest in all_interests()]


@st.composite
def targetings(draw: st.DrawFn) -> Targeting:
    young, old = sorted(draw(st.tuples(*[st.integers(*AGES)] * 2)))
    return Targeting(
        draw(st.lists(PLACES, min_size=1, max_size=4)),
        age_min=young,
        age_max=old,
        gender=draw(st.sampled_from(GENDERS)),
        interests=draw(st.lists(st.sampled_from(INTERESTS), max_size=4)),
        audience_size=draw(st.none() | st.just(0) | st.floats(*AUDIENCE_SIZE)),
        excluded_places=draw(st.lists(PLACES, max_size=2)),
    )


@st.composite
def campaigns(draw: st.DrawFn) -> Campaign:
    days = draw(st.integers(1, 365))
    budget = {"daily_budget": draw(st.floats(1e-9, 100_000))}
    if draw(st.booleans()):
        budget = {"total_budget": budget["daily_budget"] * days * 0.999}
    cap = draw(st.none() | st.tuples(st.integers(*CAP_TIMES), st.integers(*CAP_DAYS)))
    return Campaign(
        draw(targetings()),
        **budget,
        duration_days=days,
        start=draw(st.none() | st.dates(*START)),
        objective=draw(st.sampled_from(OBJECTIVES if cap is None else CAPPED)),
        platforms=draw(st.lists(st.sampled_from(PLATFORMS), min_size=1, max_size=2, unique=True)),
        creative_format=draw(st.sampled_from(CREATIVE_FORMATS)),
        trade=draw(st.none() | st.sampled_from(trades())),
        frequency_cap=cap,
    )


@given(campaigns())
@settings(max_examples=100)
def test_a_campaign_survives_json_unchanged(campaign: Campaign) -> None:
    assert Campaign.from_json(campaign.to_json()) == campaign
    assert Campaign.from_json(campaign.to_json().encode()).to_json() == campaign.to_json()
    assert Campaign.from_dict(json.loads(json.dumps(campaign.to_dict(), allow_nan=False))) == campaign


@given(campaigns(), st.sampled_from(currencies()))
@settings(max_examples=50)
def test_a_change_and_its_undoing_leave_the_campaign_as_it_was(campaign: Campaign, currency: str) -> None:
    changed = campaign.with_daily_budget(1.0).replace(currency=currency)
    assert changed.spend_per_day == 1.0
    entries = {name: getattr(campaign, name) for name in ("currency", "daily_budget", "total_budget")}
    assert changed.replace(**entries) == campaign


# Numbers without an end, halves of characters, control characters: more than JSON can hold.
ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=30)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**30), 0, 1, 13, 65, 1e9, 1e308, 5e-324])
    | st.floats()
    | ANY_TEXT
    | st.sampled_from([*OBJECTIVES, *GENDERS, "FR", "FR-64", "EUR", "circle", "2026-12-01", "x" * 10_000])
    | st.dates()
    | st.binary(max_size=5)
)
FIELDS = [*Campaign.model_fields, *Targeting.model_fields, *Place.model_fields]
KEYS = st.sampled_from(FIELDS) | ANY_TEXT
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=6
)


def campaign_or_error(value: object) -> Campaign | None:
    """Return the campaign or None; any other end than InvalidInput is the test's failure."""
    try:
        campaign = Campaign.from_dict(value)
    except InvalidInput as error:
        check_sentence(error)
        return None
    assert Campaign.from_json(campaign.to_json()) == campaign
    return campaign


def check_sentence(error: InvalidInput) -> None:
    assert error.message.isprintable()
    assert len(error.message) < 5_000
    assert "Input should" not in error.message, "pydantic's words in place of ours"


GOOD: dict[str, Any] = Campaign(
    Targeting([Place.at(43.3, -0.37, label="Pau"), Place.region("FR-64")], 25, 54, interests=["jazz-music"]),
    daily_budget=5,
    start=datetime.date(2026, 12, 1),
    trade="bakery",
    objective="reach",
    frequency_cap=(2, 7),
).to_dict()


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else ()
    return [path + (key,) for key, _ in inner] + [found for key, one in inner for found in paths(one, path + (key,))]


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """A good campaign in which up to three entries are exchanged, taken out or given another name."""
    entries: dict[str, Any] = json.loads(json.dumps(GOOD))
    for _ in range(draw(st.integers(1, 3))):
        *outer, last = draw(st.sampled_from(paths(entries)))
        holder: Any = entries
        for step in outer:
            holder = holder[step]
        kind = draw(st.sampled_from(["exchange", "exchange", "remove", "add"]))
        if kind == "exchange":
            holder[last] = draw(VALUES)
        elif kind == "remove":
            del holder[last]
        elif isinstance(holder, dict):
            holder[draw(KEYS)] = draw(VALUES)
    return entries


@given(st.one_of(spoilt(), spoilt(), VALUES))
@settings(max_examples=2_000)
@example(GOOD)
def test_any_value_gives_a_campaign_or_invalid_input(value: object) -> None:
    campaign_or_error(value)


def test_the_campaign_that_is_spoilt_is_good() -> None:
    assert campaign_or_error(GOOD) is not None
    assert len(paths(GOOD)) > 30


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scenarios") / "any.json"


TEXT = json.dumps({"schema_version": 1, "title": "é", "campaign": GOOD}, ensure_ascii=False)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A scenario file cut off, with a piece exchanged, or with bytes of something else in it."""
    content = TEXT.encode()
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
    piece = draw(st.binary(max_size=20) | ANY_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
    return draw(
        st.sampled_from([content[:start], content[:start] + piece + content[end:], content[:start] + content[end:]])
    )


@given(damaged() | VALUES.map(lambda value: json.dumps(value, default=str).encode()))
@settings(max_examples=500)
def test_any_file_gives_a_campaign_or_invalid_input(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    try:
        assert isinstance(read_campaign(file), Campaign)
    except InvalidInput as error:
        check_sentence(error)


def test_the_file_that_is_damaged_is_good(file: Path) -> None:
    file.write_text(TEXT, encoding="utf-8")
    assert read_scenario_file(file).campaign == Campaign.from_dict(GOOD)
