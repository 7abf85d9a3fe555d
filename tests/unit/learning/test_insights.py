"""The platform's own answers, as JSON, as lines of it, and as tables that programs make of them."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from simulator.base.errors import InvalidInput
from tests.unit.learning.reading import lines, read

ROWS = [
    {"campaign_name": name, "date_start": day, "date_stop": day, "spend": f"{spend}", "impressions": "1000",
     "reach": "800", "clicks": "40", "actions": [{"action_type": "post_engagement", "value": "9"},
                                                 {"action_type": "link_click", "value": "12"}]}
    for name, day, spend in (("A", "2025-01-13", 10.5), ("B", "2025-01-14", 20.25))
]  # fmt: skip


def is_right(frame: pd.DataFrame) -> bool:
    found = frame[["campaign", "spend", "impressions", "reach", "link_clicks"]].to_numpy().tolist()
    return found == [["A", 10.5, 1000, 800, 12], ["B", 20.25, 1000, 800, 12]]


SHAPES = {
    "a list": json.dumps(ROWS),
    "data and paging": json.dumps({"data": ROWS, "paging": {"next": "x", "cursors": {"after": "y"}}}, indent=1),
    "pages": json.dumps([{"data": [row], "paging": {}} for row in ROWS]),
    "lines": "".join(f"{json.dumps(row)}\n" for row in ROWS),
    "lines without an end": "\n\n".join(json.dumps(row) for row in ROWS),
    "a mark before": "\ufeff" + json.dumps(ROWS),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_answers_in_any_shape(shape: str) -> None:
    frame = read(SHAPES[shape])
    assert is_right(frame)
    assert frame["clicks_all"].tolist() == [40, 40], "of the platform's fields this one counts all"
    assert frame.attrs["format"] == "json"


def test_a_campaign_around_its_figures() -> None:
    around = [
        {
            "name": row["campaign_name"],
            "objective": "OUTCOME_SALES",
            "insights": {"data": [{**row, "campaign_name": None}]},
        }
        for row in ROWS
    ]
    frame = read(json.dumps({"data": around}))
    assert frame["objective"].tolist() == ["sales", "sales"]
    assert frame["spend"].tolist() == [10.5, 20.25]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[{"campaign": 1}]', "not_a_table"), ("{}", "not_a_table"), ("[]", "not_a_table"), ("[1, 2]", "not_a_table"),
        (json.dumps(ROWS)[:-40], "damaged_file"), ('{"data": [{"spend": 1, ', "damaged_file"),
        ("[" * 50_000, "damaged_file"), ('{"a": "' + "x" * 5_000_000, "damaged_file"),
    ],
)  # fmt: skip
def test_other_json_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read(text)
    assert refusal.value.code == code


def test_actions_that_a_program_wrote_as_text() -> None:
    header = "campaign_name,date_start,date_stop,spend,impressions,reach,actions"
    cells = [json.dumps(row["actions"]).replace('"', '""') for row in ROWS]
    rows = [
        f'{row["campaign_name"]},{row["date_start"]},{row["date_stop"]},{row["spend"]},1000,800,"{cell}"'
        for row, cell in zip(ROWS, cells, strict=True)
    ]
    assert is_right(read(lines(*rows, header=header)))
    single = [row.replace('""', "'") for row in rows]
    assert is_right(read(lines(*single, header=header)))


def test_headers_with_the_source_behind_them() -> None:
    header = "Date,Campaign - Facebook Ads,Cost (EUR) - Facebook Ads,Impressions - Facebook Ads,Reach (Facebook)"
    frame = read(lines("2025-01-13,A,10.5,1000,800", header=header))
    assert frame[["campaign", "spend", "currency", "reach"]].to_numpy().tolist() == [["A", 10.5, "EUR", 800]]
