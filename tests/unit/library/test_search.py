"""The list and the search: newest first, every word, exact client and tag, on both databases."""

from __future__ import annotations

import datetime

import pytest

from simulator.base.errors import InvalidInput
from simulator.library import Actual
from simulator.library.database import Store
from simulator.library.rows import folded
from tests.unit.library.examples import HOSTILE, campaign, scenario, with_reach


def titles(store: Store, *arguments: str, **filters: str) -> list[str]:
    return [row.title for row in store.search(*arguments, **filters)]


def test_the_newest_stands_first(store: Store) -> None:
    kept = [scenario(title=title) for title in "abcdef"]
    for one in (*kept, kept[0]):
        store.save(one)
    assert titles(store) == list("afedcb")


def test_only_the_latest_version_is_listed_and_searched(store: Store) -> None:
    one = scenario(title="old", client="c", tags=("t",))
    store.save(one)
    store.save(one.replace(title="new", client="d", tags=("u",)))
    rows = store.search()
    assert [(row.id, row.version, row.title, row.client, row.tags) for row in rows] == [(one.id, 2, "new", "d", ("u",))]
    assert titles(store, "old") == titles(store, client="c") == titles(store, tag="t") == []
    assert titles(store, "new") == titles(store, client="d") == titles(store, tag="u") == ["new"]


def test_a_row_tells_what_the_list_shows(store: Store) -> None:
    one = with_reach(5000.0, title="x", actual=Actual(spend=34.0))
    store.save(one)
    row = store.search()[0]
    assert (row.money, row.currency, row.people, row.has_actual) == (35.0, "EUR", 5000.0, True)
    assert isinstance(row.id, str)
    assert row.has_actual is True
    age = datetime.datetime.now(datetime.UTC) - row.saved_at
    assert datetime.timedelta(0) <= age < datetime.timedelta(minutes=5)
    store.save(scenario(title="y"))
    assert store.search("y")[0].people is None


def test_every_word_counts_wherever_it_stands(store: Store) -> None:
    store.save(scenario(title="Pain d’été", client="Boulangerie Éva", notes="après Noël", tags=("fête",), author="Zoé"))
    store.save(scenario(title="Coiffure", client="Éva"))
    for words in ("ete", "ÉTÉ pain", "eva boulangerie", "noel", "fete zoe", "ouLANG"):
        assert titles(store, words) == ["Pain d’été"], words
    assert len(titles(store, "  éva ")) == 2
    assert titles(store, "pain coiffure") == []


def test_wild_cards_are_letters_like_any_other(store: Store) -> None:
    for title in ("50 % off", "5000 off", "a_b", "axb", "a\\b"):
        store.save(scenario(title=title))
    assert titles(store, "%") == ["50 % off"]
    assert titles(store, "a_b") == ["a_b"]
    assert titles(store, "a\\b") == ["a\\b"]


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if text.strip()])
def test_hostile_words_are_found_and_do_no_harm(sqlite: Store, hostile: str) -> None:
    sqlite.save(scenario(title=hostile, client=hostile, tags=(hostile[:40],)))
    sqlite.save(scenario(title="other"))
    assert titles(sqlite, hostile) == titles(sqlite, client=hostile) == titles(sqlite, tag=hostile[:40]) == [hostile]


def test_a_client_is_compared_as_written(store: Store) -> None:
    store.save(scenario(title="a", client="Éva"))
    store.save(scenario(title="b", client="éva"))
    assert titles(store, client="Éva") == ["a"]
    assert titles(store, client="") == []


def test_a_tag_is_compared_whole(store: Store) -> None:
    store.save(scenario(title="a", tags=("pain", 'x","y')))
    store.save(scenario(title="b", tags=("pains", "y")))
    assert titles(store, tag="pain") == ["a"]
    assert titles(store, tag="PAIN") == []
    assert titles(store, tag="y") == ["b"]
    assert titles(store, tag='x","y') == ["a"]


def test_filters_narrow_each_other(store: Store) -> None:
    store.save(scenario(title="a", client="c", tags=("t",)))
    store.save(scenario(title="b", client="c"))
    store.save(scenario(title="a", client="d", tags=("t",)))
    assert len(store.search("a", client="c", tag="t")) == 1


@pytest.mark.parametrize(
    ("filters", "code"),
    [({"text": "x" * 201}, "too_long"), ({"client": 7}, "wrong_type"), ({"text": None}, "wrong_type")],
)
def test_what_cannot_be_looked_for_is_named(sqlite: Store, filters: dict[str, str], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        sqlite.search(**filters)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Été", "ete"), ("ŒUVRE", "œuvre"), ("ﬁn", "fin"), ("İstanbul", "istanbul"), ("straße", "strasse")],
)
def test_accents_capitals_and_ligatures_are_folded(text: str, expected: str) -> None:
    assert folded(text) == expected == folded(expected)


def test_places_are_searched_by_their_names(store: Store) -> None:
    store.save(scenario(title="x"))
    assert campaign().targeting.places[0].label == "Pau"
    assert titles(store, "pau") == ["x"]
