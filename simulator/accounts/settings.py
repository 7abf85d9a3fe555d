"""What an administrator sets for a server that several use: by the environment, or by files named in it.

``NAME`` holds a value, ``NAME_FILE`` the path of a file that holds it, as container engines hand over secrets.
Nothing set means the app of one person on one computer, without sign-in. docs/administration.md lists all.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from simulator.base.errors import InvalidInput, shown

SECRETS = ("ADSIM_OIDC_CLIENT_SECRET", "ADSIM_COOKIE_SECRET", "ADSIM_DATABASE_URL")
"""Never printed, logged or shown; see ``hidden``."""
MIN_SECRET = 32
NO_NUMBER = ("float_parsing", "int_from_float", "value_error")


def setting(name: str) -> str:
    """Return a setting, from the environment or from the file named there; empty where nothing is set.

    Raises
    ------
    InvalidInput
        ``file_not_found`` for a file that cannot be read.
    """
    given = os.environ.get(name, "")
    path = os.environ.get(f"{name}_FILE", "")
    if given or not path:
        return given
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        problem = InvalidInput("file_not_found", field=f"{name}_FILE", received=shown(path))
    raise problem


class FromEnvironment(BaseModel):
    """Settings that belong together; the alias of a field is the variable that sets it."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    @classmethod
    def read(cls) -> Self:
        """Return what holds now.

        Raises
        ------
        InvalidInput
            ``missing``, ``not_a_number`` or ``out_of_range``, naming the variable; ``file_not_found``.
        """
        names = [str(field.alias) for field in cls.model_fields.values()]
        given = {name: text for name in names if (text := setting(name))}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            detail = error.errors()[0]
        name = str(detail["loc"][0])
        raise _refused(detail["type"], name, given.get(name, ""), cls.model_json_schema()["properties"][name])


def _refused(kind: str, name: str, text: str, limits: dict[str, Any]) -> InvalidInput:
    if kind == "missing":
        return InvalidInput("missing", field=name, allowed="see docs/administration.md")
    if name in SECRETS:
        allowed = f"at least {limits['minLength']}, drawn at random"
        return InvalidInput("out_of_range", field=name, received=f"{len(text)} characters", allowed=allowed)
    code = "not_a_number" if kind in NO_NUMBER else "out_of_range"
    return InvalidInput(
        code, field=name, received=shown(text), allowed=f"{limits['minimum']:g} to {limits['maximum']:g}"
    )


class Provider(FromEnvironment):
    """Where people sign in."""

    metadata_url: str = Field(alias="ADSIM_OIDC_METADATA_URL")
    client_id: str = Field(alias="ADSIM_OIDC_CLIENT_ID")
    client_secret: SecretStr = Field(alias="ADSIM_OIDC_CLIENT_SECRET")
    cookie_secret: SecretStr = Field(alias="ADSIM_COOKIE_SECRET", min_length=MIN_SECRET)
    public_url: str = Field(alias="ADSIM_PUBLIC_URL")

    def as_secrets(self) -> dict[str, dict[str, str]]:
        """Return the section that Streamlit reads."""
        return {
            "auth": {
                "redirect_uri": f"{self.public_url.rstrip('/')}/oauth2callback",
                "cookie_secret": self.cookie_secret.get_secret_value(),
                "client_id": self.client_id,
                "client_secret": self.client_secret.get_secret_value(),
                "server_metadata_url": self.metadata_url,
            }
        }


def provider() -> Provider | None:
    """Return the provider that the environment names; None where it names none.

    Raises
    ------
    InvalidInput
        ``missing`` for what else must be said then, ``out_of_range`` for a cookie secret that could be guessed.
    """
    return Provider.read() if setting("ADSIM_OIDC_METADATA_URL") else None


Whole = Annotated[int, BeforeValidator(float)]
"""Also written 1e6."""


def _set_by(variable: str, usual: float, low: float, high: float) -> Any:
    """Return the field of a limit: the variable that sets it, what holds without it, and what it may be."""
    return Field(usual, alias=variable, ge=low, le=high)


class Limits(FromEnvironment):
    """How much one visitor may ask of the server; what is beyond is refused with a sentence, never with a failure.

    One person on one computer is not limited further than the product is; a server of several sets what it can bear.
    docs/administration.md is checked against this table.
    """

    request_megabytes: float = _set_by("ADSIM_MAX_REQUEST_MB", 210, 1, 2000)
    upload_megabytes: float = _set_by("ADSIM_MAX_UPLOAD_MB", 200, 1, 1000)
    message_megabytes: float = _set_by("ADSIM_MAX_MESSAGE_MB", 25, 1, 50)
    rows: Whole = _set_by("ADSIM_MAX_ROWS", 500_000, 10, 500_000)
    sweep: Whole = _set_by("ADSIM_MAX_SWEEP", 10_000_000_000, 1, 10_000_000_000)
    seconds: float = _set_by("ADSIM_MAX_SECONDS", 900, 1, 86_400)
    sessions: Whole = _set_by("ADSIM_MAX_SESSIONS", 5, 1, 1000)

    def check_rows(self, count: int) -> None:
        """Refuse a file of more rows than one may send here.

        Raises
        ------
        InvalidInput
            ``over_limit``.
        """
        self._check("rows", count, self.rows)

    def check_sweep(self, count: int) -> None:
        """Refuse more campaigns at once than one may ask for here.

        For the command; no page offers a sweep, and whoever writes Python is not held by a setting.
        """
        self._check("sweep", count, self.sweep)

    def check_upload(self, size: int) -> None:
        """Refuse a file that is larger than one may send here; ``size`` in bytes."""
        self._check("upload", round(size / 1e6, 1), self.upload_megabytes)

    def _check(self, field: str, received: float, most: float) -> None:
        if received > most:
            raise InvalidInput("over_limit", field=field, received=f"{received:,g}", allowed=f"at most {most:,g}")


def limits() -> Limits:
    """Return the limits in force; read anew, so that a test or a restart of one worker sees them.

    Raises
    ------
    InvalidInput
        ``not_a_number`` or ``out_of_range``, naming the variable.
    """
    return Limits.read()


def hidden(text: str) -> str:
    """Return the text without any secret of this server in it, whoever wrote it: a driver may repeat an address."""
    for name in SECRETS:
        try:
            secret = setting(name)
        except InvalidInput:
            continue
        if secret:
            text = text.replace(secret, "…")
    return text
