"""``adsim organic``, ``customers`` and ``networks``: tables or JSON; bad input ends with code 2 and one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.apps.cli import main as cli
from simulator.campaign.campaign import Campaign, Targeting
from simulator.channels import Business, Page, customers, networks, organic
from simulator.reference.places.place import Place

CAMPAIGN = Campaign(Targeting([Place.at(43.3, -0.37, label="Pau")], 25, 54), daily_budget=5, trade="bakery")
FEW = ("--draws", "64")


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "campagne.json"
    path.write_text(CAMPAIGN.to_json(), encoding="utf-8")
    return str(path)


def ran(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    try:
        ended = cli.main(arguments)
    except SystemExit as end:
        ended = end.code  # type: ignore[assignment]
    out, err = capsys.readouterr()
    assert ended == code, err
    assert (out == "") == (code != 0)
    assert err.count("\n") == (1 if code else 0)
    return out or err


def test_the_page_by_options_and_by_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(Page(followers=800, posts_per_week=3, format="video").to_json(), encoding="utf-8")
    options = ("--followers", "800", "--posts-per-week", "3", "--format", "video")
    by_file, by_options = (
        json.loads(ran(capsys, "organic", *given, *FEW, "--json")) for given in ((str(path),), options)
    )
    assert by_file == by_options == organic(Page(followers=800, posts_per_week=3, format="video"), draws=64).to_dict()
    wider = json.loads(ran(capsys, "organic", str(path), "--followers", "5000", *FEW, "--json"))
    assert wider["followers"] == 5000, "an option stands above the file"


def test_tables(capsys: pytest.CaptureFixture[str], file: str) -> None:
    table = ran(capsys, "organic", "--followers", "800", *FEW)
    assert "reach_per_post" in table
    assert "hours_per_week" in table
    assert "buzz" in table
    table = ran(capsys, "organic", "--followers", "800", "--beside", file, *FEW)
    assert [line.split()[0] for line in table.splitlines()[1:5]] == ["nothing", "boosted_post", "campaign", "followers"]
    table = ran(capsys, "customers", file, "--basket", "60", "--margin", "0.5", *FEW)
    assert "it takes 2 orders of 60 EUR (0.5 of it remains) to pay back 35" in table
    table = ran(capsys, "networks", file)
    assert "viadeo" in table
    assert "closed" in table
    assert "source: " in table


def test_json_is_what_the_library_gives(capsys: pytest.CaptureFixture[str], file: str) -> None:
    told = json.loads(ran(capsys, "customers", file, "--conversion", "0.4", *FEW, "--json"))
    assert told == customers(CAMPAIGN, Business(trade="bakery", conversion=0.4), draws=64).to_dict()
    other = json.loads(ran(capsys, "customers", file, "--trade", "plumber", *FEW, "--json"))
    assert other["trade"] == "plumber"
    found = json.loads(ran(capsys, "networks", file, "--json"))
    assert found == [row.to_dict() for row in networks(CAMPAIGN.targeting)]
    ways = json.loads(ran(capsys, "organic", "--followers", "800", "--beside", file, *FEW, "--json"))
    assert [row["name"] for row in ways] == ["nothing", "boosted_post", "campaign", "followers"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("organic", "--followers", "-5"), "followers: received -5; allowed: 0 to 500,000,000 people"),
        (
            ("organic", "--followers", "10", "--posts-per-week", "1400"),
            "--posts-per-week: received 1400; allowed: 0 to 70",
        ),
        (("organic", "--followers", "many"), "--followers"),
        (("organic",), "followers: nothing was given"),
        (("organic", "--followers", "10", "--weeks", "0"), "1 to 52 weeks"),
        (("organic", "no-such-page.json"), "no file at 'no-such-page.json'"),
        (("customers", "no-such-file.json"), "no file at"),
        (("networks", "no-such-file.json"), "no file at"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert said in ran(capsys, *arguments, code=cli.BAD_INPUT)


def test_a_basket_of_nothing_is_refused(capsys: pytest.CaptureFixture[str], file: str) -> None:
    assert "basket: received 0; allowed: 0.01 to" in ran(capsys, "customers", file, "--basket", "0", code=cli.BAD_INPUT)


def test_a_file_that_is_no_page_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text("[800]", encoding="utf-8")
    assert "an object with named entries" in ran(capsys, "organic", str(path), code=cli.BAD_INPUT)


def test_a_delay_of_next_to_nothing_is_refused_before_json(capsys: pytest.CaptureFixture[str], file: str) -> None:
    typed = ("customers", file, "--delay", "1e-320", "--json")
    assert "allowed: 0.01 to 3,650 days" in ran(capsys, *typed, code=cli.BAD_INPUT)
