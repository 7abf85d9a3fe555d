"""The fields that are read, what kind each is, and which field a header names.

Headers are compared as ``text.plain`` gives them: no accents, lower case, straight apostrophes, single spaces, currency
split off; those of several words without articles and plurals. A header has to match as a whole: "cost per result"
holds "result" and is not one. Those of programs are taken apart first: ``CampaignName``, ``campaign.name``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import nearest
from simulator.learning.export.languages import HEADERS, WEAK
from simulator.learning.export.text import is_blank, key, normalise, plain, repaired
from simulator.learning.export.values import unit_of

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

BESIDES = ("campaign", "reach", "link_clicks", "result_kind")
"""Fields that a file can do without, and that teach more."""
REQUIRED = ("spend", "impressions")
"""Needed besides a first and a last day; price and clicks are learnt without reach."""

PREFIXES = {"cpm": "cpm", "time of day": "hour", "heure de la journee": "hour"}
"""Headers known by their beginning, before a bracket: what stands in it differs by generation, currency, time zone."""

EVIDENCE = (
    "ctr",
    "cpc",
    "cpm",
    "cost per",
    "cout par",
    "cout pour",
    "costo por",
    "costo per",
    "custo por",
    "kosten pro",
    "kosten per",
)
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


NETWORKS: dict[str, frozenset[str]] = {
    "Pinterest": frozenset((
        "pin id", "promoted pin id", "promoted pin name", "pin promotion id", "pin promotion name", "outbound clicks",
        "pin clicks", "saves", "paid impressions", "spend in account currency", "earned impressions", "pin click rate",
        "clics sur des epingles", "enregistrements", "clics sortants", "identifiant de l'epingle", "nom de l'epingle",
    )),
    "LinkedIn": frozenset((
        "campaign group name", "campaign group id", "start date (in utc)", "total spent", "average ctr", "average cpm",
        "average cpc", "creative name", "campaign group status", "total engagements", "follows", "company page clicks",
        "nom du groupe de campagnes", "total depense", "ctr moyen",
    )),
    "TikTok": frozenset((
        "ad group name", "ad group id", "2-second video views", "6-second video views", "video views at 25%",
        "video views at 100%", "average play time per user", "paid likes", "paid followers", "clicks (destination)",
        "cpc (destination)", "ctr (destination)", "nom du groupe d'annonces", "vues de video de 6 secondes",
    )),
    "Snapchat": frozenset((
        "ad squad name", "ad squad id", "swipe ups", "swipe up rate", "paid impressions", "paid reach", "ecpsu",
        "screen time millis", "quartile 1", "view completion", "paid ecpm", "swipes",
    )),
    "X (Twitter)": frozenset((
        "funding source name", "funding instrument", "tweet engagements", "retweets", "promoted tweet id", "url clicks",
        "app clicks", "media engagements", "ad group name", "post engagements", "billed engagements", "reposts",
    )),
    "Google Ads": frozenset((
        "campaign state", "campaign status", "impr.", "avg. cpc", "avg. cpm", "interactions", "interaction rate",
        "conv. rate", "cost / conv.", "currency code", "campaign type", "search impr. share", "conversions", "ad group",
        "etat de la campagne", "cpc moy.", "taux de conv.", "cout/conv.", "type de campagne", "groupe d'annonces",
    )),
    "Microsoft Advertising": frozenset((
        "account number", "avg. position", "ad group", "quality score", "impr. (top)", "bid strategy type",
        "impression share", "delivery status", "account name",
    )),
}  # fmt: skip
"""Headers of the exports of other networks; several are also somebody else's, three together are not."""
OURS = frozenset(
    ("amount spent", "montant depense", "ad set name", "adset name", "nom de l'ensemble de publicites", "date stop",
     "reporting starts", "debut des rapports", "inline link clicks", "couverture", "platform position")
)  # fmt: skip
"""Headers that only Facebook and Instagram have."""
MARKS = 3
"""Headers of a network that a file must have to be called its own."""
MAX_SAME = 4
"""Columns of one field that are compared cell by cell; more is no export."""

HEADER_SCORE = 4
"""Fields that a row names only if it is a header."""
MAX_SCORED = 2000
"""Cells of a row that are looked at when the header row is searched."""
MAX_HEADER = 200
"""Longest header, characters."""

_KNOWN = {plain(label): name for labels in HEADERS.values() for name, variants in labels.items() for label in variants}
_LANGUAGES: dict[str, set[str]] = {}
for _language_of, _labels in HEADERS.items():
    for _label in (label for variants in _labels.values() for label in variants if _language_of):
        _LANGUAGES.setdefault(key(_label), set()).add(_language_of)
_BY_KEY = {key(label): name for label, name in _KNOWN.items() if " " in label}
"""Headers of several words without articles and plurals; a single word must match as it is: "days" is no "day"."""
_HUMP = re.compile("(?<=[a-z0-9])(?=[A-Z])")
_FIGURE = re.compile(r"[^0-9\w]{0,3}[0-9][0-9.,'  \u00a0\u202f]*(?:[^0-9]{0,5})")
_OF_TOOL = re.compile(r"(.+?) ?[-–:|(\[]+ ?(?:facebook|fb|meta)(?: ads)?[)\]]?")
"""A header with the name of the source behind it, as tools write that hold several."""
_COUNT_OF = re.compile(r"(?:# ?(?:of )?|number of |nombre (?:de |d')|nb (?:de |d')?)(.+)")
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
    for label in _ways(header):
        found = _known(label)
        if found:
            return found, None
        base, currency = _without_currency(label)
        found = _known(base) if base != label else None
        if found in _MONEY:
            return found, currency
    return None


def _ways(header: str) -> Iterator[str]:
    """Yield the labels that a header may stand for: as written, then as a program's name, then without "# of"."""
    label = plain(header).replace("_", " ")
    yield label
    if header.isidentifier() or "." in header:
        yield " ".join(plain(_HUMP.sub(" ", header)).replace("_", " ").replace(".", " ").split())
        yield " ".join(plain(_HUMP.sub(" ", header.rpartition(".")[2])).replace("_", " ").split())
    for pattern in (_COUNT_OF, _OF_TOOL):
        match = pattern.fullmatch(label)
        if match:
            yield match[1]


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


def layout(
    cells: Sequence[object],
    mapping: Mapping[str, str] | None,
    file: str,
    below: Sequence[Sequence[object]] = (),
) -> Layout:
    """Return what each column holds.

    Parameters
    ----------
    cells
        The header row.
    mapping
        Field to header, said by the user; goes before what is recognised.
    file
        How messages call the file.
    below
        Some rows below it: what is proposed for a missing column has to fit them.

    Raises
    ------
    InvalidInput
        ``other_network``; ``unknown_field`` or ``unknown_choice`` for the mapping, ``missing_columns`` with the
        nearest headers.
    """
    headers = tuple("" if cell is None else str(cell).strip("\ufeff \t\r\n") for cell in cells)
    network = None if mapping else network_of(headers)
    if network:
        raise InvalidInput("other_network", field=file, received=network)
    chosen = _chosen(headers, mapping or {})
    sources = list(chosen)
    taken = {source.place for source in chosen}
    mapped = {source.field for source in chosen}
    guesses, notes = _recognised(headers)
    strong = {name for place, (name, _) in guesses.items() if not _is_weak(headers[place])} | mapped
    for place, (name, currency) in guesses.items():
        is_said = name in strong or (name == "campaign" and strong & set(NAMES))
        if place not in taken and name not in mapped and not (is_said and _is_weak(headers[place])):
            sources.append(Source(name, place, headers[place], currency))
    found = Layout(headers, tuple(sources), _language(headers), _evidence(headers), notes)
    _check_complete(found, file, below)
    return found


def network_of(headers: Sequence[str]) -> str | None:
    """Return the other network whose export this is, by headers that only it has."""
    labels = {plain(header).replace("_", " ") for header in headers if len(header) < MAX_HEADER}
    labels |= {_without_currency(label)[0] for label in labels}
    if labels & OURS:
        return None
    return next((name for name, marks in NETWORKS.items() if len(labels & marks) >= MARKS), None)


def _is_weak(header: str) -> bool:
    label = plain(header).replace("_", " ")
    is_counted = _known(label) is None and _COUNT_OF.fullmatch(label) is not None
    return is_counted or label in WEAK or _without_currency(label)[0] in WEAK


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
    votes = dict.fromkeys((language for language in HEADERS if language), 0)
    for header in headers:
        label = plain(header).replace("_", " ")
        languages = _LANGUAGES.get(key(label)) or _LANGUAGES.get(key(_without_currency(label)[0])) or set()
        if len(languages) == 1:
            votes[next(iter(languages))] += 1
    first, second = sorted(votes.values(), reverse=True)[:2]
    return None if first == second else max(votes, key=lambda language: votes[language])


def _evidence(headers: Sequence[str]) -> tuple[int, ...]:
    return tuple(place for place, header in enumerate(headers) if plain(header).startswith(EVIDENCE))


def _check_complete(found: Layout, file: str, below: Sequence[Sequence[object]]) -> None:
    fields = found.fields
    missing = [name for name in REQUIRED if name not in fields]
    missing += [name for name in ("start", "end") if not {name, f"reporting_{name}", *PERIODS} & fields]
    for name in FIELDS:
        columns = [source.header for source in found.sources if source.field == name]
        if len(columns) > MAX_SAME:
            received = ", ".join(map(shown, columns[:MAX_SAME]))
            raise InvalidInput("conflicting_columns", field=file, received=received, column=name)
    if missing:
        raise _missing(missing, found, file, below)


def _fits(name: str, header: str, headers: Sequence[str], below: Sequence[Sequence[object]]) -> bool:
    """Whether the cells below a header may be of a field: numbers of a number, days of a day."""
    place = headers.index(header)
    cells = [row[place] for row in below if len(row) > place and not is_blank(row[place])]
    digits = [isinstance(cell, (int, float)) or bool(_FIGURE.fullmatch(str(cell).strip())) for cell in cells]
    if name in NUMBERS:
        return not cells or all(digits)
    if name in ("start", "end"):
        return not cells or all(any(character.isdigit() for character in str(cell)) for cell in cells)
    return not cells or not all(digits)


def _missing(missing: list[str], found: Layout, file: str, below: Sequence[Sequence[object]]) -> InvalidInput:
    """Build the refusal: what is missing and which unused headers come nearest, where their cells fit."""
    unused = {re.sub(r" ?[(\[].*", "", plain(header)) or plain(header): header for header in found.ignored}
    near: dict[str, list[str]] = {}
    for name in (*missing, *(name for name in BESIDES if name not in found.fields)):
        names = (name, f"reporting_{name}", *(PERIODS if name in ("start", "end") else ()))
        labels = [label for labels in HEADERS.values() for each in names for label in labels.get(each, ())]
        hits = [hit for label in labels for hit in nearest(label, unused, count=2)]
        headers = [unused[hit] for hit in dict.fromkeys(hits) if _fits(name, unused[hit], found.headers, below)]
        if headers or name in missing:
            near[name] = headers[:3]
    hints = [
        f"{name}: {', '.join(map(shown, headers))}" for name, headers in near.items() if headers and name in missing
    ]
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
