"""The command that judges forecasts on sources they never saw, and the page and file that it writes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from simulator.learning.backtest import Backtest
from simulator.learning.validation_figures import CALIBRATED, DEFAULTS, validation
from simulator.reference.parameters import Parameters
from tools.research import evidence, fit_defaults, left_out, platform_curve, validate_calibration
from tools.research.calibration_report import report
from tools.research.default_fit import before_any_row, fitted_parameters, learnt, starting_parameters
from tools.research.without_source import by_income

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "validation.md").read_text("utf-8").split("<!-- calibration:begin -->")[1]
needs_evidence = pytest.mark.skipif(not evidence.exists(), reason="the public evidence is not on this machine")


@lru_cache(maxsize=1)
def leads() -> dict[str, Any]:
    return left_out.source_result(evidence.LEADS)


@pytest.mark.parametrize(("inside", "n"), [(0, 5), (5, 5), (8, 15), (29, 36), (1, 1)])
def test_an_interval_is_that_of_clopper_and_pearson(inside: int, n: int) -> None:
    found = left_out.counted(inside, n)
    assert found["low"] <= inside / n <= found["high"]
    if inside:
        assert binom.sf(inside - 1, n, found["low"]) == pytest.approx(0.1)
    if inside < n:
        assert binom.cdf(inside, n, found["high"]) == pytest.approx(0.1)


def test_the_uncalibrated_model_is_a_rival_too() -> None:
    errors = {"calibrated": 0.1, "uncalibrated": 0.2, "constant": 0.4, "last": 0.3}
    assert left_out.best_rival(errors) == "uncalibrated"


def test_page_and_packed_figures_say_the_same() -> None:
    found = validation()
    for one in found.coverage:
        metric = one.metric.replace("_", " ")
        assert f"| {one.source} | {one.method} | {metric} | {one.inside} of {one.n} |" in PAGE
    for check in found.reach:
        (figures,) = re.findall(rf"\| {check.source} \| {check.n} \| ([\d.]+) \| ([\d.]+) \|", PAGE)
        expected = (check.median_abs_log_error, check.largest_abs_log_error)
        assert [float(figure) for figure in figures] == pytest.approx(expected, abs=6e-4)
    for fit in found.curve:
        name = {"free": "free", "stated": "the stated daily users"}[fit.audience]
        assert f"| {name} | {fit.people / 1e6:,.0f} million | {fit.rms:.3f} |" in PAGE
    assert f"{found.recovery.accounts:,} accounts" in PAGE
    assert f"{found.recovery.coverage:.1%}" in PAGE
    assert str(found.date) in PAGE


def test_the_first_page_says_the_same_too() -> None:
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    found = validation()
    (reach, n), (clicks, _) = found.tested("reach"), found.tested("link_clicks")
    assert f"Of {n} real campaigns" in readme
    assert f"{reach} fell inside the band of reach and {clicks} inside that of link clicks" in readme


@needs_evidence
def test_a_source_left_out_teaches_nothing() -> None:
    whole, without = fitted_parameters(), fitted_parameters(evidence.JOBS)
    assert "prices.cpm.PL" in whole
    assert "prices.cpm.PL" not in without, "only the source left out tells that price"
    assert learnt(evidence.JOBS)["delivery.persistence.link_clicks"] != learnt()["delivery.persistence.link_clicks"]
    assert learnt(evidence.LEADS).keys() < learnt().keys()
    assert set(evidence.campaigns(evidence.JOBS).source) == {evidence.LEADS}


@needs_evidence
def test_assumptions_that_name_a_source_stand_without_it() -> None:
    whole, without = starting_parameters(), starting_parameters(evidence.JOBS)
    assert {key for key in whole if whole[key] != without[key]} == {
        "calibration.account_price",
        "prices.fallback_error",
        "prices.income_elasticity",
    }
    assert starting_parameters(evidence.LEADS) == whole
    assert without["prices.fallback_error"].log_sd == pytest.approx(whole["prices.fallback_error"].log_sd)
    for key in ("prices.fallback_error", "prices.income_elasticity"):
        assert fitted_parameters(evidence.JOBS)[key] == without[key]


@needs_evidence
@pytest.mark.parametrize("without", ["", evidence.LEADS])
def test_prices_of_countries_known_by_income_are_learnt_from_vendors_alone(without: str) -> None:
    before = before_any_row(without)
    slope, factor = by_income(starting_parameters())
    assert before.value("prices.income_elasticity") == slope
    assert before.value("prices.fallback_error") == factor
    assert fitted_parameters(without)["prices.fallback_error"] == starting_parameters()["prices.fallback_error"]


@needs_evidence
def test_an_advertisement_for_a_country_goes_to_that_countrys_users() -> None:
    table = evidence.campaigns()
    jobs = table[table.source == evidence.JOBS]
    assert jobs.groupby("country").audience_size.max().to_dict() == evidence.USERS
    on_instagram = jobs[jobs.platform == "instagram"]
    assert (on_instagram.audience_size == evidence.INSTAGRAM_USERS["CH"]).all()
    assert len(on_instagram) == 6
    assert set(table[table.source == evidence.LEADS].audience_size) == {evidence.LOOKALIKES}


@needs_evidence
def test_days_are_those_that_the_sources_descriptions_tell() -> None:
    days = evidence.campaigns().groupby("source").days
    assert set(days.get_group(evidence.JOBS)) == {1.0}
    assert set(days.get_group(evidence.LEADS)) == {8.0, 12.0, 20.0}
    assert not {"days", "audience_size", "account"} & set(evidence.exports()), "the export as it is tells neither"


def test_how_far_apart_is_taken_within_each_origin() -> None:
    import pandas as pd

    rows = [
        {
            "origin": origin,
            "row": origin,
            "metric": "reach",
            "method": method,
            "actual": 1.0,
            "p10": 0.1,
            "p50": p50,
            "p90": 9.0,
        }
        for origin, (here, there) in {1: (2.0, 1.0), 2: (8.0, 4.0), 3: (1.0, 8.0)}.items()
        for method, p50 in (("calibrated", here), ("constant", there))
    ]
    none = pd.DataFrame()
    found = Backtest(none, none, pd.DataFrame(rows), 3, ())
    assert left_out._apart(found)["reach"]["constant"] == pytest.approx(np.log(2.0))
    medians = left_out._median_over_origins(found)["reach"]
    assert medians["calibrated"] - medians["constant"] == pytest.approx(np.log(2.0) - np.log(4.0))


def test_what_countries_pay_at_their_income_is_found_again() -> None:
    start = starting_parameters()
    slope, factor = 0.7, 0.5
    world, reference = start["prices.cpm.world"], start.value("prices.income_reference")
    income = start.table("income.per_head")
    made = {
        f"prices.cpm.{code}": replace(world, value=world.value * factor * (income[code] / reference) ** slope)
        for code in ("FR", "CA", "DE", "SE")
    }
    others = {key: entry for key, entry in start.items() if not key.startswith("prices.cpm.")}
    found = by_income(Parameters({**others, world.key: world, **made}))
    assert found == pytest.approx((slope, factor))


def test_the_best_level_of_an_origin_leaves_only_what_its_campaigns_differ_by() -> None:
    import pandas as pd

    actual = [1.0, 2.0, 4.0]
    columns = {"origin": 1, "row": [0, 1, 2], "metric": "cpm", "actual": actual, "p10": 1.0, "p90": 9.0}
    forecasts = pd.concat(
        [pd.DataFrame({**columns, "method": name, "p50": 8.0}) for name in ("calibrated", "uncalibrated")]
    )
    none = forecasts.iloc[:0]
    table = pd.DataFrame({"start": ["2024-01-02"] * 3, "country": ["FR", "FR", None]})
    (one,) = left_out.by_origin(Backtest(none, none, forecasts, 1, ()), table)
    assert one["calibrated"] == pytest.approx(np.log(4.0))
    assert one["least"] == pytest.approx(np.log(2.0) / 2.0, abs=2e-3), "the level between two of the three"
    assert (one["countries"], one["n"], one["start"]) == (["FR"], 3, "2024-01-02")


@needs_evidence
def test_the_small_source_is_forecast_as_the_page_says() -> None:
    found = leads()
    packed = [one for one in validation().coverage if one.source == evidence.LEADS]
    for one in packed:
        assert found[one.method][one.metric]["n"] == one.n
        assert abs(found[one.method][one.metric]["inside"] - one.inside) <= 1
    assert {one.method for one in packed} == {DEFAULTS, CALIBRATED}
    assert not found["is_judged"], "one origin is reported, not judged"
    assert found["errors"] == {}, "the export as it is does not say when a campaign ended: none is known to have"
    errors = found["errors_told"]["impressions"]
    assert errors["calibrated"] < errors["uncalibrated"], "told its days, an account teaches its price"


@needs_evidence
def test_the_shipped_defaults_are_those_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert fit_defaults.main(["--check"]) == 0, capsys.readouterr().out


@needs_evidence
def test_the_whole_is_written_and_read_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = {
        "date": "2026-11-22",
        "sources": [leads()],
        "saturated": left_out.reach_given_impressions(evidence.MIGRANTS),
        "saturated_coverage": left_out.saturated_coverage(),
        "curve": validate_calibration.platform_curve_rows(),
        "months": [{"true": 0.0, "learnt": 0.4, "sd": 0.3}],
        "recovery": None,
    }
    page, packed = tmp_path / "page.md", tmp_path / "packed.json"
    page.write_text("# Validation\n\n<!-- kernel:begin -->\nkept\n<!-- kernel:end -->\n", "utf-8")
    monkeypatch.setattr(validate_calibration, "PAGE", page)
    monkeypatch.setattr(validate_calibration, "PACKED", packed)
    monkeypatch.setattr(validate_calibration, "measured", lambda accounts: found)
    assert validate_calibration.main(["--check"]) == 0
    assert not packed.exists()
    assert validate_calibration.main([]) == 0
    text = page.read_text("utf-8")
    assert "kept" in text
    assert report(found) in text
    assert "Not measured yet." in text
    assert json.loads(packed.read_text("utf-8"))["recovery"] is None


def test_the_fits_of_the_platforms_curve_are_packed_as_they_are() -> None:
    shape = platform_curve.Shape(67_000_000.4, 0.84, 1.31, 0.0971234567, 0.107, 0.087)
    found = {"date": "2031-01-01", "sources": [], "saturated": {"n": 2, "median": 0.1, "largest": 0.2}}
    rest = {"saturated_coverage": {"n": 2, "inside": 2, "low": 0.3, "high": 1.0}, "recovery": None}
    packed = validate_calibration.packed({**found, **rest, "curve": {"free": shape}})
    expected = {"audience": "free", "people": 67_000_000, "rms": 0.097123, "rms_impressions": 0.107, "rms_reach": 0.087}
    assert packed["curve"] == [expected]
