"""Exports said in words: remarks on rows, refusals, what campaigns can teach; a price and its band."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

import simulator.learning
from simulator import Calibration, Campaign, Place, Targeting, calibrate, read_ads_manager, simulate
from simulator.apps.web import active_calibration, exports
from simulator.apps.web import active_calibration as past
from simulator.apps.web.components import results_price, results_read
from simulator.apps.web.components.results_file import EXAMPLES
from simulator.apps.web.jobs.learning import with_country
from simulator.apps.web.texts import LANGUAGES, texts_of
from simulator.base.errors import InvalidInput
from simulator.learning.export.reasons import REASONS

HEADER = "Campaign name,Starts,Ends,Amount spent (EUR),Impressions,Reach,Objective\n"
CALIBRATION = Path(str(simulator.learning.__file__)).parent
LEFT_OUT = {
    code
    for path in CALIBRATION.glob("*.py")
    for code in re.findall(
        r'(?:"reason": |note\(.*, |^\s+\()"(\w+)"(?:[,)}]|, ~?\()', path.read_text(encoding="utf-8"), re.MULTILINE
    )
    if path.name in ("rows.py", "impute.py", "backtest.py")
}


def table(*rows: tuple[str, str, float, int, int, str]) -> pd.DataFrame:
    """Return campaigns of (start, end, spend, impressions, reach, goal)."""
    lines = (f"C{place},{','.join(map(str, row))}\n" for place, row in enumerate(rows))
    return read_ads_manager((HEADER + "".join(lines)).encode())


def codes(frame: pd.DataFrame) -> list[str]:
    return [code for code, _ in results_read.diagnose(frame)]


@pytest.fixture(scope="module")
def learnt() -> Calibration:
    with files("simulator.learning").joinpath("examples", EXAMPLES["fr"]).open("rb") as example:
        return calibrate(with_country(read_ads_manager(example), "FR"), name="EXEMPLE")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_words(language: str) -> None:
    texts = texts_of(language)
    assert len(LEFT_OUT) >= 10
    missing = [code for code in (*REASONS, *LEFT_OUT) if f"results.reason.{code}" not in texts]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_remarks_name_the_row_and_what_was_done(language: str) -> None:
    content = HEADER + "A,2025-01-03,2025-01-09,35,4727,3780,\nB,2025-01-03,2025-01-09,x,4727,3780,\n"
    export = exports.opened("e.csv", content.encode(), {})
    where, what = exports.notes(export, texts_of(language), 10)[-1]
    assert where == {"fr": "Ligne 3", "en": "Row 3"}[language]
    assert what.startswith({"fr": "Laissée de côté", "en": "Left out"}[language])
    assert {"fr": "montant dépensé", "en": "amount spent"}[language] in what


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_without_a_usable_row_says_the_first_reason(language: str) -> None:
    content = HEADER + "B,2025-01-03,2025-01-09,x,4727,3780,\n"
    export = exports.opened("e.csv", content.encode(), {})
    assert export.refusal is not None
    said = exports.refused(export.refusal, texts_of(language))
    assert {"fr": "n'est pas un nombre", "en": "is not a number"}[language] in said
    assert "2" in said


def test_few_campaigns_and_one_budget() -> None:
    same = table(("2025-01-03", "2025-01-09", 35, 4727, 3780, ""), ("2025-02-03", "2025-02-09", 36, 4727, 3780, ""))
    assert {"few_rows", "one_budget"} <= set(codes(same))
    several = table(
        ("2025-01-03", "2025-01-09", 35, 4727, 3780, ""),
        ("2025-02-03", "2025-02-09", 90, 9727, 7780, ""),
        ("2025-03-03", "2025-03-09", 200, 19727, 9780, ""),
    )
    assert not {"few_rows", "one_budget"} & set(codes(several))


def test_repetition_from_the_start_looks_like_known_people() -> None:
    often = table(("2025-01-03", "2025-01-04", 35, 9000, 3000, ""), ("2025-02-03", "2025-02-09", 90, 9000, 2000, ""))
    assert "retargeting" in codes(often)
    later = table(("2025-01-03", "2025-03-09", 35, 9000, 3000, ""), ("2025-02-03", "2025-02-09", 90, 9000, 8000, ""))
    assert "retargeting" not in codes(later)


def test_files_without_dates_or_people_say_what_cannot_be_learnt() -> None:
    header = "Campaign name,Reporting starts,Reporting ends,Amount spent (EUR),Impressions,Reach\n"
    row = "{},2025-01-01,2025-12-31,{},4727,{}\n"
    rows = "".join(row.format(f"C{place}", 35 + 40 * place, 3780) for place in range(4))
    assert "no_dates" in codes(read_ads_manager((header + rows).encode()))
    without = "".join(row.format(f"C{place}", 35 + 40 * place, "") for place in range(4))
    assert "no_reach" in codes(read_ads_manager((header + without).encode()))
    known = table(("2025-01-03", "2025-01-09", 35, 4727, 3780, ""), ("2025-02-03", "2025-02-09", 90, 9000, 8000, ""))
    assert not {"no_dates", "no_reach"} & set(codes(known))


def test_goals_currencies_and_days_are_named() -> None:
    goals = table(
        ("2025-01-03", "2025-01-09", 35, 4727, 3780, "OUTCOME_LEADS"),
        ("2025-02-03", "2025-02-09", 90, 9727, 7780, "OUTCOME_TRAFFIC"),
    )
    assert "several_goals" in codes(goals)
    assert "no_goal" in codes(table(("2025-01-03", "2025-01-09", 35, 4727, 3780, "")))
    mixed = goals.assign(currency=["EUR", "CAD"])
    mixed.attrs = dict(goals.attrs)
    assert codes(mixed)[0] == "mixed_currencies"
    goals.attrs["breakdowns"] = ("day",)
    assert "days_rows" in codes(goals)
    goals.attrs["breakdowns"] = ("age", "gender")
    assert "parts_rows" in codes(goals)


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_and_after_are_said_with_both_figures(learnt: Calibration, language: str) -> None:
    texts = texts_of(language)
    lines = active_calibration.learnt_lines(learnt, "EUR", texts)
    assert "France" in lines[0]
    assert len(re.findall(r"\d+[,.]\d\d", lines[0])) == 4
    assert "8" in active_calibration.learnt_verdict(learnt, texts)
    rows = active_calibration.learnt_table(learnt, "CAD", texts)
    assert 5 < len(rows) < 40
    assert all("\\$" in rows[0][head] for head in list(rows[0])[1:3])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_of_what_was_learnt_says_its_units(
    learnt: Calibration, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    texts = texts_of(language)
    monkeypatch.setattr(active_calibration, "LEAST_LEARNT", -1.0)
    rows = active_calibration.learnt_table(learnt, "EUR", texts)
    figure, before = texts("results.table.figure"), texts("results.table.before")
    trend = next(row for row in rows if row[figure] == texts("results.role.price_trend"))
    assert trend[before].count("%") == 3
    assert "-" not in "".join(row[before] for row in rows), "a hyphen is no minus sign"
    said = [tuple(row.values())[1:] for row in rows if texts.choice("objective", "leads") in row[figure]]
    assert len(said) == len(set(said)), "goals of which the same was learnt share a line"


@pytest.mark.parametrize(("times", "code"), [(1.0, "like"), (1.4, "ordinary"), (6.0, "rare")])
def test_the_verdict_says_whether_so_much_is_ordinary(times: float, code: str) -> None:
    campaign = Campaign(targeting=Targeting(places=(Place.around("Pau"),)), daily_budget=9, duration_days=9)
    cpm = simulate(campaign, seed=0, draws=256).cpm.p50
    price = cpm * times

    def row(month: int) -> tuple[str, str, float, int, int, str]:
        shown = round(1000 * 81 / price)
        return (f"2025-{month:02}-03", f"2025-{month:02}-11", 81, shown, round(shown / 1.4), "OUTCOME_TRAFFIC")

    frame = with_country(table(*(row(month) for month in range(1, 13))), "FR")
    said = active_calibration.learnt_verdict(calibrate(frame), texts_of("fr"))
    assert texts_of("fr")(f"results.verdict.{code}", percent="")[-12:] in said


def test_a_kept_setting_is_said_in_the_money_of_its_country(learnt: Calibration) -> None:
    assert active_calibration.money_of(learnt) == "EUR"
    assert active_calibration.money_of(dataclasses.replace(learnt, countries={"FR": 1, "CA": 7})) == "CAD"
    assert active_calibration.money_of(dataclasses.replace(learnt, countries={})) == "EUR"


def test_nobody_learns_from_nothing() -> None:
    nothing = calibrate(table(("2025-01-03", "2025-01-09", 35, 4727, 3780, "")).head(0))
    assert active_calibration.learnt_verdict(nothing, texts_of("fr")) == texts_of("fr")("results.verdict.nothing")


def test_the_check_says_when_a_simple_rule_does_better() -> None:
    def row(method: str, error: float, coverage: float | None = None) -> dict[str, object]:
        return {"metric": "reach", "method": method, "median_abs_log_error": error, "coverage": coverage, "n": 10}

    rows = [row("calibrated", 0.5, 0.8), row("uncalibrated", 0.7, 1.0), row("constant", 0.2), row("last", 0.6)]
    said = "\n".join(active_calibration.tested_words({"origins": 9, "errors": rows}, texts_of("fr")))
    assert "8 fois sur 10" in said
    assert "répéter simplement votre prix moyen" in said
    assert "mieux sans ce réglage" not in said
    rows[1] = row("uncalibrated", 0.4, 1.0)
    said = "\n".join(active_calibration.tested_words({"origins": 9, "errors": rows}, texts_of("fr")))
    assert "mieux sans ce réglage" in said
    rows[2] = row("constant", 0.49)
    assert "répéter" not in "\n".join(active_calibration.tested_words({"origins": 9, "errors": rows}, texts_of("fr")))


def test_a_calibration_survives_its_file_with_its_digest(learnt: Calibration) -> None:
    again = past.opened(learnt.to_json().encode())
    assert past.digest(again) == past.digest(learnt)


@pytest.mark.parametrize(
    "change",
    [
        {"objectives": {"![x](http://198.51.100.7/x.png)": 3}},
        {"countries": {"<script>": 3}},
        {"dropped": [{"row": "many"}]},
        {"schema_version": 99},
        {"mean": []},
    ],
)
def test_a_made_up_calibration_is_refused(learnt: Calibration, change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refused:
        past.opened(json.dumps({**learnt.to_dict(), **change}).encode())
    assert refused.value.code in ("broken_calibration", "future_version")


def test_the_band_of_a_price_moves_with_month_goal_and_money() -> None:
    def middle(month: int = 11, goal: str = "link_clicks", currency: str = "EUR", kind: str = "cpm") -> float:
        return results_price.compare(1.0, kind, "FR", datetime.date(2026, month, 1), goal, currency).band.p50

    assert middle(11) > 1.1 * middle(1)
    assert middle(goal="leads") > 1.2 * middle()
    assert middle(currency="CAD") > 1.3 * middle()
    assert middle(kind="cpc") < middle() / 5


@pytest.mark.parametrize(("price", "place"), [(0.5, "below"), (9.0, "within"), (60.0, "above")])
def test_a_price_lies_below_within_or_above(price: float, place: str) -> None:
    found = results_price.compare(price, "cpm", "FR", datetime.date(2026, 11, 1), "link_clicks", "EUR")
    assert found.place == place
    assert (found.place == "below") == (price < found.band.p10)
    assert found.price_year == 2025


def test_an_own_price_is_compared_in_its_own_money() -> None:
    campaign = Campaign(targeting=Targeting(places=(Place.around("Pau"),)), daily_budget=5, duration_days=7)
    forecast = simulate(campaign, seed=0, draws=64)
    found = results_price.compare_own(forecast.cpm.p50, "cpm", forecast, "EUR")
    assert (found.place, found.band) == ("within", forecast.cpm)
    dollars = results_price.compare_own(forecast.cpm.p50, "cpm", forecast, "CAD")
    assert dollars.band.p50 > 1.3 * forecast.cpm.p50
    assert results_price.compare_own(1.01 * forecast.cpc_link.p90, "cpc", forecast, "EUR").place == "above"


@pytest.mark.parametrize(
    ("typed", "amount", "some"),
    [
        ("12,50 €", "12,50", {"EUR"}),
        ("5 EUR", "5", {"EUR"}),
        ("5 euros", "5", {"EUR"}),
        ("CHF 5", "5", {"CHF"}),
        ("12 $ CA", "12", {"CAD"}),
        ("US$5", "5", {"USD"}),
        ("$5", "5", {"USD", "CAD"}),
        ("£3", "3", {"GBP"}),
        ("7,61", "7,61", set()),
        ("5 xyz", "5 xyz", set()),
        ("💥", "💥", set()),
    ],
)
def test_the_money_typed_with_a_price_is_told_apart(typed: str, amount: str, some: set[str]) -> None:
    rest, moneys = results_price.apart(typed)
    assert rest == amount
    assert moneys >= some
    assert bool(moneys) == bool(some)
    assert "EUR" in some or "EUR" not in moneys


@pytest.mark.parametrize("days", [1, 7, 90])
def test_the_middle_day_falls_into_the_month_asked_for(days: int) -> None:
    campaign = Campaign(targeting=Targeting(places=(Place.around("Pau"),)), daily_budget=5, duration_days=days)
    assert results_price.middle_day(campaign) is None
    moved = results_price.middle_day(results_price.in_month(campaign, datetime.date(2026, 2, 1)))
    assert moved is not None
    assert (moved.year, moved.month) == (2026, 2)


def test_months_go_back_over_the_turn_of_the_year() -> None:
    months = results_price.recent_months(datetime.date(2026, 2, 20))
    assert months[:3] == [datetime.date(2026, 2, 1), datetime.date(2026, 1, 1), datetime.date(2025, 12, 1)]


def test_days_are_called_guessed_only_where_campaigns_share_those_of_a_report() -> None:
    header = "Campaign name,Reporting starts,Reporting ends,Amount spent (EUR),Impressions,Reach"
    shared = "A,2025-01-01,2025-12-31,35,4727,3780\nB,2025-01-01,2025-12-31,36,4727,3780\n"
    own = shared.replace("B,2025-01-01,2025-12-31", "B,2025-03-03,2025-03-09")
    ends = "A,2025-01-01,2025-12-31,35,4727,3780,2025-02-09\nB,2025-01-01,2025-12-31,36,4727,3780,2025-03-09\n"
    assert "no_dates" in codes(read_ads_manager(f"{header}\n{shared}".encode()))
    assert "no_dates" not in codes(read_ads_manager(f"{header}\n{own}".encode()))
    assert "no_dates" in codes(read_ads_manager(f"{header},Ends\n{ends}".encode()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_rows_are_split_by_is_said_in_the_language(language: str) -> None:
    said = exports.reason("days_without_names", {"received": "day"}, texts_of(language))
    assert {"fr": "par jour", "en": "by day"}[language] in said
