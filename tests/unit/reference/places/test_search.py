"""What comes up while somebody types."""

import pytest

from simulator.base.errors import InvalidInput
from simulator.reference.places import search_places, town_of_code
from simulator.reference.places.found import tables_of
from tools.check import finding


def names(text: str, country: str | None = None, limit: int = 10) -> list[str]:
    return [found.name for found in search_places(text, limit, country)]


@pytest.mark.parametrize("typed", ["St Jean de Luz", "saint-jean-de-luz", "SAINT JEAN DE LUZ", "Saint Jean de Lu"])
def test_spellings_find_the_same_town(typed: str) -> None:
    assert names(typed)[0] == "Saint-Jean-de-Luz"


def test_an_exact_name_comes_before_larger_towns_that_begin_alike() -> None:
    assert names("bayon", "FR")[:2] == ["Bayon", "Bayonne"]


def test_beginnings_come_by_size_and_before_later_words() -> None:
    found = names("luz", "FR", 200)
    assert found.index("Luzarches") < found.index("Luzy") < found.index("Saint-Jean-de-Luz")


def test_the_start_of_a_word_st_also_finds_strasbourg() -> None:
    assert {"Strasbourg", "Saint-Étienne"} <= set(names("st", "FR"))


@pytest.mark.parametrize(
    ("typed", "name"),
    [("64000", "Pau"), ("64 100", "Bayonne"), ("75015", "Paris"), ("01400", "L'Abergement-Clémenciat")],
)
def test_postal_codes(typed: str, name: str) -> None:
    assert name in names(typed)


def test_the_start_of_a_postal_code_finds_its_towns_by_size() -> None:
    assert names("641")[0] == "Bayonne"


@pytest.mark.parametrize("typed", ["Quebec City", "Ville de Québec", "Québec City", "québec", "QUEBEC"])
def test_quebec_by_any_of_its_names(typed: str) -> None:
    found = search_places(typed, country="CA")[0]
    assert (found.name, found.population, found.region) == ("Québec", 595_190, "CA-QC-03")


def test_without_a_country_towns_everywhere_come_by_size() -> None:
    found = search_places("montreal")
    assert (found[0].name, found[0].country_code) == ("Montréal", "CA")
    assert {"CA", "FR"} <= {town.country_code for town in found}


@pytest.mark.parametrize(
    ("typed", "country", "name"),
    [("Londres", "GB", "London"), ("Gand", "BE", "Gent"), ("Saint-Sébastien", "ES", "Donostia / San Sebastián")],
)
def test_foreign_towns_by_their_french_names(typed: str, country: str, name: str) -> None:
    assert names(typed, country)[0] == name


def test_a_country_filters() -> None:
    assert {found.country_code for found in search_places("paris", country="US")} == {"US"}
    assert names("Pau", "CA") == [] or "Pau" not in names("Pau", "CA")


def test_a_limit_is_kept_and_no_town_comes_twice() -> None:
    found = search_places("sa", 40)
    assert len(found) == 40
    assert len({(town.country_code, town.code) for town in found}) == 40
    assert search_places("sa", 0) == []


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "qsdfqsdfqsdf", "\n", "%", "٣"])
def test_nothing_fits_nothing(typed: str) -> None:
    assert search_places(typed) == []


def test_bad_input_is_refused() -> None:
    for text, limit, country, code in [
        (5, 10, None, "wrong_type"),
        ("x" * 201, 10, None, "too_long"),
        ("Pau", -1, None, "out_of_range"),
        ("Pau", 10, "ZZ", "unknown_country"),
    ]:
        with pytest.raises(InvalidInput) as caught:
            search_places(text, limit, country)  # type: ignore[arg-type]
        assert caught.value.code == code


def test_official_codes_are_no_beginnings() -> None:
    assert [found.code for found in search_places("64445", country="FR")] == ["64445"]
    assert all(code.startswith("6444") for found in search_places("6444") for code in found.postal_codes)


@pytest.mark.parametrize(
    ("code", "country", "name"),
    [
        ("80150", "FR", "Buire-Courcelles"),  # by post, more than twenty other communes
        ("64102", "FR", "Bayonne"),
        ("2A004", None, "Ajaccio"),
        ("23027", "CA", "Québec"),
        ("6167865", "CA", "Toronto"),
        ("5733532", None, "Jefferson"),
    ],
)
def test_an_official_code_names_one_town(code: str, country: str | None, name: str) -> None:
    found = town_of_code(code, country)
    assert found is not None
    assert (found.code, found.name) == (code, name)


@pytest.mark.parametrize(
    ("code", "country"),
    [("64000", "FR"), ("64102", "US"), ("6410", "FR"), ("", "FR"), ("1\n2", None), ("\ud800", None)],
)
def test_what_is_no_code_names_none(code: str, country: str) -> None:
    assert town_of_code(code, country) is None


def test_the_first_and_the_last_of_a_table_have_codes_too() -> None:
    for table in tables_of(None):
        for row in (0, len(table) - 1):
            found = town_of_code(table.codes[row])
            assert found is not None
            assert found.code == table.codes[row]


@pytest.mark.parametrize(
    ("typed", "country", "name"),
    [
        ("orthes", "FR", "Orthez"),
        ("orthes", None, "Orthez"),
        ("Trois Riveres", "CA", "Trois-Rivières"),
        ("Sherbroke", None, "Sherbrooke"),
        ("Orthez, France", None, "Orthez"),
        ("64300 orthez", None, "Orthez"),
        ("Monréal, Québec", "CA", "Montréal"),
    ],
)
def test_a_town_as_people_write_it_is_proposed(typed: str, country: str | None, name: str) -> None:
    assert name in names(typed, country, 3)


def test_towns_of_a_sample_are_found_however_they_are_written() -> None:
    """``python -m tools.check.finding`` does so for all of them."""
    sample = finding.known(150)
    assert [typed for town in sample for typed in finding.not_found(town)] == []
    assert len(finding.lost_by_one_letter(sample)) <= (1 - finding.ENOUGH) * len(sample)
