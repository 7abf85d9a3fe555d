"""What the user decides, as users get it wrong: each error says what was received, what is allowed and what to do."""

from __future__ import annotations

import copy
import datetime
import math
import pickle
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

from simulator.base.errors import InvalidInput, InvalidInputs, shown
from simulator.campaign import campaign as module
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.objectives import OBJECTIVES
from simulator.reference.parameters import currencies, load_parameters, rate_key, trades, units_per_euro
from simulator.reference.places.place import PLACE_KINDS, Place

PAU = Place.at(43.2951, -0.3708, country="FR", radius_km=25, label="Pau")
TARGETING = Targeting([PAU], age_min=25, age_max=54)
CAMPAIGN = Campaign(TARGETING, daily_budget=5)


def refused(build: Callable[..., object], *values: Any, **entries: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        build(*values, **entries)
    return caught.value


# Every line of "Bad input": entries, code, field, then what the sentence must say: received, allowed, what to do.
BAD_INPUT = [
    (Place.around, {"name": "Atlantide"}, "unknown_place", "name", "'Atlantide'", "in FR", "Nearest:"),
    (Place.around, {"name": "Pau", "radius_km": 0}, "out_of_range", "radius_km", "0", "1 to 80 km", "Choose"),
    (Place.around, {"name": "Pau", "radius_km": 1000}, "out_of_range", "radius_km", "1000", "1 to 80 km", "Choose"),
    (TARGETING.replace, {"age_min": 54, "age_max": 25}, "age_order", "age_min", "54, 25", "not be above", "Swap"),
    (
        CAMPAIGN.replace,
        {"daily_budget": 0},
        "out_of_range",
        "daily_budget",
        "0",
        "above 0, up to 100,000 EUR",
        "Choose",
    ),
    (CAMPAIGN.replace, {"daily_budget": -5}, "out_of_range", "daily_budget", "-5", "above 0", "Choose"),
    (CAMPAIGN.replace, {"daily_budget": math.nan}, "not_a_number", "daily_budget", "nan", "a finite one", "Correct it"),
    (CAMPAIGN.replace, {"daily_budget": math.inf}, "not_a_number", "daily_budget", "inf", "a finite one", "Correct it"),
    (CAMPAIGN.replace, {"daily_budget": 1e9}, "out_of_range", "daily_budget", "1000000000", "100,000 EUR", "Choose"),
    (CAMPAIGN.replace, {"daily_budget": 100_000.01}, "out_of_range", "daily_budget", "100000.01", "100,000", "Choose"),
    (CAMPAIGN.replace, {"duration_days": 0}, "out_of_range", "duration_days", "0", "1 to 365 days", "Choose"),
    (CAMPAIGN.replace, {"duration_days": 4000}, "out_of_range", "duration_days", "4000", "1 to 365 days", "Choose"),
    (CAMPAIGN.replace, {"total_budget": 35}, "both_budgets", "daily_budget", "5 and 35", "exactly one", "give"),
    (CAMPAIGN.replace, {"daily_budget": None}, "no_budget", "daily_budget", "neither", "exactly one", "give"),
    (CAMPAIGN.replace, {"objective": "buyer"}, "unknown_choice", "objective", "'buyer'", "link_clicks, eng", "Choose"),
    (CAMPAIGN.replace, {"currency": "XXX"}, "unknown_currency", "currency", "'XXX'", "CAD, CHF", "Choose"),
    (TARGETING.replace, {"interests": ["zzz"]}, "unknown_interest", "interests.0", "'zzz'", "Nearest", "Choose"),
    (Campaign.from_json, {"text": "{"}, "broken_json", "JSON", "column 2", "valid JSON", "Correct"),
    (Campaign.from_json, {"text": "[" * 10_000}, "too_deep", "JSON", "nested too deeply", "12", "Remove"),
    (
        Campaign.from_json,
        {"text": " " * 5_000_000},
        "too_large",
        "JSON",
        "5,000,000",
        "2,000,000 bytes",
        "Use a smaller",
    ),
    (
        CAMPAIGN.replace,
        {"daily_budget": "5"},
        "not_a_number",
        "daily_budget",
        "'5'",
        "a number is needed",
        "Correct it",
    ),
    (CAMPAIGN.replace, {"targeting": "Pau"}, "wrong_type", "targeting", "'Pau'", "named entries", "Correct"),
    (CAMPAIGN.replace, {"trade": "x" * 5_000_000}, "too_long", "trade", "5000000", "at most 200", "Shorten"),
    (CAMPAIGN.replace, {"budget": 5}, "unknown_field", "budget", "no such entry", "daily_budget", "Remove or rename"),
]


@pytest.mark.parametrize(
    ("build", "entries", "code", "field", "received", "allowed", "advice"),
    BAD_INPUT,
    ids=[f"{field}-{shown(entries, 30)}" for _, entries, _, field, *_ in BAD_INPUT],
)
def test_bad_input_is_refused_with_what_was_received_what_is_allowed_and_what_to_do(
    build: Callable[..., object],
    entries: dict[str, Any],
    code: str,
    field: str,
    received: str,
    allowed: str,
    advice: str,
) -> None:
    error = refused(build, **entries)
    assert (error.code, error.data["field"]) == (code, field)
    for part in (received, allowed, advice):
        assert part in error.message
    assert len(error.message) < 500


@pytest.mark.parametrize("value", [5, np.int64(5), np.float32(5), pd.Series([5.0])[0]])
def test_numbers_of_numpy_and_pandas_are_numbers(value: Any) -> None:
    numbered = Campaign(
        TARGETING.replace(age_min=value * 5, audience_size=value), daily_budget=value, duration_days=value
    )
    assert numbered.to_dict()["duration_days"] == 5
    assert (numbered.spend_planned, numbered.targeting.audience_size, numbered.targeting.age_min) == (25, 5, 25)


@pytest.mark.parametrize("value", [True, np.True_, "7", [7], (7,), {}])
@pytest.mark.parametrize("field", ["daily_budget", "duration_days"])
def test_truth_values_and_numeric_strings_are_refused(field: str, value: Any) -> None:
    assert refused(CAMPAIGN.replace, **{field: value}).code == "not_a_number"


@pytest.mark.parametrize("currency", ["EUR", "JPY", "CAD", "USD"])
def test_the_limit_of_a_day_is_in_euro_value(currency: str) -> None:
    most = math.floor(100_000 * units_per_euro(currency))
    campaign = Campaign(TARGETING, daily_budget=most, currency=currency)
    assert campaign.most_per_day == most
    for entries in ({"daily_budget": most + 1}, {"daily_budget": None, "total_budget": 7 * most + 1}):
        error = refused(campaign.replace, **entries)
        assert error.code == "out_of_range"
        assert error.data["unit"] == currency
        assert f"{int(error.data['high']):,} {currency}" in error.message


def test_a_hundred_thousand_is_much_in_euros_and_little_in_yen() -> None:
    assert refused(CAMPAIGN.replace, daily_budget=200_000).code == "out_of_range"
    assert CAMPAIGN.replace(daily_budget=200_000, currency="JPY").spend_per_day == 200_000


@pytest.mark.parametrize("budget", [0, -1, 1e9, None, "5"])
def test_the_currency_is_checked_even_where_the_budget_is_wrong(budget: Any) -> None:
    error = refused(CAMPAIGN.replace, daily_budget=budget, currency="EURO")
    problems = error.problems if isinstance(error, InvalidInputs) else (error,)
    assert "unknown_currency" in [problem.code for problem in problems]


def test_a_total_budget_is_spread_over_the_days() -> None:
    campaign = Campaign(TARGETING, total_budget=35, duration_days=7)
    assert (campaign.spend_per_day, campaign.spend_planned) == (5, 35)
    assert campaign.with_daily_budget(8) == Campaign(TARGETING, daily_budget=8, duration_days=7)
    assert refused(campaign.replace, total_budget=0).data["field"] == "total_budget"


@pytest.mark.parametrize(
    ("entries", "code", "field"),
    [
        ({"creative_format": "gif"}, "unknown_choice", "creative_format"),
        ({"objective": ["reach"]}, "unknown_choice", "objective"),
        ({"trade": "astronaut"}, "unknown_choice", "trade"),
        ({"trade": 5}, "wrong_type", "trade"),
        ({"currency": "eur"}, "unknown_currency", "currency"),
        ({"currency": None}, "wrong_type", "currency"),
        ({"platforms": ()}, "empty_choice", "platforms"),
        ({"platforms": "facebook"}, "wrong_type", "platforms"),
        ({"platforms": ["facebook", "facebook"]}, "duplicate_choice", "platforms"),
        ({"platforms": ["facebook", "tiktok"]}, "unknown_choice", "platforms"),
        ({"platforms": [1]}, "wrong_type", "platforms.0"),
        ({"platforms": ["facebook"] * 10**6}, "too_many", "platforms"),
        ({"frequency_cap": 3}, "wrong_type", "frequency_cap"),
        ({"frequency_cap": (1, 2, 3)}, "wrong_type", "frequency_cap"),
        ({"frequency_cap": "27"}, "wrong_type", "frequency_cap"),
        ({"frequency_cap": (0, 7)}, "out_of_range", "frequency_cap.0"),
        ({"frequency_cap": (2, 91)}, "out_of_range", "frequency_cap.1"),
        ({"frequency_cap": (91, 7)}, "out_of_range", "frequency_cap.0"),
        ({"frequency_cap": (2, 7)}, "no_cap", "frequency_cap"),
        ({"frequency_cap": (2, 7), "objective": "leads"}, "no_cap", "frequency_cap"),
        ({"frequency_cap": (2.5, 7)}, "not_a_number", "frequency_cap.0"),
        ({"start": "2026-13-01"}, "wrong_type", "start"),
        ({"start": "tomorrow"}, "wrong_type", "start"),
        ({"start": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}, "wrong_type", "start"),
        ({"start": "1066-10-14"}, "out_of_range", "start"),
        ({"start": datetime.date(9999, 12, 31)}, "out_of_range", "start"),
        ({"targeting": None}, "wrong_type", "targeting"),
        ({"targeting": PAU}, "wrong_type", "targeting"),
        ({"targeting": [TARGETING]}, "wrong_type", "targeting"),
        ({"targeting": {}}, "missing", "targeting.places"),
        (
            {"targeting": {"places": [{**PAU.to_dict(), "radius_km": 0}]}},
            "out_of_range",
            "targeting.places.0.radius_km",
        ),
        ({"targeting": {"places": [PAU], "age_min": 12}}, "out_of_range", "targeting.age_min"),
        ({"targeting": {"places": [PAU], "interests": ["jazz", "zzz"]}}, "unknown_interest", "targeting.interests.1"),
    ],
    ids=shown,
)
def test_each_entry_of_a_campaign_is_checked(entries: dict[str, Any], code: str, field: str) -> None:
    error = refused(CAMPAIGN.replace, **entries)
    assert (error.code, error.data["field"]) == (code, field)


@pytest.mark.parametrize(
    ("entries", "code", "field"),
    [
        ({"places": []}, "empty_choice", "places"),
        ({"places": "Pau"}, "wrong_type", "places"),
        ({"places": PAU}, "wrong_type", "places"),
        ({"places": ["Pau"]}, "wrong_type", "places.0"),
        ({"places": [PAU, None]}, "wrong_type", "places.1"),
        ({"places": [TARGETING]}, "wrong_type", "places.0"),
        ({"places": [{}]}, "missing", "places.0.kind"),
        ({"places": [PAU] * 201}, "too_many", "places"),
        ({"excluded_places": ["Pau"]}, "wrong_type", "excluded_places.0"),
        ({"age_min": 12}, "out_of_range", "age_min"),
        ({"age_max": 66}, "out_of_range", "age_max"),
        ({"age_min": 18.5}, "not_a_number", "age_min"),
        ({"gender": "Women"}, "unknown_choice", "gender"),
        ({"gender": None}, "unknown_choice", "gender"),
        ({"interests": "jazz"}, "wrong_type", "interests"),
        ({"interests": [5]}, "wrong_type", "interests.0"),
        ({"interests": ["x" * 10**6]}, "too_long", "interests.0"),
        ({"interests": ["jazz\0"]}, "unprintable", "interests.0"),
        ({"interests": ["jazz"] * 51}, "too_many", "interests"),
        ({"audience_size": -1}, "out_of_range", "audience_size"),
        ({"audience_size": 0.5}, "out_of_range", "audience_size"),
        ({"audience_size": 6e9}, "out_of_range", "audience_size"),
        ({"audience_size": "many"}, "not_a_number", "audience_size"),
    ],
    ids=shown,
)
def test_each_entry_of_a_targeting_is_checked(entries: dict[str, Any], code: str, field: str) -> None:
    error = refused(TARGETING.replace, **entries)
    assert (error.code, error.data["field"]) == (code, field)


def test_good_values_at_the_edge_are_taken() -> None:
    campaign = CAMPAIGN.replace(
        objective="reach", frequency_cap=[2, 7], platforms={"instagram"}, start="2026-12-01", daily_budget=1e-9
    )
    assert (campaign.frequency_cap, campaign.platforms) == ((2, 7), ("instagram",))
    assert campaign.start == datetime.date(2026, 12, 1)
    targeting = TARGETING.replace(places=(place for place in [PAU] * 200), age_min=65, age_max=65, audience_size=0)
    assert len(targeting.places) == 200


def test_an_interest_has_one_code_whatever_it_is_called() -> None:
    assert TARGETING.replace(interests=["Jazz", "jazz-music", "JAZZ MUSIC"]).interests == ("jazz-music",)


def test_the_choices_of_the_form_are_those_of_the_model() -> None:
    fields = {**Campaign.model_fields, **Targeting.model_fields, **Place.model_fields}
    for name, choices in (
        ("objective", OBJECTIVES),
        ("creative_format", module.CREATIVE_FORMATS),
        ("gender", module.GENDERS),
        ("kind", PLACE_KINDS),
    ):
        assert get_args(fields[name].annotation) == choices
    assert CAMPAIGN.platforms == module.PLATFORMS


@pytest.mark.parametrize("trade", trades())
def test_every_trade_is_taken(trade: str) -> None:
    assert CAMPAIGN.replace(trade=trade).trade == trade


@pytest.mark.parametrize("currency", currencies())
def test_every_currency_is_taken(currency: str) -> None:
    assert CAMPAIGN.replace(currency=currency).currency == currency
    assert rate_key(currency) in load_parameters()


def test_a_campaign_survives_pickling_copying_and_json_and_is_frozen() -> None:
    campaign = CAMPAIGN.replace(start="2026-12-01", trade="bakery", objective="reach", frequency_cap=(2, 7))
    for twin in (pickle.loads(pickle.dumps(campaign)), copy.deepcopy(campaign), Campaign.from_json(campaign.to_json())):
        assert twin == campaign
        assert hash(twin) == hash(campaign)
    assert refused(setattr, campaign, "daily_budget", 6).code == "frozen"
    assert refused(setattr, campaign.targeting.places[0], "radius_km", 80).code == "frozen"


def test_a_day_of_pandas_is_a_day_and_an_hour_is_refused() -> None:
    pd = pytest.importorskip("pandas")
    made = Campaign(Targeting([Place.country("FR")]), daily_budget=5, start=pd.Timestamp("2026-12-01"))
    assert type(made.start) is datetime.date
    assert made.start == datetime.date(2026, 12, 1)
    for other in (pd.Timestamp("2026-12-01 10:00"), pd.Timestamp("2026-12-01", tz="Europe/Paris"), pd.NaT):
        with pytest.raises(InvalidInput) as caught:
            made.replace(start=other)
        assert caught.value.data["field"] == "start"
