"""The two catalogues of the reports say the same, and every shipped campaign has its report in both languages."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from string import Formatter

import pypdf
import pytest

from simulator.library import load_scenario
from simulator.presentation.i18n import LANGUAGES, read
from simulator.presentation.reports import words
from simulator.presentation.reports.blocks import build
from simulator.presentation.reports.page import LONGEST_TITLE, MOST_LINES, worded
from simulator.presentation.reports.pdf_report import typeset
from tests.unit.presentation.reports.examples import scenario

SHIPPED = sorted(path for path in Path("scenarios").glob("*.json") if not path.name.endswith(".expected.json"))


def places_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_both_languages_have_the_same_keys_and_places() -> None:
    french, english = (words.texts_of(language).entries for language in LANGUAGES)
    assert french.keys() == english.keys()
    assert not {key for key in french if places_of(french[key]) != places_of(english[key])}
    wrong = {key for key, text in french.items() if re.search(r" [?!:;»%]|« ", text)}
    assert not wrong, "signs that could begin a line"


def test_shared_words_stand_once() -> None:
    """What screen and reports both say is in the shared catalogue only."""
    shared = read("fr").entries
    for folder in ("simulator/presentation/reports/texts", "simulator/apps/web/texts"):
        for name in LANGUAGES:
            own = json.loads(Path(folder, f"{name}.json").read_text("utf-8"))
            assert not {f"{group}.{key}" for group, keys in own.items() if isinstance(keys, dict) for key in keys} & (
                shared.keys()
            )


def test_there_are_twelve_trades_in_two_countries() -> None:
    campaigns = [load_scenario(path).campaign for path in SHIPPED]
    assert len({campaign.trade for campaign in campaigns}) >= 12
    assert {campaign.targeting.places[0].country_code for campaign in campaigns} == {"FR", "CA"}
    assert len({campaign.objective for campaign in campaigns}) == 5


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_campaign_says_what_it_rests_on(path: Path) -> None:
    report = build(load_scenario(path))
    for language in LANGUAGES:
        texts = words.texts_of(language)
        said = worded(report, texts)
        assert len(said["title"]) <= LONGEST_TITLE
        assert 8 <= len(said["lines"]["rows"]) <= MOST_LINES
        assert all(row[0] and row[1] and row[2] for row in said["lines"]["rows"])
        assert not re.search(r"\{\w*\}", json.dumps({**said, "page": ""}))
        # Nothing that the model rests on is without a source, but for what is an assumption.
        assert said["sources"]["rows"]
        assert not said["sources"]["note"], "all sources are printed"
        assert all(label and value for label, value in words.inputs(report, texts))
        pages = pypdf.PdfReader(io.BytesIO(typeset({**said, "letterhead": None}))).pages
        assert len(pages) <= 2, language


def test_two_reports_of_one_day_say_the_same() -> None:
    one = scenario()
    said = [worded(build(one), words.texts_of("fr")) for _ in range(2)]
    first, second = ({name: part for name, part in each.items() if "<svg" not in str(part)} for each in said)
    assert first == second
    assert len(first) > 12
