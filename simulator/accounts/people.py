"""People, what they may see, and what is taken of the claims of their provider."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import one_of
from simulator.library import Viewer

ARTISAN, ADVISOR, ADMINISTRATOR = "artisan", "advisor", "administrator"
ROLES = (ARTISAN, ADVISOR, ADMINISTRATOR)
"""What they see and change: their own scenarios; their own and their team's; everybody's."""
MAX_NAME = 120
MAX_TEAM = 60


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in at least once.

    ``key`` stands for issuer and subject and is what the library writes as owner; an empty ``team`` is no team.
    """

    key: str
    name: str = ""
    email: str = ""
    role: str = ARTISAN
    team: str = ""

    def __post_init__(self) -> None:
        one_of("role", self.role, ROLES)

    @property
    def sees_team(self) -> bool:
        """Whether the others of the team matter for what this person sees."""
        return self.role == ADVISOR and self.team != ""

    def viewer(self, people: Iterable[Person]) -> Viewer:
        """Return whose scenarios this person may use, among all who are known."""
        if self.role == ADMINISTRATOR:
            return Viewer(self.key, None)
        if self.sees_team:
            return Viewer(self.key, frozenset(one.key for one in people if one.team == self.team))
        return Viewer(self.key)


@dataclass(frozen=True)
class Claims:
    """What a checked identity token says, as far as it is used here.

    Attributes
    ----------
    session : str
        Hash of issuer, subject and the nonce (or moment of issue) of this very sign-in.
    expires : float
        Seconds since 1970.
    role, team : str, optional
        Of the claims that the administrator named; ``None`` where none is named.
    """

    person: str
    session: str
    expires: float
    name: str
    email: str
    role: str | None = None
    team: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any], role_claim: str = "", team_claim: str = "") -> Claims:
        """Return what the token says.

        Raises
        ------
        InvalidInput
            ``missing``: no issuer, no subject, neither nonce nor moment of issue, or no expiry.
        """
        issuer, subject = _text(given, "iss"), _text(given, "sub")
        nonce = given.get("nonce") or given.get("iat")
        expires = given.get("exp")
        if (
            not isinstance(nonce, (str, int, float))
            or isinstance(expires, bool)
            or not isinstance(expires, (int, float))
        ):
            raise InvalidInput("missing", field="nonce, exp", allowed="a sign-in that is named and ends")
        return cls(
            person=person_key(issuer, subject),
            session=_hash(issuer, subject, str(nonce)),
            expires=float(expires),
            name=_short(given.get("name") or given.get("preferred_username"), MAX_NAME),
            email=_short(given.get("email"), MAX_NAME),
            role=_role(given.get(role_claim)) if role_claim else None,
            team=_short(_first(given.get(team_claim)), MAX_TEAM) if team_claim else None,
        )


def person_key(issuer: str, subject: str) -> str:
    """Return the key of a person in the library: the same for the same account, and no name."""
    return _hash(issuer, subject)[:32]


def _hash(*parts: str) -> str:
    # As JSON, so that no two lists of parts run together into one text.
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidInput("missing", field=name, received=shown(value), allowed="a text")
    return value


def _short(value: object, longest: int) -> str:
    return "".join(letter for letter in value if letter.isprintable())[:longest] if isinstance(value, str) else ""


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _role(value: object) -> str:
    """Return the highest role that a claim names; any other makes the person an artisan."""
    named = value if isinstance(value, list) else [value]
    return max((one for one in named if isinstance(one, str) and one in ROLES), key=ROLES.index, default=ARTISAN)
