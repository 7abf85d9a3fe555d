"""What is learnt is what is forecast: the thirteenth of equal campaigns, whomever they aimed at."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulator import calibrate, simulate
from simulator.apps.cli.main import main
from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign, Targeting
from simulator.learning import Calibration
from simulator.learning.aims import MOST_KEPT, Aims, aims_of
from simulator.reference.places.place import Place

FRANCE, CANADA = [Place.country("FR")], [Place.country("CA")]
ACTUAL = {"impressions": 9_000.0, "reach": 6_000.0, "link_clicks": 135.0}
"""Clicked by 1.5 %."""
CASES: dict[str, dict[str, Any]] = {
    "18-65+": {"targeting": Targeting(FRANCE)},
    "25-54": {"targeting": Targeting(FRANCE, age_min=25, age_max=54)},
    "18-24": {"targeting": Targeting(FRANCE, age_min=18, age_max=24)},
    "35-64": {"targeting": Targeting(FRANCE, age_min=35, age_max=64)},
    "55-65+": {"targeting": Targeting(FRANCE, age_min=55)},
    "65+": {"targeting": Targeting(FRANCE, age_min=65)},
    "women": {"targeting": Targeting(FRANCE, gender="women")},
    "Facebook": {"targeting": Targeting(FRANCE), "platforms": ["facebook"]},
    "Instagram": {"targeting": Targeting(FRANCE), "platforms": ["instagram"]},
    "Canada": {"targeting": Targeting(CANADA), "currency": "CAD"},
    "a town": {"targeting": Targeting([Place.around("Lyon", radius_km=25)], age_min=25, age_max=54)},
}


def past(campaign: Campaign, count: int = 12, **columns: object) -> pd.DataFrame:
    """Equal campaigns, one a month."""
    start = pd.date_range("2025-09-01", periods=count, freq="30D")
    money = {"spend": campaign.spend_planned, "currency": campaign.currency}
    country = campaign.targeting.places[0].country_code
    told = {"country": country, "objective": "link_clicks", **money, **ACTUAL, **columns}
    return pd.DataFrame({"start": start, "end": start + pd.Timedelta(days=6), **told})


def planned(case: str) -> Campaign:
    return Campaign(daily_budget=10, duration_days=7, **CASES[case])


def assert_like_the_past(bands: dict[str, dict[str, float]]) -> None:
    for metric, actual in ACTUAL.items():
        band = bands[metric]
        assert band["p50"] == pytest.approx(actual, rel=0.15), metric
        assert band["p10"] < actual < band["p90"], metric


def bands(campaign: Campaign, learnt: Calibration | None) -> dict[str, dict[str, float]]:
    forecast = simulate(campaign, calibration=learnt)
    return {name: asdict(getattr(forecast, name)) for name in ACTUAL}


@pytest.mark.parametrize("case", CASES)
def test_the_thirteenth_equal_campaign_is_forecast_like_the_twelve(case: str) -> None:
    campaign = planned(case)
    assert_like_the_past(bands(campaign, calibrate(past(campaign))))


@pytest.mark.parametrize("case", CASES)
def test_so_it_is_where_they_are_told_to_have_aimed_at_it(case: str) -> None:
    campaign = planned(case)
    told = past(campaign, platforms=", ".join(campaign.platforms))
    learnt = calibrate(told, targeting=campaign.targeting)
    assert learnt.past is None, "no row is kept where nothing is left to be asked"
    assert_like_the_past(bands(campaign, learnt))


@pytest.mark.parametrize("case", ["18-24", "Instagram", "Canada"])
def test_so_it_is_by_the_command(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    campaign, export, learnt, file = planned(case), tmp_path / "past.csv", tmp_path / "l.json", tmp_path / "c.json"
    headers = {
        "start": "Reporting starts",
        "end": "Reporting ends",
        "spend": f"Amount spent ({campaign.currency})",
        "impressions": "Impressions",
        "reach": "Reach",
        "link_clicks": "Link clicks",
    }
    frame = past(campaign).assign(campaign=[f"Campaign {n}" for n in range(12)])
    names = headers | {"campaign": "Campaign name"}
    frame[list(names)].rename(columns=names).to_csv(export, index=False)
    file.write_text(campaign.model_dump_json(), encoding="utf-8")
    country = campaign.targeting.places[0].country_code
    assert main(["calibrate", str(export), "--country", country, "--out", str(learnt)]) == 0
    capsys.readouterr()
    assert main(["simulate", str(file), "--calibration", str(learnt), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    told = found.get("forecast", found)
    assert_like_the_past({name: told[name] for name in ACTUAL})


def test_whom_they_aimed_at_makes_a_difference_to_others_only() -> None:
    """Twelve campaigns for the young, clicked by 1.5 %: for all adults more click, as the defaults have it."""
    young, everybody = planned("18-24"), planned("18-65+")
    told = calibrate(past(young), targeting=young.targeting)
    untold = calibrate(past(young))
    assert bands(everybody, told)["link_clicks"]["p50"] > 1.3 * bands(everybody, untold)["link_clicks"]["p50"]


def test_a_kept_calibration_remembers_the_answer(tmp_path: Path) -> None:
    campaign = planned("18-24")
    for number, learnt in enumerate(
        (calibrate(past(campaign)), calibrate(past(campaign), targeting=Targeting(FRANCE)))
    ):
        path = tmp_path / f"{number}.json"
        learnt.save(path)
        again = Calibration.load(path)
        assert (again.past is None) == (learnt.past is None) == (number == 1)
        assert again.digest == learnt.digest
        assert simulate(campaign, calibration=again).link_clicks == simulate(campaign, calibration=learnt).link_clicks


def test_columns_tell_whom_each_row_aimed_at() -> None:
    frame = past(planned("18-65+"), 5).assign(
        age_min=[18, 25, None, 55, 70],
        age_max=[24, 54, None, "65+", 20],
        gender=["Female", "all", None, "men", ""],
        platforms=["facebook", "facebook, instagram", None, ["instagram"], "telegram"],
        place=["Pau", None, "No such town at all", Place.region("CA-QC"), 5],
    )
    aims = aims_of(frame, frame.index.to_numpy())
    told = [aims.all[code] for code in aims.of_row]
    assert [(aim.age_min, aim.age_max) for aim in told] == [(18, 24), (25, 54), (None, None), (55, 65), (None, None)]
    assert [aim.gender for aim in told] == ["women", "all", None, "men", None]
    assert [aim.platforms for aim in told] == [
        ("facebook",), ("facebook", "instagram"), None, ("instagram",), None
    ]  # fmt: skip
    assert [aim.places for aim in told] == [(Place.around("Pau"),), None, None, (Place.region("CA-QC"),), None]
    one = aims_of(frame.iloc[:0], frame.index.to_numpy()[:0], Targeting(CANADA))
    assert one.all[0].is_told
    assert not Aims.untold(3).is_told


def test_a_targeting_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        calibrate(past(planned("18-65+")), targeting="everybody")  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.data["field"]) == ("wrong_type", "targeting")


def test_a_country_without_campaigns_keeps_its_own_people() -> None:
    """French campaigns, told nothing of their aim, are not taken for Canadian ones when Canada is forecast."""
    french = past(planned("18-65+"))
    both = pd.concat([french, past(planned("Canada"), 3)], ignore_index=True)
    learnt = calibrate(both)
    assert_like_the_past(bands(planned("18-65+"), learnt))
    assert_like_the_past(bands(planned("Canada"), learnt))


def test_what_is_kept_of_clients_names_none_of_them() -> None:
    clients = {name: past(planned("18-65+"), 3) for name in ("Bakery Martin", "Garage Dupont")}
    kept = calibrate(clients).past
    assert kept is not None
    assert sorted(set(kept.rows.account)) == ["0", "1"]
    named = past(planned("18-65+"), 3).assign(campaign="Secret name")
    assert "Secret" not in calibrate(named).to_json()


def test_at_most_five_hundred_rows_are_kept_the_newest() -> None:
    many = past(planned("18-65+"), MOST_KEPT + 20)
    start = pd.date_range("2021-01-01", periods=len(many), freq="3D")
    kept = calibrate(many.assign(start=start, end=start + pd.Timedelta(days=2))).past
    assert kept is not None
    assert len(kept.rows) == MOST_KEPT
    assert kept.rows.start.min() == start[20]


def test_one_of_an_earlier_version_opens_and_says_that_it_is_to_be_learnt_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = Path(__file__).parents[2] / "data" / "version-0.1" / "calibration.json"
    former = Calibration.load(kept)
    assert former.is_outdated
    assert not calibrate(past(planned("18-65+"))).is_outdated
    assert simulate(planned("18-65+"), calibration=former, draws=64).impressions.p50 > 0
    file = tmp_path / "campaign.json"
    file.write_text(planned("18-65+").model_dump_json(), encoding="utf-8")
    assert main(["simulate", str(file), "--calibration", str(kept)]) == 0
    assert "learn it again" in capsys.readouterr().err
