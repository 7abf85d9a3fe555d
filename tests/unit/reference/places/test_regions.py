"""Codes and names of regions and countries."""

import pytest

from simulator.base.errors import InvalidInput
from simulator.reference.places import check_country, country_codes, region_codes, region_label
from simulator.reference.places.place import Place
from simulator.reference.places.regions import cells_of


@pytest.mark.parametrize(
    ("code", "french", "english"),
    [
        ("FR-64", "Pyrénées-Atlantiques", "Pyrénées-Atlantiques"),
        ("FR-NAQ", "Nouvelle-Aquitaine", "Nouvelle-Aquitaine"),
        ("FR-BRE", "Bretagne", "Brittany"),
        ("FR-2A", "Corse-du-Sud", "Corse-du-Sud"),
        ("CA-QC", "Québec", "Quebec"),
        ("CA-QC-03", "Capitale-Nationale", "Capitale-Nationale"),
        ("CA-QC-02", "Saguenay–Lac-Saint-Jean", "Saguenay–Lac-Saint-Jean"),
        ("FR", "France", "France"),
        ("DE", "Allemagne", "Germany"),
        ("XK", "Kosovo", "Kosovo"),
    ],
)
def test_names_in_both_languages(code: str, french: str, english: str) -> None:
    assert region_label(code) == french
    assert region_label(code, "en") == english


def test_a_place_takes_its_label_from_the_tables() -> None:
    assert Place.region("FR-64").label == "Pyrénées-Atlantiques"
    assert Place.country("CA").label == "Canada"


def test_every_code_has_names_and_people() -> None:
    assert len(country_codes()) == 237
    assert len(region_codes()) == 101 + 14 + 18
    for code in country_codes():
        assert len(cells_of(Place.country(code))) > 0
        assert region_label(code)
        assert region_label(code, "en")
    for code in region_codes():
        assert len(cells_of(Place.region(code))) > 0


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("FR-99", "unknown_region"),
        ("FR-XYZ", "unknown_region"),
        ("ZZ", "unknown_country"),
        ("", "unknown_region"),
        (None, "unknown_region"),
    ],
)
def test_unknown_codes_are_refused(code: object, problem: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        region_label(code)  # type: ignore[arg-type]
    assert caught.value.code == problem


def test_an_unknown_region_names_the_nearest() -> None:
    with pytest.raises(InvalidInput, match=r"FR-64 \(Pyrénées-Atlantiques\)"):
        region_label("FR-064")


@pytest.mark.parametrize("code", ["fr", "France", "RE", "", None, 33, "CS"])
def test_unknown_countries_are_refused(code: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_country(code)  # type: ignore[arg-type]
    assert caught.value.code == "unknown_country"
