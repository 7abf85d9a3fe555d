"""The table of interests: the platform's 269, and those of trades that it misses."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from simulator.base.errors import InvalidInput, TableError, shown
from simulator.base.validation import MAX_TEXT, nearest
from simulator.reference.parameters import Source
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
