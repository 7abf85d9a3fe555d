"""The program on the screen gives the figures of the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulator import calibrate, simulate
from simulator.apps.web.active_calibration import file_name
from simulator.apps.web.choices import DEFAULTS, attempt
from simulator.apps.web.components.keep import python_of


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"place": "64102", "place_text": "Bayonne", "radius_km": 10, "gender": "women", "interests": ["gardening"]},
        {"place_kind": "region", "region": "CA-QC-03", "currency": "CAD", "start": "2026-12-01", "trade": "bakery"},
        {"place_kind": "country", "country_code": "DE", "platforms": ["instagram"], "creative_format": "video"},
        {"expert": True, "objective": "reach", "cap_times": "2", "cap_days": "7", "seed": "5", "amount": "7,5"},
        {"expert": True, "audience_size": "2000", "tax": "fr_franchise", "all_in": True},
        {"place": "Toronto (6167865)", "place_text": "Toronto", "country_code": "CA", "objective": "leads"},
    ],
)
def test_the_program_makes_the_same_campaign_and_forecast(changes: dict[str, Any], capsys: Any) -> None:
    trial = attempt({**DEFAULTS, **changes}, "fr")
    assert trial.campaign is not None
    made: dict[str, Any] = {}
    exec(python_of(trial.campaign, trial.seed), made)
    assert made["campaign"] == trial.campaign
    assert made["forecast"].to_dict() == simulate(trial.campaign, seed=trial.seed).to_dict()
    assert "reach" in capsys.readouterr().out


def test_what_is_as_by_default_is_left_out() -> None:
    campaign = attempt(DEFAULTS, "fr").campaign
    assert campaign is not None
    assert "currency" not in python_of(campaign)
    assert "daily_budget=5" in python_of(campaign)


def test_past_campaigns_are_read_from_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    past = pd.DataFrame(
        {"start": ["2026-03-01"], "end": ["2026-03-08"], "spend": [50.0], "impressions": [20_000], "reach": [9_000]}
    )
    learnt = calibrate(past.assign(country="FR"))
    learnt.save(tmp_path / file_name(learnt))
    monkeypatch.chdir(tmp_path)
    campaign = attempt(DEFAULTS, "fr").campaign
    assert campaign is not None
    made: dict[str, Any] = {}
    exec(python_of(campaign, 0, file_name(learnt)), made)
    # The file is text: the last digits may differ.
    assert made["forecast"].reach.p50 == pytest.approx(simulate(campaign, calibration=learnt).reach.p50, rel=1e-9)
    assert made["forecast"].reach != simulate(campaign).reach
