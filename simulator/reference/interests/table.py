"""The table of interests, and how many people are interested in at least one of several."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, TableError, shown
from simulator.base.validation import MAX_TEXT, nearest
from simulator.reference.parameters import Parameters, Source, load_parameters
from simulator.reference.parameters.loader import Where, read_tables, source_from

TABLE = "interests.csv"
NO_MATCH = 9


@dataclass(frozen=True, slots=True)
class Interest:
    """Something people can be targeted by.

    Attributes
    ----------
    code : str
        Our own, in lower-case ASCII: ``organic-food``.
    platform_name : str
        As the platform lists it; empty for an interest that it does not have.
    family : str
        Our own grouping; interests of one family overlap (``union_share``).
    share : float
        Share of the platform's users worldwide (0 to 1); not known by country. Zero where ``stands_for``
        says whose share to take: see ``union_share``.
    is_assumption : bool
        Whether its neighbours stand in for it.
    stands_for : tuple of str
        Codes of the neighbours targeted in its place.
    reason : str
        Why these neighbours.
    """

    code: str
    name_en: str
    name_fr: str
    platform_name: str
    family: str
    share: float
    is_assumption: bool
    stands_for: tuple[str, ...]
    reason: str
    source: Source

    def name(self, language: str = "fr") -> str:
        """Return the name in ``fr`` or ``en``."""
        return self.name_fr if language == "fr" else self.name_en


def all_interests() -> tuple[Interest, ...]:
    """Return every interest, the platform's first, in the order of the table."""
    return tuple(_by_code().values())


def find_interest(name: str) -> Interest:
    """Return the interest called ``name``.

    Parameters
    ----------
    name : str
        Code, platform name, or French or English name; case, accents and hyphens do not matter.

    Raises
    ------
    InvalidInput
        ``unknown_interest``, with the nearest names.
    """
    found = _by_name().get(folded(name))
    if found is None:
        allowed = ", ".join(entry.name_fr for entry in _nearest(name)) or "none; search the list"
        raise InvalidInput("unknown_interest", field="interests", received=shown(name), allowed=allowed)
    return found


def search_interests(text: str, limit: int = 10, language: str = "fr") -> list[Interest]:
    """Return the interests that fit ``text``, best first.

    Names that begin with the text come first, then names with a word that does, then names that hold it;
    the chosen language goes before the other, a shorter name before a longer. Where nothing fits, the nearest.
    """
    wanted = folded(text)
    if not wanted:
        return []
    ranked = [(_fit(entry, wanted, language), len(entry.name(language)), entry.code) for entry in all_interests()]
    best = [_by_code()[code] for fit, _, code in sorted(ranked) if fit < NO_MATCH]
    return best[:limit] or _nearest(text, limit)


def folded(text: str) -> str:
    """Return ``text`` without case, accents and punctuation, words separated by one space."""
    plain = unicodedata.normalize("NFKD", text[:MAX_TEXT].replace("œ", "oe").replace("Œ", "oe")).casefold()
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.findall(r"[a-z0-9]+", letters.replace("'", "").replace("’", "")))


def _fit(entry: Interest, wanted: str, language: str) -> int:
    names = [entry.name(language), entry.name("en" if language == "fr" else "fr"), entry.platform_name]
    return min(_closeness(folded(name), wanted) * 2 + (position > 0) for position, name in enumerate(names))


def _closeness(name: str, wanted: str) -> int:
    """Return 0 (same), 1 (begins so), 2 (a word begins so), 3 (holds it) or more (does not fit)."""
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in name:
        return 2
    return 3 if wanted in name else NO_MATCH


def _nearest(text: str, count: int = 3) -> list[Interest]:
    """Interests with a word of ``text`` in their name, then those spelt most like it."""
    wanted = folded(text)
    words = [word for word in wanted.split() if len(word) > 3]
    by_word = [entry for word in words for entry in all_interests() if _fit(entry, word, "fr") < NO_MATCH]
    by_spelling = [_by_name()[name] for name in nearest(wanted, _by_name(), count=count)]
    return list(dict.fromkeys([*by_word[:count], *by_spelling]))[:count]


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Interest]:
    """Interests by every folded name; where a name fits two, the platform's own interest keeps it."""
    names: dict[str, Interest] = {}
    for entry in all_interests():
        for name in (entry.code, entry.name_fr, entry.name_en, entry.platform_name):
            if name:
                names.setdefault(folded(name), entry)
    return names


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Interest]:
    folder = resources.files(__package__)
    declared = read_tables(folder / "interests.toml")["sources"]
    sources = {name: source_from(entries, Where("interests.toml", name)) for name, entries in declared.items()}
    try:
        rows = list(csv.DictReader(folder.joinpath(TABLE).read_text(encoding="utf-8").splitlines()))
        entries = [_interest(row, sources) for row in rows]
    except (OSError, KeyError, ValueError) as error:
        raise TableError("table_missing", field="interests", received=TABLE) from error
    return {entry.code: entry for entry in entries}


def _interest(row: dict[str, str], sources: dict[str, Source]) -> Interest:
    neighbours = tuple(row["stands_for"].split())
    return Interest(
        code=row["code"],
        name_en=row["name_en"],
        name_fr=row["name_fr"],
        platform_name=row["platform_name"],
        family=row["family"],
        share=0.0 if neighbours else float(row["share"]),
        is_assumption=bool(neighbours),
        stands_for=neighbours,
        reason=row["reason"],
        source=sources["own_choice" if neighbours else "platform_list"],
    )


SEXES = ("women", "men")
AGE_BANDS = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
OVERLAP = "audience.related_interest_overlap"

Array = NDArray[np.float64]


def union_share(codes: Iterable[str], parameters: Parameters | None = None) -> float:
    """Return the share of people (0 to 1) interested in at least one of ``codes``.

    Parameters
    ----------
    codes : iterable of str
        Codes or names; a repeated one counts once, the order does not matter. None at all is no
        restriction: 1.

    Notes
    -----
    Related interests (one family) overlap by ``audience.related_interest_overlap`` of the smaller: the
    largest and the rest of each other. Unrelated ones are independent: 1 - (1 - s1)(1 - s2)… An interest that
    the platform does not have counts as its neighbours.
    """
    return float(_union(codes, np.ones(1), parameters)[0])


def shares_by_segment(codes: Iterable[str], parameters: Parameters | None = None) -> Array:
    """Return the same by sex and age band, shape (2, 7): women first, bands of ``AGE_BANDS``."""
    return _union(codes, np.ones((2, 7)), parameters)


def tilt(code: str, parameters: Parameters | None = None) -> Array:
    """Return how much more (above 1) or less a segment is interested than all people, shape (2, 7).

    Ones where no survey says anything, that is for nearly all interests; see ``interests.tilt_sex`` and
    ``interests.tilt_age`` of the parameters.
    """
    entries = load_parameters() if parameters is None else parameters
    chosen = _listed([find_interest(code)])
    tilts = [_own_tilt(entry.code, entries) for entry in chosen]
    return np.asarray(np.average(tilts, axis=0, weights=[entry.share for entry in chosen]))


def _union(codes: Iterable[str], segments: Array, parameters: Parameters | None) -> Array:
    entries = load_parameters() if parameters is None else parameters
    chosen = _listed(find_interest(code) for code in codes)
    if not chosen:
        return segments
    overlap = entries.value(OVERLAP)
    nobody = segments.copy()
    for family in sorted({entry.family for entry in chosen}):
        shares = np.stack([_share(entry, segments, entries) for entry in chosen if entry.family == family])
        nobody *= 1.0 - _related(shares, overlap)
    return np.asarray(1.0 - nobody)


def _related(shares: Array, overlap: float) -> Array:
    """Union of one family, shape (interest, …) -> (…); never above the union of independent interests."""
    largest = shares.max(axis=0)
    joined = largest + (1.0 - overlap) * (shares.sum(axis=0) - largest)
    return np.asarray(np.minimum(joined, 1.0 - np.prod(1.0 - shares, axis=0)))


def _share(entry: Interest, segments: Array, entries: Parameters) -> Array:
    if segments.ndim == 1:
        return entry.share * segments
    return entry.share * _own_tilt(entry.code, entries)


def _own_tilt(code: str, entries: Parameters) -> Array:
    sexes = [_factor(entries, f"interests.tilt_sex.{code}.{sex}") for sex in SEXES]
    ages = [_factor(entries, f"interests.tilt_age.{code}.{band}") for band in AGE_BANDS]
    return np.outer(sexes, ages)


def _factor(entries: Parameters, key: str) -> float:
    return entries.value(key) if key in entries else 1.0


def _listed(chosen: Iterable[Interest]) -> list[Interest]:
    """The platform's own interests behind ``chosen``, each once, in the order of the table."""
    codes: set[str] = set()
    for entry in chosen:
        codes.update(entry.stands_for or (entry.code,))
    return [entry for entry in all_interests() if entry.code in codes]
