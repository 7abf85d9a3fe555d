"""The PDF: read back, it says what the forecast says, on one or two pages, whatever the names are."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Sequence
from typing import Any

import pypdf
import pytest
import typst
from PIL import Image

from simulator.base.errors import InvalidInput, SimulatorError
from simulator.library import Scenario
from simulator.presentation import formats
from simulator.presentation.charts.audience import filled
from simulator.presentation.i18n import Texts
from simulator.presentation.reports import pdf
from simulator.presentation.reports.blocks import Report, build
from simulator.presentation.reports.page import LONGEST_NAME, LONGEST_TITLE, ROOMS_FOR_SOURCES, worded
from simulator.presentation.reports.pdf_report import _fonts, _template, pages_of
from simulator.presentation.reports.words import texts_of
from simulator.presentation.wording import share
from tests.unit.presentation.reports.examples import HOSTILE, campaign, letters, named, scenario

A4 = (595, 842)
"""Points."""


def read(content: bytes) -> tuple[pypdf.PdfReader, str]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize(("language", "said"), [("fr", "Les chiffres"), ("en", "The figures")])
def test_the_pages_say_the_answer_and_what_it_rests_on(language: str, said: str) -> None:
    one = scenario(title="Pains", client="Boulangerie Lagarde", author="Chambre").with_figures()
    report = build(one)
    reader, text = read(pdf(one, language=language, made_on=datetime.date(2026, 11, 22)))
    assert 1 <= len(reader.pages) <= 2
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == list(A4)
    assert said in text
    for part in ("Pains", "Boulangerie Lagarde", "Chambre", "2026", one.id, report.forecast.parameter_digest):
        assert part in text
    reach = report.forecast.reach
    for value in (reach.p10, reach.p50, reach.p90):
        assert letters(formats.people(value, language)) in letters(text)
    assert "INSEE" in text
    assert len([line for line in text.splitlines() if "INSEE" in line]) >= 1
    assert dict(reader.trailer["/Root"])["/Lang"] == language


def test_charts_are_drawn_as_on_the_screen_and_always_on_paper() -> None:
    report = build(scenario())
    said = worded(report, texts_of("fr"))
    for name in ("dots", "curve", "frequency", "map"):
        assert "<svg" in said[name]["svg"]
        assert said[name]["alt"]
        assert "#6FC3BC" not in said[name]["svg"], "colours of the dark"
    assert said["dots"]["svg"].upper().count('FILL="#9C3D22"') == filled(share(report.forecast))
    assert "Source Sans" not in json.dumps(said)


def together() -> list[Scenario]:
    """All hostile names, four to a scenario: title, client, author and the name of the place."""
    fours = [HOSTILE[start : start + 4] for start in range(0, len(HOSTILE), 4)]
    return [scenario(title=a, client=b, author=c, campaign=named(d)) for a, b, c, d in fours]


@pytest.mark.parametrize("one", together(), ids=lambda one: ascii(one.title[:20]))
def test_a_name_is_printed_as_it_was_typed_and_runs_nothing(one: Scenario) -> None:
    reader, text = read(pdf(one))
    assert len(reader.pages) <= 2
    kept = letters(text)
    names = (one.client, one.author, one.campaign.targeting.places[0].label)
    for typed, longest in ((one.title, LONGEST_TITLE), *((name, LONGEST_NAME) for name in names)):
        clean = letters(formats.literal(typed, longest))
        if clean.isascii():
            assert clean in kept, typed
        else:  # right-to-left words come back in the order of the eye, a picture only where a font has it
            assert {letter for letter in clean if letter.isalnum()} <= set(kept), typed
    raw = b"".join(bytes(str(page), "utf-8") for page in reader.pages)
    assert b"/URI" not in raw
    assert b"/JS" not in raw
    assert all("/Annots" not in page for page in reader.pages)


def test_a_long_name_stays_on_the_page() -> None:
    one = scenario(title="W" * 200, client="i" * 200, author="é" * 200, campaign=named("M" * 200))
    said = {**worded(build(one), texts_of("fr")), "letterhead": None}
    pages = typst.compile(
        _template(), font_paths=_fonts(), sys_inputs={"report": json.dumps(said)}, format="png", ppi=40
    )
    pages = pages if isinstance(pages, list) else [pages]
    assert len(pages) <= 2
    for page in pages:
        picture = Image.open(io.BytesIO(page)).convert("L")
        margin = picture.crop((int(picture.width * 0.93), 0, picture.width, picture.height))
        assert margin.getextrema() == (255, 255), "ink in the margin"


def test_a_source_of_any_length_stays_on_two_pages() -> None:
    read_on = datetime.date(2026, 11, 22)
    source = {"title": "x" * 200, "publisher": "#panic()", "locator": "=1+1", "accessed": read_on, "population": "all"}
    keys = ["response.creative_spread", *(f"prices.month.{month}" for month in range(1, 13))]
    parameters = build(scenario()).parameters
    changes = {
        key: {"value": parameters.value(key), "sources": [{**source, "title": f"{number}" + "x" * 198}]}
        for number, key in enumerate(keys)
    }
    one = scenario(overrides=changes)
    reader, text = read(pdf(one))
    assert len(reader.pages) <= 2
    assert "#panic()" in text


def test_what_would_take_a_third_page_stays_in_the_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    one = scenario()
    asked = []

    def long(report: Report, texts: Texts, room: int) -> dict[str, Any]:
        asked.append(room)
        said = worded(report, texts, room)
        return {**said, "notes": ["x " * 4000]} if len(asked) == 1 else said

    monkeypatch.setattr("simulator.presentation.reports.pdf_report.worded", long)
    reader, text = read(pdf(one))
    assert len(reader.pages) == 2 == pages_of(pdf(one))
    assert asked[:2] == list(ROOMS_FOR_SOURCES[:2])
    assert "autres sources sont dans le classeur" in text.replace("\n", " ")


def test_nul_is_refused_before_it_reaches_a_report() -> None:
    with pytest.raises(InvalidInput) as caught:
        scenario(client="a\0b")
    assert caught.value.code == "unprintable"


def test_what_changed_since_it_was_kept_is_said() -> None:
    one = scenario(overrides={"prices.cpm.FR": 20.0})
    before = one.replace(figures=scenario().with_figures().figures, model_version="0.0.9")
    _, text = read(pdf(before))
    assert "0.0.9" in text
    assert "prices.cpm.FR" in text
    assert "0.0.9" not in read(pdf(one.with_figures()))[1]


def test_an_audience_of_nobody_has_its_report_too() -> None:
    nobody = campaign().replace(targeting=campaign().targeting.replace(audience_size=0))
    reader, text = read(pdf(scenario(campaign=nobody)))
    assert len(reader.pages) <= 2
    assert "0 personne" in text.replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["de", "", "FR"])
def test_a_language_without_a_catalogue_is_named(language: str) -> None:
    with pytest.raises(SimulatorError) as caught:
        pdf(scenario(), language=language)
    assert caught.value.code == "unknown_choice"


def test_several_places_and_every_choice_are_printed() -> None:
    places: Sequence[str] = ("FR-64", "FR-40")
    targeting = campaign().targeting.replace(
        places=[{"kind": "region", "country_code": "FR", "code": code} for code in places], interests=("pottery",)
    )
    all_of_it = campaign().replace(
        targeting=targeting, start=datetime.date(2026, 12, 1), trade="bakery", objective="reach", frequency_cap=(2, 7)
    )
    reader, text = read(pdf(scenario(campaign=all_of_it)))
    assert len(reader.pages) <= 2
    assert "décembre" in text
    assert "Boulangerie" in text
