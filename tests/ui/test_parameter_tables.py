"""Every starting figure is shown with its source, and said in French too."""

from __future__ import annotations

import pytest

from simulator.apps.web import parameter_tables
from simulator.apps.web.formats import plain
from simulator.apps.web.parameter_tables import described
from simulator.apps.web.texts import LANGUAGES, Texts, texts_of
from simulator.reference.parameters import load_parameters

PARAMETERS = load_parameters()
ENTRIES = [entry for entries in parameter_tables.by_group(PARAMETERS).values() for entry in entries]


def test_no_figure_is_left_out() -> None:
    assert sum(len(entry) for entry in ENTRIES) == len(PARAMETERS)


def test_every_figure_is_described_in_french(fr: Texts) -> None:
    english = {entry[0].key for entry in ENTRIES if plain(entry[0].description, 400) == described(entry[0], fr)}
    assert not english


def test_every_unit_has_its_french_words(fr: Texts) -> None:
    units = {parameter.unit for parameter in PARAMETERS.values()} - {"1"}
    assert units == set(parameter_tables._catalogue()["units"])


def test_every_french_description_is_used() -> None:
    keys = [parameter.table or parameter.key for parameter in PARAMETERS.values()]
    unused = [said for pattern, said in parameter_tables.french_patterns() if not any(map(pattern.fullmatch, keys))]
    assert not unused


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_and_sources(language: str) -> None:
    texts = texts_of(language)
    lines = parameter_tables.lines(ENTRIES, texts)
    assert len(lines) == len(ENTRIES)
    assert all(
        texts("understand.origins." + entry[0].origin) in line for entry, line in zip(ENTRIES, lines, strict=True)
    )
    sources = {source for entry in ENTRIES for parameter in entry for source in parameter.sources}
    assert len(parameter_tables.sources(ENTRIES, texts)) == len(sources) > 20


def test_names_inside_a_description(fr: Texts) -> None:
    said = {
        key: parameter_tables.described(PARAMETERS[key], fr).replace("\\", "")
        for key in ("prices.cpm.FR", "presence.CA-QC.facebook.18-24")
    }
    assert said["prices.cpm.FR"].endswith("(France)")
    assert said["presence.CA-QC.facebook.18-24"].endswith("(Québec)")
