"""What comes out, tested on figures chosen by hand: bands, flags, probabilities, tables, JSON."""

from __future__ import annotations

import copy
import json
import math
import pickle
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.base.errors import InvalidInput
from simulator.base.metrics import K_MAX, METRICS
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.forecast import LEVEL, QUANTILES, SEGMENT_COLUMNS, Band, Flag, Forecast
from simulator.reference.places.place import Place

VALUES = np.arange(1.0, 102.0)
"""1 … 101: the quantiles of a ruler are known."""


CAMPAIGN = Campaign(Targeting([Place.country("CA")]), daily_budget=5, duration_days=3, currency="CAD")


class Ruler:
    """An engine whose days are known."""

    def daily(self, campaign: Campaign) -> dict[str, Any]:
        days = np.arange(1.0, campaign.duration_days + 1.0)
        return {"spend": VALUES[:, None] * days, "reach": VALUES[:, None] * np.sqrt(days)}

    def delivery_estimate(self, campaign: Campaign) -> dict[str, Any]:
        return {"estimate_dau": round(campaign.spend_per_day)}


def forecast(**changes: Any) -> Forecast:
    bands = {name: Band.of(VALUES * scale) for scale, name in enumerate(METRICS, start=1)}
    entries: dict[str, Any] = {
        **bands,
        "reach_kplus": tuple(Band(1.0, 2.0**-k * 1024, 3.0, 2.0) for k in range(K_MAX)),
        "campaign": CAMPAIGN,
        "seed": 7,
        "model_version": "1.2.3",
        "parameter_digest": "abc",
        "draws": {name: VALUES * scale for scale, name in enumerate(METRICS, start=1)},
        "width": {"reach": {"price": 0.75, "audience": 0.25}},
        "flags": (Flag("repetition", {"frequency": 3.5}),),
        "reasons": (Flag("nobody_matches"),),
        "sources": ("A census",),
        "segments": (dict.fromkeys(SEGMENT_COLUMNS, 1.0),),
        "engine": Ruler(),
        **changes,
    }
    return Forecast(**entries)


def test_a_band_holds_eighty_percent_of_the_draws() -> None:
    band = Band.of(VALUES)
    assert (band.p10, band.p50, band.p90, band.mean) == (11, 51, 91, 51)
    assert QUANTILES[2] - QUANTILES[0] == pytest.approx(LEVEL)
    assert band.to_dict() == {"p10": 11, "p50": 51, "p90": 91, "mean": 51}
    assert Band.of(np.array([5.0])) == Band(5, 5, 5, 5)


def test_a_flag_is_a_code_with_data() -> None:
    assert Flag("repetition", {"frequency": 3.5}).to_dict() == {"code": "repetition", "frequency": 3.5}
    assert Flag("nobody_matches").to_dict() == {"code": "nobody_matches"}


@pytest.mark.parametrize(("at_least", "probability"), [(0, 1), (1, 1), (51, 51 / 101), (101, 1 / 101), (102, 0)])
def test_the_probability_is_the_share_of_draws_that_get_there(at_least: float, probability: float) -> None:
    assert forecast().probability("audience_size", at_least) == pytest.approx(probability)


def test_the_chance_of_a_click_is_that_of_a_whole_one() -> None:
    """Two clicks expected are at least one with 1 − e⁻², at least three with 1 − 5 e⁻²."""
    two = forecast(expected={"link_clicks": np.full(3, 2.0)})
    assert two.probability("link_clicks", 1) == pytest.approx(1 - math.exp(-2))
    assert two.probability("link_clicks", 2.5) == pytest.approx(1 - 5 * math.exp(-2))
    assert two.probability("link_clicks", 0) == 1
    assert forecast(expected={"link_clicks": np.zeros(3)}).probability("link_clicks", 1) == 0


@pytest.mark.parametrize("metric", ["likes", "draws", "reach_kplus", "", None, 5, ["reach"], {}])
def test_a_metric_that_does_not_exist_is_refused(metric: Any) -> None:
    for ask in (forecast().band, partial(forecast().probability, at_least=1)):
        with pytest.raises(InvalidInput) as caught:
            ask(metric)
        assert caught.value.code == "unknown_metric"
        assert "link_clicks" in caught.value.message


@pytest.mark.parametrize("at_least", ["5", None, math.nan, True, [5]])
def test_a_limit_that_is_no_number_is_refused(at_least: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        forecast().probability("reach", at_least)
    assert (caught.value.code, caught.value.data["field"]) == ("not_a_number", "at_least")


def test_exact_counts_are_the_steps_of_at_least() -> None:
    counts = forecast().exposure_counts()
    assert counts == (512, 256, 128, 64, 32, 16, 8, 4, 2, 2)
    assert sum(counts) == 1024, "everybody reached is somewhere"


def test_medians_out_of_order_give_no_negative_people() -> None:
    crossed = tuple(Band(0, value, 9, 1) for value in (5, 6, *[0] * 8))
    assert min(forecast(reach_kplus=crossed).exposure_counts()) == 0


EXACT = {f"reach_{k}plus": np.maximum(VALUES - 10.0 * k, 0.0) for k in range(1, K_MAX + 1)}


def test_exact_counts_are_medians_of_the_draws_where_there_are_draws() -> None:
    one = forecast(draws=EXACT)
    assert one.exposure_counts() == (10,) * 4 + (1,) + (0,) * 5, "41 people twice at most in half of the draws"
    assert one.exposure_bands()[0] == Band.of(EXACT["reach_1plus"] - EXACT["reach_2plus"])
    assert one.exposure_bands()[-1] == Band.of(EXACT["reach_10plus"])


def test_quantiles_are_those_of_the_draws_and_of_counts_whole() -> None:
    counts = {"link_clicks": np.array([0.0, 1.0, 1.0, 4.0]), **EXACT}
    one = forecast(draws=counts)
    assert [one.quantile("link_clicks", q) for q in (0.0, 0.2, 0.3, 0.8, 1.0)] == [0, 0, 1, 4, 4]
    assert one.quantile("reach_1plus", 0.9) == np.quantile(EXACT["reach_1plus"], 0.9)
    assert one.probability("reach_2plus", 41) == np.mean(EXACT["reach_2plus"] >= 41)
    for q, code in ((1.5, "out_of_range"), (-0.1, "out_of_range"), (math.nan, "not_a_number"), ("a", "not_a_number")):
        with pytest.raises(InvalidInput) as caught:
            one.quantile("reach_1plus", q)  # type: ignore[arg-type]
        assert (caught.value.code, caught.value.data["field"]) == (code, "q")


def test_the_monte_carlo_error_is_that_of_other_draws() -> None:
    rng = np.random.default_rng(3)
    bands = [Band.of(rng.lognormal(size=400)) for _ in range(400)]
    errors = [forecast(draws={"reach": rng.lognormal(size=400)}).monte_carlo_error("reach") for _ in range(40)]
    for name in ("p10", "p50", "p90", "mean"):
        said = np.mean([getattr(error, name) for error in errors])
        assert said == pytest.approx(np.std([getattr(band, name) for band in bands]), rel=0.2)


def test_draws_cannot_be_written_to() -> None:
    one = forecast()
    with pytest.raises(ValueError, match="read-only"):
        one.draws["reach"][0] = 5.0
    with pytest.raises(TypeError):
        one.draws["reach"] = VALUES  # type: ignore[index]


def test_a_forecast_is_saved_whole_and_read_again(tmp_path: Path) -> None:
    forecast().save(tmp_path / "été.json")
    assert Forecast.load(tmp_path / "été.json") == forecast()
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    for name, code in (("other.json", "wrong_type"), ("none.json", "file_not_found")):
        with pytest.raises(InvalidInput) as caught:
            Forecast.load(tmp_path / name)
        assert caught.value.code == code


def test_a_notebook_shows_a_short_table_with_units() -> None:
    shown = forecast()._repr_html_()
    assert len(shown) < 2_000
    assert all(part in shown for part in ("reach", "<td>CAD</td>", "80%", "repetition", "15.00 CAD, 3 days"))


def test_the_table_of_days_has_one_row_a_day() -> None:
    table = forecast().by_day()
    assert table.index.tolist() == [1, 2, 3]
    assert table.index.name == "day"
    assert table.columns.tolist() == [
        f"{name}_{level}" for name in ("spend", "reach") for level in ("p10", "p50", "p90")
    ]
    assert table["spend_p50"].tolist() == [51, 102, 153]


def test_the_table_of_segments_has_its_columns_even_without_rows() -> None:
    assert forecast().by_segment().columns.tolist() == list(SEGMENT_COLUMNS)
    assert forecast(segments=()).by_segment().columns.tolist() == list(SEGMENT_COLUMNS)


def test_the_table_of_metrics_has_every_metric_in_order_with_its_unit() -> None:
    table = forecast().to_frame()
    assert table.index.tolist() == list(METRICS)
    assert table.columns.tolist() == ["p10", "p50", "p90", "mean", "unit"]
    assert table.loc["cpm", "unit"] == METRICS["cpm"].unit
    assert table.loc["audience_size", "p50"] == 51


def test_plain_values_are_json_and_hold_what_makes_a_forecast_again() -> None:
    entries = forecast().to_dict()
    assert json.loads(json.dumps(entries, allow_nan=False)) == entries
    assert [entries[name] for name in ("seed", "model_version", "parameter_digest", "currency", "duration_days")] == [
        7,
        "1.2.3",
        "abc",
        "CAD",
        3,
    ]
    assert entries["flags"] == [{"code": "repetition", "frequency": 3.5}]
    assert entries["reasons"] == [{"code": "nobody_matches"}]
    assert (entries["level"], entries["width"], entries["sources"]) == (
        LEVEL,
        {"reach": {"price": 0.75, "audience": 0.25}},
        ["A census"],
    )
    assert set(METRICS) < set(entries)
    assert len(entries["reach_kplus"]) == K_MAX
    assert "draws" not in entries


def test_forecasts_of_the_same_figures_are_equal_and_can_stand_in_a_set() -> None:
    assert forecast() == forecast()
    assert forecast() != forecast(seed=8)
    assert len({forecast(), forecast(), forecast(seed=8)}) == 2


def test_a_forecast_survives_pickling_and_copying() -> None:
    for twin in (pickle.loads(pickle.dumps(forecast())), copy.deepcopy(forecast())):
        assert twin == forecast()
        assert twin.by_day().equals(forecast().by_day())
        assert twin.probability("reach", 100) == forecast().probability("reach", 100)


def test_a_forecast_prints_without_its_draws() -> None:
    assert len(repr(forecast())) < 4_000


def test_a_forecast_goes_to_a_dict_and_back_through_json() -> None:
    first = forecast(calibration_digest="c0ffee")
    again = Forecast.from_dict(json.loads(json.dumps(first.to_dict())))
    assert again == first
    assert again.campaign == CAMPAIGN
    assert again.to_dict() == first.to_dict()
    assert Forecast.from_dict(forecast(seed=8).to_dict()) != forecast()


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda one: one.by_day(), "no_engine"),
        (lambda one: one.to_delivery_estimate(), "no_engine"),
        (lambda one: one.probability("reach", 5), "no_draws"),
    ],
)
def test_what_needs_more_than_a_dict_holds_is_refused_in_words(ask: Any, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        ask(Forecast.from_dict(forecast().to_dict()))
    assert caught.value.code == code
    assert "Simulate" in caught.value.message


@pytest.mark.parametrize("entries", [None, 5, [], "text"])
def test_what_is_no_dict_is_no_forecast(entries: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        Forecast.from_dict(entries)
    assert caught.value.code == "broken_forecast"


@pytest.mark.parametrize("name", ["reach", "reach_kplus", "width", "flags", "seed", "parameter_digest", "segments"])
def test_a_forecast_that_lacks_an_entry_names_it(name: str) -> None:
    entries = forecast().to_dict()
    del entries[name]
    with pytest.raises(InvalidInput, match=name) as caught:
        Forecast.from_dict(entries)
    assert caught.value.code == "broken_forecast"


def test_the_engine_answers_what_is_asked_later() -> None:
    assert forecast().to_delivery_estimate() == {"estimate_dau": 5}
