"""Tables from anywhere: whatever the types, names and words, a campaign is read as what it was."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from simulator.campaign.objectives import OBJECTIVES
from simulator.learning import backtest, calibrate
from simulator.learning.backtest import METHODS, METRICS
from simulator.learning.export.values import country_of, objective_of
from simulator.learning.rows import Rows, usable_rows
from simulator.reference.parameters import load_parameters
from tests.unit.learning.tables import one, table

PARAMETERS = load_parameters()
FRAME = table(6)
ERRORS = ["metric", "method", "median_abs_log_error", "bias", "coverage", "n"]


def rows_of(frame: pd.DataFrame) -> Rows:
    return usable_rows(frame, PARAMETERS)


def same(found: Rows, expected: Rows) -> bool:
    """Whether two tables have taught the same."""
    names = ("spend", "impressions", "reach", "link_clicks", "days", "start", "audience", "country", "objective")
    for name in names:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    return found.dropped == expected.dropped


def written(pattern: str) -> dict[str, pd.Series]:
    return {name: FRAME[name].dt.strftime(pattern) for name in ("start", "end")}


DATES = {
    "iso": written("%Y-%m-%d"),
    "with hours": written("%Y-%m-%d %H:%M"),
    "with fractions and a zone": written("%Y-%m-%dT23:59:59.999+02:00"),
    "short zone": written("%Y-%m-%dT00:00:00+0200"),
    "utc": written("%Y-%m-%dT00:00:00Z"),
    "without marks": written("%Y%m%d"),
    "slashes": written("%Y/%m/%d"),
    "dots": written("%Y.%m.%d"),
    "without zeros": written("%Y-%-m-%-d"),
    "seconds": {name: FRAME[name].astype("datetime64[s]") for name in ("start", "end")},
    "nanoseconds": {name: FRAME[name].astype("datetime64[ns]") for name in ("start", "end")},
    "zones": {"start": FRAME.start.dt.tz_localize("UTC"), "end": FRAME.end.dt.tz_localize("America/Montreal")},
    "periods": {name: FRAME[name].dt.to_period("D") for name in ("start", "end")},
    "days": {name: FRAME[name].dt.date for name in ("start", "end")},
    "arrow": {
        "start": FRAME.start.dt.date.astype("date32[pyarrow]"),
        "end": FRAME.end.astype("timestamp[us][pyarrow]"),
    },
    "categories": {name: texts.astype("category") for name, texts in written("%Y-%m-%d").items()},
}


@pytest.mark.parametrize("kind", DATES)
def test_days_in_any_way_that_begins_with_the_year(kind: str) -> None:
    assert same(rows_of(FRAME.assign(**DATES[kind])), rows_of(FRAME))


@pytest.mark.parametrize(
    "text", ["2025-13-01", "2025/02/30", "2025-3/1", "2025-W10-3", "2025-3", "20250-3-1", "٢٠٢٥-03-01"]
)
def test_a_text_that_is_no_day_is_none(text: str) -> None:
    rows = rows_of(one(start=text))
    assert np.isnat(rows.start).tolist() == [True]
    assert [entry["reason"] for entry in rows.dropped] == ["start_unknown"]


def figures(change: object) -> pd.DataFrame:
    return FRAME.assign(**{name: FRAME[name].map(change) for name in ("spend", "impressions", "reach", "link_clicks")})


NUMBERS = {
    "texts": figures(str),
    "decimals": figures(lambda value: Decimal(str(value))),
    "nullable": FRAME.convert_dtypes(),
    "arrow": FRAME.convert_dtypes(dtype_backend="pyarrow"),
    "english": figures("{:,.2f}".format),
    "french": figures(lambda value: f"{value:,.2f}".replace(",", "\u202f").replace(".", ",")),
    "german": figures(lambda value: f"{value:,.2f}".translate(str.maketrans(",.", ".,"))),
    "with signs": FRAME.assign(spend=FRAME.spend.map("€{:,.2f}".format)),
    "counts with commas": FRAME.assign(impressions=FRAME.impressions.map("{:,.0f}".format)),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_figures_of_any_type(kind: str) -> None:
    assert same(rows_of(NUMBERS[kind]), rows_of(FRAME))


def test_a_figure_that_cannot_be_read_costs_its_row_only() -> None:
    frame = FRAME.astype({"spend": object})
    frame.loc[2, "spend"] = "much"
    rows = rows_of(frame)
    assert rows.index.tolist() == [0, 1, 3, 4, 5]
    assert rows.dropped == ({"row": 2, "reason": "spend_missing_or_zero"},)


def test_texts_that_contradict_each_other_are_left_out_and_the_others_stay() -> None:
    texts = [f"{value:.2f}" for value in FRAME.spend]
    rows = rows_of(FRAME.assign(spend=["12,50", *texts[1:]]))
    assert rows.index.tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_array_equal(rows.spend, FRAME.spend[1:])


def test_large_figures_in_powers_of_ten_are_read_beside_others() -> None:
    rows = rows_of(one(impressions="2.5e4", reach="20,000", spend=200.0))
    assert (rows.impressions[0], rows.reach[0]) == (25_000.0, 20_000.0)


@pytest.mark.parametrize(
    "change", [str.upper, str.title, lambda name: f" {name} ", lambda name: name.replace("_", " ")]
)
def test_columns_in_capitals_or_with_blanks(change: object) -> None:
    assert same(rows_of(FRAME.rename(columns=change)), rows_of(FRAME))


def test_a_column_of_the_very_name_comes_before_one_in_capitals() -> None:
    assert same(rows_of(FRAME.assign(SPEND=1.0, Reach=0.0)), rows_of(FRAME))


@pytest.mark.parametrize("levels", [["start"], ["country", "start"], ["campaign", "country", "objective"]])
def test_columns_in_the_index(levels: list[str]) -> None:
    assert same(rows_of(FRAME.set_index(levels)), rows_of(FRAME))


def test_the_index_gives_no_column_that_is_there_and_what_the_reader_noted_stays() -> None:
    indexed = FRAME.set_index(FRAME.start - pd.Timedelta(days=400), append=True)
    assert same(rows_of(indexed), rows_of(FRAME))
    days = pd.concat([one(start=day, end=day) for day in ("2025-03-01", "2025-03-05")]).set_index("campaign")
    days.attrs["breakdowns"] = ("day",)
    assert len(rows_of(days)) == 1


def test_a_table_is_left_as_it_was() -> None:
    frame = NUMBERS["french"].set_index("country").rename(columns=str.upper)
    before = frame.copy(deep=True)
    rows_of(frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FR", "FR"), ("fr", "FR"), ("France", "FR"), ("FRANCE", "FR"), ("FRA", "FR"), ("États-Unis", "US"),
        ("etats unis", "etats unis"), ("United Kingdom", "GB"), ("UK", "GB"), ("USA", "US"), ("Pologne", "PL"),
        ("Côte d’Ivoire", "CI"), ("multi", "multi"), ("FR, BE", "FR, BE"),
    ],
)  # fmt: skip
def test_countries_by_code_or_name(text: str, code: str) -> None:
    assert country_of(text) == code


def test_a_country_of_any_name_is_that_country_and_no_other_is() -> None:
    rows = rows_of(FRAME.assign(country=["France", "FRA", "fr", "multi", None, "XX"]))
    assert rows.country.tolist() == ["FR", "FR", "FR", "world", "world", "world"]
    assert rows.dropped == ({"row": 3, "reason": "country_unknown"}, {"row": 5, "reason": "country_unknown"})


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("OUTCOME_LEADS", "leads"), ("LEAD_GENERATION", "leads"), ("Lead generation", "leads"), ("Prospects", "leads"),
        ("LINK_CLICKS", "link_clicks"), ("Link Clicks", "link_clicks"), ("OUTCOME_TRAFFIC", "link_clicks"),
        ("Traffic", "link_clicks"), ("Trafic", "link_clicks"), ("REACH", "reach"), ("Couverture", "reach"),
        ("OUTCOME_AWARENESS", "reach"), ("BRAND_AWARENESS", "reach"), ("OUTCOME_ENGAGEMENT", "engagement"),
        ("POST_ENGAGEMENT", "engagement"), ("EVENT_RESPONSES", "engagement"),
        ("VIDEO_VIEWS", "video_views"),
        ("Boosted post", "boosted_post"), ("conversions", "sales"), ("OUTCOME_SALES", "sales"),
        ("MESSAGES", "messages"), ("fame", "unknown"),
        *((goal, goal) for goal in OBJECTIVES),
    ],
)  # fmt: skip
def test_goals_in_the_words_of_the_platform(text: str, goal: str) -> None:
    assert objective_of(text) == goal


def test_a_goal_that_is_none_of_ours_is_never_link_clicks_and_said() -> None:
    rows = rows_of(one(objective="fame"))
    assert rows.objective.tolist() == ["unknown"]
    assert rows.dropped == ({"row": 0, "reason": "objective_unknown"},)


def test_results_are_clicks_under_either_name_of_that_goal_and_not_those_of_traffic() -> None:
    frame = FRAME.head(3).assign(link_clicks=np.nan, results=30.0, objective=["LINK_CLICKS", "Link clicks", "Traffic"])
    np.testing.assert_array_equal(rows_of(frame).link_clicks, [30.0, 30.0, np.nan])


def test_a_sign_of_one_currency_is_that_currency() -> None:
    rows = rows_of(FRAME.assign(currency=["€", "eur", " EUR ", "EUR", "$", "EUR"]))
    np.testing.assert_array_equal(rows.spend, FRAME.spend.drop(4))
    assert rows.dropped == ({"row": 4, "reason": "unknown_currency"},)


def test_days_that_no_campaign_lasts_give_way_to_the_dates() -> None:
    frame = FRAME.assign(days=[1e9, -1.0, np.nan, np.inf, "x", 4.0])
    assert rows_of(frame).days.tolist() == [*rows_of(FRAME).days[:5], 4.0]


def test_the_reach_of_campaigns_for_one_age_each_is_theirs() -> None:
    rows = rows_of(FRAME.assign(age=["18-24", "25-34", "35-44", "45-54", "55-64", "65+"]))
    np.testing.assert_array_equal(rows.reach, FRAME.reach)


AWKWARD = {
    "one row": FRAME.head(1),
    "one day": FRAME.assign(start="2025-03-01", end="2025-03-05"),
    "two rows of one day": FRAME.assign(start="2025-03-01", end="2025-03-05").head(2),
    "no row": FRAME.head(0),
    "nothing": pd.DataFrame(),
    "no usable row": FRAME.assign(spend=0.0),
    "no date": FRAME.assign(start="some day"),
    "no reach": FRAME.assign(reach=np.nan),
    "no click": FRAME.assign(link_clicks=0),
    "ongoing": FRAME.assign(end="Ongoing"),
    "ends before it starts": FRAME.assign(end=FRAME.start - pd.Timedelta(days=3)),
    "the same index": FRAME.set_axis([0] * 6),
    "the needed columns only": FRAME[["start", "end", "spend", "impressions", "reach"]],
    "clashing names": FRAME.assign(days="x", results="y", account=3, age=25, ad=1.5, audience_log_sd=-1, frequency="2"),
    "audiences": FRAME.assign(audience_size=["1,000 - 2,000", 1e15, 5, None, -3, np.inf]),
    "absurd figures": FRAME.assign(
        reach=[None, np.nan, np.inf, -3, 0, "x"], link_clicks=[None, np.inf, -3, "x", 1e9, 2]
    ),
    "mixed dates": FRAME.assign(
        start=[FRAME.start[0], "2025-04-01", datetime.date(2025, 5, 1), None, pd.NaT, 20250101], end=FRAME.end.max()
    ),
}


@pytest.mark.parametrize("kind", AWKWARD)
@pytest.mark.filterwarnings("error")
def test_any_table_is_calibrated_and_tested(kind: str) -> None:
    frame = AWKWARD[kind]
    learnt = calibrate(frame)
    found = backtest(frame, by="start", draws=64)
    assert list(found.errors.columns) == ERRORS
    assert (learnt.reason == "no_usable_rows") == (learnt.rows == 0)
    if len(found.errors):
        assert np.isfinite(found.errors[["median_abs_log_error", "bias", "n"]].to_numpy(dtype=float)).all()
        assert set(found.errors.metric) <= set(METRICS)
        assert set(found.errors.method) <= set(METHODS)
    named = {entry["row"] for entry in found.dropped}
    assert {*range(len(frame))} - named <= set(found.forecasts.row), "a row is forecast or named"


def test_every_method_and_metric_is_judged_on_the_needed_columns_and_clicks() -> None:
    frame = FRAME[["start", "end", "spend", "impressions", "reach", "link_clicks"]]
    found = backtest(frame, draws=64).errors
    assert set(zip(found.metric, found.method, strict=True)) == {(one, by) for one in METRICS for by in METHODS}
    assert set(found.n) == {len(frame) - 1}
