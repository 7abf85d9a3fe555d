"""A campaign under way: final figures from the days so far, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulator import Campaign, Place, Targeting, calibrate, simulate, update, verdict
from simulator.apps.cli.main import main
from simulator.base.errors import InvalidInput
from tests.unit.learning.tables import table
from tools.research.under_way import study

CAMPAIGN = Campaign(Targeting([Place.country("FR")]), daily_budget=10, duration_days=14)
SEEN = {"days": 3, "spend": 30.0, "impressions": 4_000, "reach": 3_300, "link_clicks": 60}


def width(forecast: Any, metric: str) -> float:
    band = getattr(forecast, metric)
    return float(band.p90 / band.p10)


def test_what_was_seen_is_in_the_final_figures_and_the_rest_goes_on_like_it() -> None:
    now = update(CAMPAIGN, SEEN, draws=256)
    assert now.impressions.p50 == pytest.approx(4_000 * 14 / 3, rel=0.12)
    assert now.link_clicks.p50 == pytest.approx(60 * 14 / 3, rel=0.25)
    assert now.spend.p50 == pytest.approx(140.0, rel=0.01)
    for name in ("impressions", "reach", "link_clicks"):
        assert getattr(now, name).p10 > SEEN[name]
        assert width(now, name) < 0.6 * width(simulate(CAMPAIGN), name)
    assert now.reach.p90 <= now.impressions.p90
    assert (now.draws["reach"] <= now.draws["impressions"] + 1e-6).all()
    assert (now.draws["frequency"] >= 1.0 - 1e-9).all()


def test_the_longer_it_runs_the_surer_and_at_the_end_it_is_what_was_seen() -> None:
    share = {name: value / 3 for name, value in SEEN.items()}
    widths = [
        width(update(CAMPAIGN, {**{name: value * day for name, value in share.items()}}, draws=256), "impressions")
        for day in (1, 3, 7, 14)
    ]
    assert widths == sorted(widths, reverse=True)
    end = {"days": 14, "spend": 139.0, "impressions": 18_000, "reach": 12_000, "link_clicks": 250}
    found = update(CAMPAIGN, end, draws=64)
    for name in ("spend", "impressions", "reach", "link_clicks"):
        band = getattr(found, name)
        assert (band.p10, band.p90) == pytest.approx((end[name], end[name]))


def test_a_part_of_the_figures_is_enough_and_few_clicks_prove_little() -> None:
    before = simulate(CAMPAIGN, draws=256)
    only_shown = update(CAMPAIGN, {"days": 3, "spend": 30, "impressions": 4_000}, draws=256)
    assert width(only_shown, "impressions") < 0.5 * width(before, "impressions")
    assert width(only_shown, "link_clicks") > 0.5 * width(before, "link_clicks")
    few = update(CAMPAIGN, {"days": 1, "spend": 10, "impressions": 60, "reach": 60, "link_clicks": 0}, draws=256)
    assert few.link_clicks.p90 > 0.0
    assert update(CAMPAIGN, {"days": 3, "spend": 30, "reach": 3_300}, draws=64).reach.p10 >= 3_300


def test_rows_by_day_are_added_up_but_their_reach_is_not() -> None:
    days = pd.DataFrame(
        {"start": ["2026-03-01", "2026-03-02"], "spend": [10, 10], "impressions": [1200, 1300], "reach": [1100, 1200]}
    )
    both = update(CAMPAIGN, days, draws=64)
    assert both == update(CAMPAIGN, {"days": 2, "spend": 20, "impressions": 2500}, draws=64)


def test_past_campaigns_are_taken_into_account() -> None:
    learnt = calibrate(table(12, cpm=5.0))
    one = {"days": 1, "spend": 10, "impressions": 1_500, "reach": 1_400}
    plain, own = update(CAMPAIGN, one, draws=256), update(CAMPAIGN, one, learnt, draws=256)
    assert width(own, "impressions") < width(plain, "impressions")


def test_it_is_kept_changed_or_stopped_for_a_reason() -> None:
    planned = simulate(CAMPAIGN, draws=512)
    per_day = planned.link_clicks.p50 / 14
    found = {}
    for factor in (1.3, 0.55, 0.2):
        clicks = round(per_day * 7 * factor)
        shown = round(planned.impressions.p50 / 2)
        seen = {"days": 7, "spend": 70, "impressions": shown, "reach": round(0.8 * shown), "link_clicks": clicks}
        found[factor] = verdict(planned, update(CAMPAIGN, seen, draws=512))
    assert [one.decision for one in found.values()] == ["keep", "change", "stop"]
    assert [one.reason for one in found.values()] == ["cost_as_planned", "cost_above_plan", "cost_far_above_plan"]
    assert all(0.8 <= one.probability <= 1.0 for one in found.values())
    assert all(f"{one.probability:.0%}" in one.sentence for one in found.values())


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"days": 0}, "so_far.days", "out_of_range"),
        ({"days": 15}, "so_far.days", "out_of_range"),
        ({"days": 2.5}, "so_far.days", "out_of_range"),
        ({"spend": -1}, "so_far.spend", "out_of_range"),
        ({"spend": "much"}, "so_far.spend", "out_of_range"),
        ({"impressions": float("nan")}, "so_far.impressions", "out_of_range"),
        ({"reach": 5_000}, "so_far.reach", "out_of_range"),
        ({"link_clicks": 4_001}, "so_far.link_clicks", "out_of_range"),
        ({"spend": None}, "so_far", "missing_columns"),
        ({"impressions": None, "reach": None, "link_clicks": None}, "so_far", "missing_columns"),
    ],
)
def test_figures_that_cannot_be_are_refused(change: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        update(CAMPAIGN, SEEN | change)
    assert (caught.value.data["field"], caught.value.code) == (field, code)


@pytest.mark.parametrize("told", [5, "three days", [1, 2]])
def test_what_is_no_table_is_refused(told: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        update(CAMPAIGN, told)
    assert caught.value.code == "wrong_type"


def test_the_command_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "campaign.json"
    file.write_text(CAMPAIGN.model_dump_json(), encoding="utf-8")
    options = ["--days", "3", "--spend", "30", "--impressions", "4000", "--reach", "3300", "--clicks", "60"]
    assert main(["update", str(file), *options, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    now = update(CAMPAIGN, SEEN)
    assert told["forecast"]["impressions"]["p50"] == pytest.approx(now.impressions.p50)
    assert told["verdict"]["sentence"] == verdict(simulate(CAMPAIGN), now).sentence
    assert main(["update", str(file), *options]) == 0
    assert told["verdict"]["sentence"] in capsys.readouterr().out
    assert main(["update", str(file), "--days", "3", "--spend", "30", "--impressions", "10", "--reach", "20"]) == 2
    assert "so_far.reach" in capsys.readouterr().err


def test_bands_under_way_hold_the_end_as_often_as_they_say() -> None:
    """A sample of 40; the whole one: ``python -m tools.research.under_way``."""
    found = study(40)
    for day in (1, 3, 7):
        for metric in ("impressions", "reach", "link_clicks"):
            assert 0.55 <= found[day, metric]["inside"] <= 1.0, (day, metric)
    assert found[3, "impressions"]["error"] < 0.6 * found[3, "impressions"]["error_before"]
