"""The command that judges forecasts on sources they never saw, and the page and file that it writes."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binom

from simulator.calibration.tested import CALIBRATED, DEFAULTS, validation
from tools import evidence, fit_defaults, left_out, validate_calibration
from tools.calibration_report import report
from tools.default_fit import fitted_parameters, learnt

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
    assert f"{found.recovery.accounts:,} accounts" in PAGE
    assert f"{found.recovery.coverage:.1%}" in PAGE
    assert str(found.date) in PAGE


@needs_evidence
def test_a_source_left_out_teaches_nothing() -> None:
    whole, without = fitted_parameters(), fitted_parameters(evidence.JOBS)
    assert "prices.cpm.PL" in whole
    assert "prices.cpm.PL" not in without, "only the source left out tells that price"
    assert learnt(evidence.JOBS)["delivery.persistence.link_clicks"] != learnt()["delivery.persistence.link_clicks"]
    assert learnt(evidence.LEADS).keys() < learnt().keys()
    assert set(evidence.campaigns(evidence.JOBS).source) == {evidence.LEADS}


@needs_evidence
def test_the_small_source_is_forecast_as_the_page_says() -> None:
    found = leads()
    packed = [one for one in validation().coverage if one.source == evidence.LEADS]
    for one in packed:
        assert found[one.method][one.metric]["n"] == one.n
        assert abs(found[one.method][one.metric]["inside"] - one.inside) <= 1
    assert {one.method for one in packed} == {DEFAULTS, CALIBRATED}
    assert not found["is_judged"], "one origin is reported, not judged"


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
