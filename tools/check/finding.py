"""Check that every commune of France and municipality of Québec is found as people write it.

Run ``python -m tools.check.finding`` for all of them (minutes), or with a number for a sample of so many.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator

from simulator.reference.places import Found, find_place, search_places, told_apart
from simulator.reference.places.found import found_at
from simulator.reference.places.names import fold
from simulator.reference.places.search import MAX_FOUND
from simulator.reference.places.tables import towns

TABLES = ("communes_fr", "municipalities_qc")
SPELLINGS = 2_000
"""Names with one letter wrong that are tried."""
PROPOSED = 3
"""The town must be among so many."""
ENOUGH = 0.95
"""Share of the wrong spellings that must lead to their town."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def known(count: int | None = None, seed: int = 0) -> list[Found]:
    """Return ``count`` towns of both tables drawn at random, all of them for None."""
    rows = [(table, row) for table in map(towns, TABLES) for row in range(len(table))]
    return [found_at(*hit) for hit in (rows if count is None else random.Random(seed).sample(rows, count))]


def not_found(town: Found) -> Iterator[str]:
    """Yield what was typed for a town that is not found by it: name with its region, without accents, postal code."""
    if find_place(told_apart(town), town.country_code).code != town.code:
        yield told_apart(town)
    bare = fold(town.name)
    if town.code not in {found.code for found in search_places(bare, MAX_FOUND, town.country_code)}:
        yield bare
    for code in town.postal_codes:
        if town.code not in {found.code for found in search_places(code, MAX_FOUND, town.country_code)}:
            yield code


def misspelt(name: str, draw: random.Random) -> str:
    """Return a name with one letter wrong, missing, too many, or exchanged with the next."""
    letters = [at for at, letter in enumerate(name) if letter.isalpha()]
    at = draw.choice(letters)
    other = draw.choice([letter for letter in _LETTERS if letter != fold(name[at])])
    before, letter, after = name[:at], name[at], name[at + 1 :]
    return draw.choice(
        [
            before + other + after,
            before + after,
            before + other + letter + after,
            before + after[:1] + letter + after[1:],
        ]
    )


def lost_by_one_letter(towns_: Iterable[Found], seed: int = 0) -> list[tuple[str, str]]:
    """Return what was typed and the town it was meant for, where that is not among the first proposed.

    A namesake counts as the town: both are then told apart by their département or region.
    """
    draw, lost = random.Random(seed), []
    for town in towns_:
        typed = misspelt(town.name, draw)
        if fold(town.name) not in {fold(found.name) for found in search_places(typed, PROPOSED, town.country_code)}:
            lost.append((typed, town.name))
    return lost


def main(arguments: list[str]) -> int:
    """Print what is not found; 1 if anything is not."""
    count = int(arguments[0]) if arguments else None
    missing = [f"{town.name}: {typed}" for town in known(count) for typed in not_found(town)]
    tried = known(min(count or SPELLINGS, SPELLINGS), seed=1)
    lost = lost_by_one_letter(tried)
    part = 1 - len(lost) / len(tried)
    print("\n".join(missing[:40]))
    print(
        f"{len(missing)} spellings not found; one letter wrong: {part:.1%} of {len(tried)} among the first {PROPOSED}"
    )
    print("; ".join(f"{typed} ({name})" for typed, name in lost[:40]))
    return int(bool(missing) or part < ENOUGH)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
