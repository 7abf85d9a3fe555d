"""One row of the table, what the store hands out, and to whom."""

from __future__ import annotations

import datetime
import json
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from simulator.base.errors import InvalidInput, shown
from simulator.library.scenario import Scenario

MAX_OWNERS = 10_000


@dataclass(frozen=True)
class Viewer:
    """Who asks, and whose scenarios that person may see and change.

    Attributes
    ----------
    key : str
        Written beside every save; the owner of what this person makes.
    owners : frozenset of str, optional
        Those whose scenarios may be seen and changed, one's own always; ``None`` for everybody's.
    """

    key: str
    owners: frozenset[str] | None = frozenset()

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or not self.key:
            raise InvalidInput("wrong_type", field="key", received=shown(self.key), allowed="a text that is not empty")
        if self.owners is None:
            return
        if len(self.owners) > MAX_OWNERS:
            raise InvalidInput("too_many", field="owners", received=len(self.owners), allowed=f"at most {MAX_OWNERS:,}")
        object.__setattr__(self, "owners", self.owners | {self.key})


class Saved(NamedTuple):
    """Receipt of a save: it is on the disk."""

    id: str
    version: int


class Row(NamedTuple):
    """The latest version of a scenario, as it stands in the list.

    ``money`` is what the whole campaign was to cost, in ``currency``; ``people`` the median reach announced, if any;
    ``has_actual`` says that the real result was entered.
    """

    id: str
    version: int
    saved_at: datetime.datetime
    title: str
    client: str
    tags: tuple[str, ...]
    money: float
    currency: str
    people: float | None
    has_actual: bool


class Version(NamedTuple):
    """One entry of a scenario's history."""

    version: int
    saved_at: datetime.datetime
    owner: str
    title: str
    deleted: bool
    has_actual: bool


class Kept(NamedTuple):
    """A scenario with what the store knows of it."""

    scenario: Scenario
    version: int
    saved_at: datetime.datetime
    owner: str
    deleted: bool


def entries_of(
    scenario: Scenario, version: int, saved_at: str, owner: str = "", *, deleted: bool = False, body: str = ""
) -> dict[str, Any]:
    """Return the columns of one row: the body, and what the list shows and searches without opening it."""
    reach = scenario.figures.get("reach")
    return {
        "id": scenario.id,
        "version": version,
        "saved_at": saved_at,
        "owner": owner,
        "client": scenario.client,
        "title": scenario.title,
        "tags": json.dumps(scenario.tags, ensure_ascii=False),
        "deleted": deleted,
        "money": scenario.campaign.spend_planned,
        "currency": scenario.campaign.currency,
        "people": reach.p50 if reach else None,
        "has_actual": scenario.actual is not None,
        "words": _words(scenario),
        "body": body or scenario.body(),
    }


def now() -> str:
    """Return this moment as kept: in UTC, to the microsecond, in the order of the alphabet."""
    return written(datetime.datetime.now(datetime.UTC))


def written(moment: datetime.datetime) -> str:
    """Return a moment as kept."""
    return moment.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment(text: str) -> datetime.datetime:
    """Return a kept moment, in UTC."""
    return datetime.datetime.fromisoformat(text)


@lru_cache(maxsize=4096)
def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags of a row."""
    return tuple(json.loads(text))


def folded(text: str) -> str:
    """Return the text as compared in a search: without accents, capitals and compatible forms of letters."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", "".join(part for part in parts if not unicodedata.combining(part)).casefold())


def _words(scenario: Scenario) -> str:
    places = [place.label for place in scenario.campaign.targeting.places]
    texts = [scenario.title, scenario.client, scenario.author, *scenario.tags, *places, scenario.notes]
    return folded("\n".join(text for text in texts if text))
