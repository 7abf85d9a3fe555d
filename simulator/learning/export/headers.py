"""The fields that are read, what kind each is, and the headers that name them in French and English.

Headers are written as ``text.plain`` gives them: no accents, lower case, straight apostrophes, single
spaces, currency split off. They are those of the two header generations of Ads Manager in each language, with a
few obvious synonyms; those of several words are compared without articles and plurals. A header has to match as a
whole: "cost per result" holds "result" and is not one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import nearest
from simulator.learning.export.currencies import unit_of
from simulator.learning.export.text import key, normalise, plain, repaired

NAMES = ("campaign", "ad_set", "ad")
"""From the widest to the narrowest level."""
IDENTIFIERS = ("campaign_id", "ad_set_id", "ad_id")
"""Stand in for the names where a file has none."""
BREAKDOWNS = ("age", "gender", "country", "region", "platform", "placement", "device", "hour")
TEXTS = (*NAMES, *IDENTIFIERS, *BREAKDOWNS, "currency", "result_kind", "stated_objective", "budget_kind")
COUNTS = ("reach", "impressions", "link_clicks", "unique_link_clicks", "clicks_all", "results")
AMOUNTS = ("spend", "frequency", "cpm", "budget")
"""Numbers with decimals; ``cpm`` is read to check the others, not returned."""
NUMBERS = (*COUNTS, *AMOUNTS)
PERIODS = ("day", "week", "month")
DATES = ("reporting_start", "reporting_end", "start", "end", *PERIODS)
FIELDS = (*TEXTS, *NUMBERS, *DATES)

REQUIRED = ("spend", "impressions", "reach")
"""Needed besides a first and a last day."""

HEADERS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "campaign": ("campaign name", "campaign"),
        "ad_set": ("ad set name", "adset name", "ad set"),
        "ad": ("ad name", "ad"),
        "campaign_id": ("campaign id",),
        "ad_set_id": ("ad set id", "adset id"),
        "ad_id": ("ad id",),
        "reporting_start": ("reporting starts", "reporting start date", "date start"),
        "reporting_end": ("reporting ends", "reporting end date", "date stop"),
        "start": ("starts", "start", "start date", "start time"),
        "end": ("ends", "end", "end date", "end time", "stop time"),
        "day": ("day", "date"),
        "week": ("week",),
        "month": ("month",),
        "spend": ("amount spent", "spend", "spent", "total spent", "total spend"),
        "reach": ("reach",),
        "impressions": ("impressions",),
        "frequency": ("frequency",),
        "link_clicks": ("link clicks", "inline link clicks"),
        "unique_link_clicks": ("unique link clicks", "unique inline link clicks"),
        "clicks_all": ("clicks (all)", "clicks all"),
        "results": ("results",),
        "result_kind": ("result type", "result indicator"),
        "stated_objective": ("objective", "campaign objective"),
        "currency": ("currency", "account currency", "currency code"),
        "budget": ("budget", "ad set budget", "campaign budget"),
        "budget_kind": ("budget type", "ad set budget type", "campaign budget type"),
        "age": ("age", "age range", "age group"),
        "gender": ("gender", "sex"),
        "country": ("country",),
        "region": ("region", "dma region"),
        "platform": ("platform", "publisher platform"),
        "placement": ("placement", "platform position"),
        "device": ("impression device", "device platform", "device"),
        "hour": ("time of day",),
    },
    "fr": {
        "campaign": ("nom de la campagne", "nom de campagne", "campagne"),
        "ad_set": ("nom de l'ensemble de publicites", "ensemble de publicites"),
        "ad": ("nom de la publicite", "publicite"),
        "campaign_id": ("identifiant de la campagne", "id de la campagne"),
        "ad_set_id": ("identifiant de l'ensemble de publicites", "id de l'ensemble de publicites"),
        "ad_id": ("identifiant de la publicite", "id de la publicite"),
        "reporting_start": ("debut des rapports", "debut de la periode du rapport"),
        "reporting_end": ("fin des rapports", "fin de la periode du rapport"),
        "start": ("debut", "date de debut", "heure de debut"),
        "end": ("fin", "date de fin", "heure de fin"),
        "day": ("jour",),
        "week": ("semaine",),
        "month": ("mois",),
        "spend": ("montant depense", "depenses", "depense", "montant total depense"),
        "reach": ("couverture", "portee"),
        "impressions": ("impressions",),
        "frequency": ("repetition", "frequence"),
        "link_clicks": ("clics sur un lien",),
        "unique_link_clicks": ("clics uniques sur un lien",),
        "clicks_all": ("clics (tous)",),
        "results": ("resultats", "resultat"),
        "result_kind": ("indicateur de resultats", "type de resultats"),
        "stated_objective": ("objectif", "objectif de la campagne"),
        "currency": ("devise", "devise du compte"),
        "budget": ("budget", "budget de l'ensemble de publicites", "budget de la campagne"),
        "budget_kind": (
            "type de budget",
            "type de budget de l'ensemble de publicites",
            "type de budget de la campagne",
        ),
        "age": ("age", "tranche d'age"),
        "gender": ("sexe", "genre"),
        "country": ("pays",),
        "region": ("region",),
        "platform": ("plateforme", "plate-forme"),
        "placement": ("placement", "emplacement"),
        "device": ("appareil", "plateforme de l'appareil", "appareil d'impression", "appareil de diffusion"),
        "hour": ("heure de la journee",),
    },
}

PREFIXES = {"cpm": "cpm", "time of day": "hour", "heure de la journee": "hour"}
"""Headers known by their beginning, before a bracket: what stands in it differs by generation, currency, time zone."""

EVIDENCE = ("ctr", "cpc", "cpm", "cost per", "cout par", "cout pour")
"""Beginnings of headers of columns that are not read, but show how the file writes decimals."""

LABELS = {
    "campaign": "Campaign name / Nom de la campagne",
    "spend": "Amount spent (EUR) / Montant dépensé (EUR)",
    "reach": "Reach / Couverture",
    "impressions": "Impressions",
    "start": "Reporting starts / Début des rapports",
    "end": "Reporting ends / Fin des rapports",
}
"""How Ads Manager calls the required fields, for messages."""


MAX_SAME = 4
"""Columns of one field that are compared cell by cell; more is no export."""

HEADER_SCORE = 4
"""Fields that a row names only if it is a header."""
MAX_SCORED = 2000
"""Cells of a row that are looked at when the header row is searched."""
MAX_HEADER = 200
"""Longest header, characters."""

_KNOWN = {label: name for labels in HEADERS.values() for name, variants in labels.items() for label in variants}
_LANGUAGES: dict[str, set[str]] = {}
for _language_of, _labels in HEADERS.items():
    for _label in (label for variants in _labels.values() for label in variants):
        _LANGUAGES.setdefault(key(_label), set()).add(_language_of)
_BY_KEY = {key(label): name for label, name in _KNOWN.items() if " " in label}
"""Headers of several words without articles and plurals; a single word must match as it is: "days" is no "day"."""
_MONEY = ("spend", "cpm", "budget")
_BRACKETS = re.compile(r"(.+?) ?[(\[](?:(?:in|en) )?([^()\[\]]{1,24})[)\]]")
_BEHIND = re.compile(r"(.+?)(?:,| [-–—:]| in| en)? ([^ ()\[\]]{1,5}|\$ ?[^ ()\[\]]{2})")


@dataclass(frozen=True)
class Source:
    """One column of the file that serves a field: its place (from 0), header, and currency if the header has one."""

    field: str
    place: int
    header: str
    currency: str | None = None


@dataclass(frozen=True)
class Layout:
    """What the header row says.

    ``evidence`` are places of columns that are not read but show how decimals are written; ``ignored`` are the
    headers nobody asks for; ``notes`` are codes of ``reasons.REASONS`` about the header row itself.
    """

    headers: tuple[str, ...]
    sources: tuple[Source, ...]
    language: str | None
    evidence: tuple[int, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def fields(self) -> frozenset[str]:
        """The fields that have a column."""
        return frozenset(source.field for source in self.sources)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers of the columns that are not read."""
        read = {source.place for source in self.sources}
        return tuple(header for place, header in enumerate(self.headers) if header and place not in read)


def recognise(header: str) -> tuple[str, str | None] | None:
    """Return (field, currency or None) of a header, or None where it is unknown.

    The whole header is looked up first: "Clicks (all)" is a count, "Amount spent (ALL)" is in lek.
    """
    label = plain(header).replace("_", " ")
    found = _known(label)
    if found:
        return found, None
    base, currency = _without_currency(label)
    found = _known(base) if base != label else None
    return (found, currency) if found in _MONEY else None


def score(cells: Sequence[object], wanted: frozenset[str] = frozenset()) -> int:
    """Return how many different fields the cells of a row name; ``wanted`` are headers the user named, normalised."""
    texts = [cell for cell in cells[:MAX_SCORED] if isinstance(cell, str) and 0 < len(cell) < MAX_HEADER]
    found = {match[0] for text in texts if (match := recognise(text))}
    return len(found) + (len(wanted & {normalise(text) for text in texts}) if wanted else 0)


def wanted_of(mapping: Mapping[str, str] | None) -> frozenset[str]:
    """Return the headers that the user named, normalised; refuse what is no table of field and header."""
    if mapping is None:
        return frozenset()
    if not isinstance(mapping, Mapping):
        raise InvalidInput("wrong_type", field="mapping", received=shown(mapping), allowed="field to header")
    return frozenset(normalise(str(header)) for header in mapping.values())


def layout(cells: Sequence[object], mapping: Mapping[str, str] | None, file: str) -> Layout:
    """Return what each column holds.

    Parameters
    ----------
    cells
        The header row.
    mapping
        Field to header, said by the user; goes before what is recognised.
    file
        How messages call the file.

    Raises
    ------
    InvalidInput
        ``unknown_field`` or ``unknown_choice`` for the mapping, ``missing_columns`` with the nearest headers.
    """
    headers = tuple("" if cell is None else str(cell).strip("\ufeff \t\r\n") for cell in cells)
    chosen = _chosen(headers, mapping or {})
    sources = list(chosen)
    taken = {source.place for source in chosen}
    mapped = {source.field for source in chosen}
    guesses, notes = _recognised(headers)
    for place, (name, currency) in guesses.items():
        if place not in taken and name not in mapped:
            sources.append(Source(name, place, headers[place], currency))
    found = Layout(headers, tuple(sources), _language(headers), _evidence(headers), notes)
    _check_complete(found, file)
    return found


def _without_currency(label: str) -> tuple[str, str | None]:
    """Split off a unit of money in brackets or behind; return (the rest, ISO code where it is one currency's).

    Without brackets "all" is a word, not the lek.
    """
    for pattern in (_BRACKETS, _BEHIND):
        match = pattern.fullmatch(label)
        is_unit, currency = unit_of(match[2]) if match else (False, None)
        if match and is_unit and (pattern is _BRACKETS or match[2] != "all"):
            return match[1], currency
    return label, None


def _known(label: str) -> str | None:
    found = _KNOWN.get(label) or _BY_KEY.get(key(label))
    if found:
        return found
    return next((name for start, name in PREFIXES.items() if label == start or label.startswith(f"{start} (")), None)


def _recognised(headers: Sequence[str]) -> tuple[dict[int, tuple[str, str | None]], tuple[str, ...]]:
    notes: set[str] = set()
    found: dict[int, tuple[str, str | None]] = {}
    for place, header in enumerate(headers):
        match = recognise(header)
        if match is None and re.search("[?\ufffd]", header):
            match = _with_gaps(header)
            notes |= {"lost_accents"} if match else set()
        if match:
            found[place] = match
            notes |= {"doubly_encoded"} if repaired(header) != header else set()
    return found, tuple(sorted(notes))


def _with_gaps(header: str) -> tuple[str, str | None] | None:
    """Match a header whose accents became "?": each stands for one or more unknown characters."""
    base, currency = _without_currency(plain(header))
    pattern = re.compile(re.sub(r"(\\\?|\ufffd)+", ".{1,2}", re.escape(base)))
    fields = {name for known, name in _KNOWN.items() if pattern.fullmatch(known)}
    return (fields.pop(), currency) if len(fields) == 1 else None


def _chosen(headers: Sequence[str], mapping: Mapping[str, str]) -> list[Source]:
    sources = []
    for name, header in mapping.items():
        if name not in FIELDS:
            raise InvalidInput("unknown_field", field=f"mapping.{shown(name)}", allowed=", ".join(FIELDS))
        places = [place for place, own in enumerate(headers) if own and normalise(own) == normalise(str(header))]
        if not places:
            known = ", ".join(shown(own) for own in headers if own)
            raise InvalidInput("unknown_choice", field=f"mapping.{name}", received=shown(str(header)), allowed=known)
        currency = _without_currency(plain(str(header)))[1]
        sources += [Source(name, place, headers[place], currency) for place in places]
    return sources


def _language(headers: Sequence[str]) -> str | None:
    """Return the language that more headers speak; "Impressions" speaks none."""
    votes = {"en": 0, "fr": 0}
    for header in headers:
        label = plain(header).replace("_", " ")
        languages = _LANGUAGES.get(key(label)) or _LANGUAGES.get(key(_without_currency(label)[0])) or set()
        if len(languages) == 1:
            votes[next(iter(languages))] += 1
    return None if votes["en"] == votes["fr"] else max(votes, key=lambda language: votes[language])


def _evidence(headers: Sequence[str]) -> tuple[int, ...]:
    return tuple(place for place, header in enumerate(headers) if plain(header).startswith(EVIDENCE))


def _check_complete(found: Layout, file: str) -> None:
    fields = found.fields
    missing = [name for name in REQUIRED if name not in fields]
    missing += [name for name in ("start", "end") if not {name, f"reporting_{name}", *PERIODS} & fields]
    for name in FIELDS:
        columns = [source.header for source in found.sources if source.field == name]
        if len(columns) > MAX_SAME:
            received = ", ".join(map(shown, columns[:MAX_SAME]))
            raise InvalidInput("conflicting_columns", field=file, received=received, column=name)
    if missing:
        raise _missing(missing, found, file)


def _missing(missing: list[str], found: Layout, file: str) -> InvalidInput:
    """Build the refusal: what is missing and which unused headers come nearest."""
    unused = {re.sub(r" ?[(\[].*", "", plain(header)) or plain(header): header for header in found.ignored}
    near: dict[str, list[str]] = {}
    for name in missing:
        names = (name, f"reporting_{name}", *(PERIODS if name in ("start", "end") else ()))
        labels = [label for labels in HEADERS.values() for each in names for label in labels.get(each, ())]
        hits = [hit for label in labels for hit in nearest(label, unused, count=2)]
        near[name] = [unused[hit] for hit in dict.fromkeys(hits)][:3]
    hints = [f"{name}: {', '.join(map(shown, headers))}" for name, headers in near.items() if headers]
    seen = ", ".join(shown(header, 40) for header in found.headers[:12] if header) or "none"
    return InvalidInput(
        "missing_columns",
        field=file,
        allowed=", ".join(f"{name} ({LABELS[name]})" for name in missing),
        received="; ".join(hints) or f"none is near; the headers are {seen}",
        missing=missing,
        nearest=near,
        headers=[header for header in found.headers if header],
    )
