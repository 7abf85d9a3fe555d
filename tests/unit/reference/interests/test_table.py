"""The table of interests: complete, sourced, found by any of its names."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from simulator.base.errors import InvalidInput
from simulator.reference.interests import all_interests, find_interest, search_interests
from simulator.reference.interests.table import folded
from simulator.reference.parameters import trades


def test_the_platform_s_list_is_complete_and_its_sizes_are_kept(shared: Path) -> None:
    path = next(shared.rglob("meta_interests_global_2025.csv"))
    with path.open(encoding="utf-8") as file:
        listed = {row["interest"].strip(): int(row["global_size_2025_08"]) / 3.07e9 for row in csv.DictReader(file)}
    ours = {entry.platform_name: entry.share for entry in all_interests() if entry.platform_name}
    assert ours.keys() == listed.keys()
    for name, share in listed.items():
        assert ours[name] == pytest.approx(share, abs=5.1e-5), name


def test_every_interest_is_named_grouped_and_sourced() -> None:
    entries = all_interests()
    assert len([entry for entry in entries if not entry.is_assumption]) == 269
    assert max(Counter(entry.code for entry in entries).values()) == 1
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.code)
        assert entry.name_fr, entry.code
        assert entry.name_en, entry.code
        assert entry.family, entry.code
        assert entry.source.title, entry.code
        assert entry.source.locator, entry.code
        assert 0.0 < entry.share < 0.5 or entry.is_assumption, entry.code


def test_families_group_several_interests() -> None:
    families = Counter(entry.family for entry in all_interests())
    assert 15 < len(families) < 30
    assert min(families.values()) >= 3


def test_what_the_platform_lacks_stands_for_neighbours_and_says_why() -> None:
    codes = {entry.code: entry for entry in all_interests()}
    added = [entry for entry in all_interests() if entry.is_assumption]
    assert len(added) >= 30
    for entry in added:
        assert entry.reason.endswith("."), entry.code
        assert entry.stands_for, entry.code
        assert not entry.platform_name, entry.code
        assert all(not codes[code].is_assumption for code in entry.stands_for), entry.code


@pytest.mark.parametrize(
    "code",
    ["bakery", "hairdressing", "pottery", "rugby", "plumbing", "masonry", "flowers", "jewelry", "chocolate", "taxi"],
)
def test_the_trades_find_their_interest(code: str) -> None:
    assert find_interest(code).code == code


def test_there_are_interests_for_as_many_trades_as_there_are() -> None:
    assert len([entry for entry in all_interests() if entry.is_assumption]) >= len(trades())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("gardening", "gardening"),
        ("Gardening (outdoor activities)", "gardening"),
        ("JARDINAGE", "gardening"),
        ("Decoration d’interieur", "interior-design"),
        ("œuvres caritatives", "charity-and-causes"),
        ("oeuvres caritatives", "charity-and-causes"),
        ("  organic   food ", "organic-food"),
        ("Do it yourself (DIY)", "do-it-yourself"),
        ("Children's clothing", "childrens-clothing"),
        ("Football", "association-football"),
    ],
)
def test_an_interest_is_found_by_any_of_its_names(name: str, code: str) -> None:
    assert find_interest(name).code == code


def test_every_interest_is_found_by_every_name_it_has() -> None:
    for entry in all_interests():
        for name in filter(None, (entry.code, entry.name_fr, entry.name_en, entry.platform_name)):
            assert find_interest(name) is entry, name


@pytest.mark.parametrize("name", ["jardinnage", "poterie artisanale", "coifure", "Gardenning"])
def test_an_unknown_interest_offers_the_nearest(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        find_interest(name)
    assert caught.value.code == "unknown_interest"
    assert caught.value.data["field"] == "interests"
    assert any(near in caught.value.data["allowed"] for near in ("Jardinage", "Poterie", "Coiffure"))


@pytest.mark.parametrize("name", ["", "   ", "☃", "x" * 100_000, "'; drop table", "a" * 3 + "\x00"])
def test_odd_names_are_refused_shortly(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        find_interest(name)
    assert len(str(caught.value)) < 300


def test_search_puts_what_begins_so_first() -> None:
    assert [entry.code for entry in search_interests("boul")][:2] == ["bakery", "baking"]
    assert search_interests("PATISS")[0].code == "pastry"
    assert search_interests("pott", language="en")[0].code == "pottery"
    assert search_interests("potery", language="en")[0].code == "pottery"
    assert search_interests("coffee", language="fr")[0].code == "coffee"


def test_search_puts_a_word_before_a_part_of_a_word() -> None:
    codes = [entry.code for entry in search_interests("aut", limit=50)]
    assert codes.index("automobiles") < codes.index("car-repair") < codes.index("beauty-salons")


def test_search_prefers_the_chosen_language() -> None:
    french = [entry.code for entry in search_interests("sport", limit=50)]
    assert french.index("auto-racing") < french.index("sports-games")
    english = [entry.code for entry in search_interests("sport", limit=50, language="en")]
    assert english.index("sports-games") < english.index("auto-racing")


def test_huge_texts_are_cut() -> None:
    assert len(folded("x" * 1_000_000)) <= 200


def test_search_keeps_to_its_limit_and_to_what_fits() -> None:
    found = search_interests("cuisine", limit=5)
    assert len(found) == 5
    assert all("cuisine" in folded(entry.name_fr) for entry in found)
    assert len({entry.code for entry in search_interests("cuisine", limit=100)}) == len(
        search_interests("cuisine", limit=100)
    )
    assert search_interests("") == []
    assert search_interests("☃") == []
