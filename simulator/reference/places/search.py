"""Find towns as people write them: while they type, the one town meant, or which it could be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from numbers import Integral

import numpy as np

from simulator.base.errors import InvalidInput, shown
from simulator.reference.places.found import (
    MUCH_LARGER,
    Found,
    TownHit,
    checked_text,
    described,
    exact_rows,
    found_at,
    keys_of,
    named_rows,
    of_country,
    postal_area,
    qualifiers,
    rows_of_keys,
    tables_of,
)
from simulator.reference.places.names import (
    BEGINS,
    EXACT,
    WORD,
    beginning,
    exact,
    fold,
    nearly,
    query_variants,
    with_word,
)
from simulator.reference.places.regions import check_country, region_label
from simulator.reference.places.tables import ALIAS, NAME, Ints, Towns, cells

MAX_FOUND = 1000
"""Most towns one search may return."""
MAX_KEYS_OF_TOWN = 60
"""Most names of one town that begin alike."""

MENDED = (3, 60)
"""Letters of a name that is looked for with one letter wrong."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz "
NEARLY = 1.5
"""Quality of a name with one letter wrong: after what begins so, before what has it as a later word."""

Hit = tuple[float, float, Towns, int]
"""How good (lower is better), minus population, table, row: sorted, the best come first."""


def search_places(text: str, limit: int = 10, country: str | None = None) -> list[Found]:
    """Return towns that fit ``text``, best first: exact names, then beginnings, then later words; larger first.

    Accents, case, hyphens and apostrophes do not count; "St" is "Saint"; digits are French postal codes, and one of
    many communes comes first, as all of them together. "Orthez, France" and "64300 Orthez" are understood, and so is
    a name with one letter wrong, where no town has that very name.

    Parameters
    ----------
    text : str
        What was typed; nothing gives nothing.
    limit : int
        Most towns to return.
    country : str, optional
        Code of the only country to look in.
    """
    checked_text(text, "text")
    if not isinstance(limit, Integral) or isinstance(limit, bool) or not 0 <= limit <= MAX_FOUND:
        raise InvalidInput("out_of_range", field="limit", received=shown(limit), allowed=f"0 to {MAX_FOUND}")
    best: dict[tuple[str, int], Hit] = {}
    for variant in filter(None, query_variants(text)):
        for table in tables_of(country):
            for hit in _hits(table, variant, limit, country):
                _keep(best, hit)
    if not any(hit[0] == EXACT for hit in best.values()):
        for quality, hits in ((EXACT, named_rows(text, country)), (NEARLY, named_rows(text, country, _one_letter_off))):
            for table, row in hits:
                _keep(best, (quality, -float(table.population[row]), table, row))
    ranked = sorted(best.values(), key=lambda hit: hit[:2])
    found = [found_at(table, row) for _, _, table, row in ranked[:limit]]
    area = postal_area(text, country)
    return [area, *found][:limit] if area else found


def _keep(best: dict[tuple[str, int], Hit], hit: Hit) -> None:
    """Note a hit, unless a better one of the same town is known."""
    kept = best.setdefault((hit[2].table, hit[3]), hit)
    if hit[0] < kept[0]:
        best[hit[2].table, hit[3]] = hit


def _one_letter_off(text: str, country: str | None) -> list[TownHit]:
    """Return the towns whose name is ``text`` with one letter wrong, missing, too many, or two exchanged."""
    folded = query_variants(text)[0]
    if not MENDED[0] <= len(folded) <= MENDED[1] or any(letter.isdigit() for letter in folded):
        return []
    hits = []
    for table in tables_of(country):
        for spelling in set(_edits(folded)):
            keys = exact(table, spelling)
            if len(keys):
                named = keys[np.isin(table.key_kind[keys], (NAME, ALIAS))]
                hits += [(table, row) for row in rows_of_keys(table, named, country).tolist()]
    return hits


def _edits(text: str) -> Iterator[str]:
    """Return every spelling one letter away from ``text``."""
    for at in range(len(text) + 1):
        before, after = text[:at], text[at:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]


def _hits(table: Towns, text: str, limit: int, country: str | None) -> list[Hit]:
    """Return at most ``limit`` towns of one table, best first."""
    hits: dict[int, Hit] = {}
    for quality, look_up in ((EXACT, exact), (BEGINS, beginning), (WORD, with_word)):
        keys = _largest(table, look_up(table, text), country, len(hits) + limit)
        for row in rows_of_keys(table, keys, country).tolist():
            hits.setdefault(row, (quality, -float(table.population[row]), table, row))
        if len(hits) >= limit:
            break
    return sorted(hits.values(), key=lambda hit: hit[:2])[:limit]


def _largest(table: Towns, keys: Ints, country: str | None, count: int) -> Ints:
    """Return the keys of at least ``count`` of the largest towns, all of them if there are few: spares a long sort."""
    enough = MAX_KEYS_OF_TOWN * count
    if len(keys) <= enough:
        return keys
    people = table.population[table.key_town[keys]]
    if country is not None:
        people = np.where(of_country(table, table.key_town[keys], country), people, -1.0)
    return keys[np.argpartition(-people, enough)[:enough]]


MOST_CHOICES = 8
"""Most namesakes an error lists."""
NEAREST = 3
"""Most spellings an error proposes,"""
CANDIDATES = 100
"""chosen among this many of each table."""

_CANADIAN_POSTAL_CODE = re.compile(r"[a-z]\d[a-z] ?\d[a-z]\d|[a-z]\d[a-z]", re.IGNORECASE)
_EIRCODE = re.compile(r"([ac-fhknprtv-y]\d\d|d6w)( ?[0-9a-z]{4})?", re.IGNORECASE)
_BRITISH_POSTCODE = re.compile(r"[a-z]{1,2}\d[a-z\d]?( ?\d[a-z]{2})?", re.IGNORECASE)
_CODES = {
    "IE": "Eircodes are not in the tables: give the name of the town, such as Cork or Dublin.",
    "GB": "Postcodes of Great Britain are not in the tables: give the name of the town.",
    "CA": "Postal codes of Canada are not in the tables: give the name of the municipality.",
    "FR": "Postal codes are known for France only: give the name of the town.",
}


def find_place(name: str, country: str | None) -> Found:
    """Return the town called ``name`` in ``country``.

    Accepted are a name, a postal code (of many communes all of them together), an official code, a name with its
    region, country or postal code ("Orthez, France", "64300 Orthez"), and the choices that an error has listed, such
    as "Saint-Denis (974)". A country in the text counts before ``country``.

    Raises
    ------
    InvalidInput
        ``unknown_place`` with the nearest names (see ``_unknown``), or ``ambiguous_place`` with the choices.
    """
    checked_text(name, "name")
    if country is not None:
        check_country(country)
    area = postal_area(name, country) if fold(name) else None
    if area:
        return area
    hits = named_rows(name, country)
    if not hits:
        raise InvalidInput("unknown_place", field="name", received=shown(name), **_unknown(name, country))
    return found_at(*_meant(name, hits))


def _meant(name: str, hits: list[TownHit]) -> TownHit:
    """Return the first of ``hits`` (largest first) if no other may be meant."""
    people = [float(table.population[row]) for table, row in hits]
    if len(hits) > 1 and people[0] < MUCH_LARGER * people[1]:
        raise InvalidInput("ambiguous_place", field="name", received=shown(name), allowed=_choices(hits))
    return hits[0]


def _choices(hits: list[TownHit]) -> str:
    listed = hits[:MOST_CHOICES]
    left_out = len(hits) - len(listed)
    return ", ".join(_choice(hit, hits) for hit in listed) + (f" and {left_out} more" if left_out else "")


def _choice(hit: TownHit, others: list[TownHit]) -> str:
    """Return a name that tells a town from its namesakes and is accepted as a name itself."""
    table, row = hit
    name = table.names[row]
    namesakes = [other for other in others if fold(other[0].names[other[1]]) == fold(name)]
    if len(namesakes) == 1 and not cells().regions[int(table.cell[row])]:
        return name
    for which in described(hit):
        if which and sum(fold(which) in qualifiers(other) for other in namesakes) == 1:
            return f"{name} ({which})"
    return f"{name} ({table.codes[row]})"


def _unknown(name: str, country: str | None) -> dict[str, str]:
    """Return what an error says of a name that fits no town.

    ``country``, and of ``codes`` (the country whose postal codes the tables lack or have), ``elsewhere`` with its
    ``elsewhere_country``, and ``nearest`` (names, comma between them) what applies; ``advice`` is all that in English.
    """
    found = {"country": country or "the tables"}
    codes = _postal_codes_of(name.strip(), country)
    if codes:
        found["codes"] = codes
    else:
        found |= _others(name, country)
        if len(found) == 1 and query_variants(name)[0].isdigit():
            found["codes"] = "FR"
    return {**found, "advice": _advice(found)}


def _postal_codes_of(text: str, country: str | None) -> str:
    """Return the country whose postal codes look like ``text`` and are not in the tables, empty if none.

    A few look like those of two countries: the country chosen decides, else Ireland before Great Britain.
    """
    forms = {"IE": _EIRCODE, "CA": _CANADIAN_POSTAL_CODE, "GB": _BRITISH_POSTCODE}
    alike = [code for code, form in forms.items() if form.fullmatch(text)]
    return country if country in alike else next(iter(alike), "")


def _others(name: str, country: str | None) -> dict[str, str]:
    """Return a larger town of that very name in another country, and the nearest spellings in this one."""
    others: dict[str, str] = {}
    elsewhere = [found_at(*hit) for hit in exact_rows(name, None)[:1]] if country and fold(name) else []
    close = _nearest(fold(name), country)
    if elsewhere and elsewhere[0].population > max((found.population for found in close), default=0.0):
        others |= {"elsewhere": elsewhere[0].name, "elsewhere_country": elsewhere[0].country_code}
    if close:
        others["nearest"] = ", ".join(found.name for found in close)
    return others


def _advice(found: dict[str, str]) -> str:
    """Say what to do about a name that fits no town."""
    if "codes" in found:
        return _CODES[found["codes"]]
    advice = []
    if "elsewhere" in found:
        code = found["elsewhere_country"]
        advice.append(f"It is {found['elsewhere']} in {region_label(code)}: choose the country {code}.")
    if "nearest" in found:
        advice.append(f"Nearest: {found['nearest']}.")
    return " ".join(advice) or "Check the spelling, or give a larger town nearby."


def _nearest(text: str, country: str | None) -> list[Found]:
    """Return towns with names most like ``text``, best first; none for digits."""
    if text.replace(" ", "").isdigit():
        return []
    candidates = {
        key: table for table in tables_of(country) for key in nearly(table, keys_of(table, country), text, CANDIDATES)
    }
    towns: dict[str, Found] = {}
    for key in difflib.get_close_matches(text, candidates, n=2 * NEAREST, cutoff=0.6):
        rows = rows_of_keys(candidates[key], exact(candidates[key], key), country)
        for row in rows.tolist():
            found = found_at(candidates[key], row)
            towns.setdefault(found.name, found)
    return list(towns.values())[:NEAREST]
