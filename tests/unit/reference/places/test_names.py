"""Spellings that people use for one name."""

import pytest

from simulator.reference.places.names import fold, query_variants


@pytest.mark.parametrize(
    "typed",
    [
        "Saint-Jean-de-Luz",
        "St Jean de Luz",
        "saint-jean-de-luz",
        "SAINT JEAN DE LUZ",
        "St. Jean-de-Luz",
        "  st jean  de luz ",
    ],
)
def test_spellings_of_one_name_fold_alike(typed: str) -> None:
    assert fold(typed) == "saint jean de luz"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Québec", "quebec"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("L’Haÿ les Roses", "l hay les roses"),
        ("Œting", "oeting"),
        ("Ste-Foy", "sainte foy"),
        ("Neuilly s/ Seine", "neuilly sur seine"),
        ("Łódź", "lodz"),
        ("Malmö", "malmo"),
        ("Straße", "strasse"),
        ("", ""),
        ("!?", ""),
    ],
)
def test_accents_ligatures_and_marks_do_not_count(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_a_last_word_st_may_be_the_start_of_another_word() -> None:
    assert query_variants("St") == ("saint", "st")
    assert query_variants("Mont st") == ("mont saint", "mont st")
    assert query_variants("St Jean") == ("saint jean",)


def test_digits_lose_their_spaces() -> None:
    assert query_variants("64 000") == ("64000",)
