"""What an administrator sets for a server that several use: by the environment, or by files named in it.

``NAME`` holds a value, ``NAME_FILE`` the path of a file that holds it, as container engines hand over secrets.
Nothing set means the app of one person on one computer, without sign-in. docs/administration.md lists all.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from simulator.base.errors import InvalidInput, shown

PREFIX = "ADSIM_"
SECRETS = ("ADSIM_OIDC_CLIENT_SECRET", "ADSIM_COOKIE_SECRET", "ADSIM_DATABASE_URL")
"""Never printed, logged or shown; see ``hidden``."""
MIN_SECRET = 32


def setting(name: str, usual: str = "") -> str:
    """Return a setting, from the environment or from the file named there.

    Raises
    ------
    InvalidInput
        ``file_not_found`` for a file that cannot be read.
    """
    given = os.environ.get(name, "")
    path = os.environ.get(f"{name}_FILE", "")
    if given or not path:
        return given or usual
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        problem = InvalidInput("file_not_found", field=f"{name}_FILE", received=shown(path))
    raise problem


def number(name: str, usual: float, low: float, high: float) -> float:
    """Return a setting that is a number.

    Raises
    ------
    InvalidInput
        ``not_a_number``, ``out_of_range``.
    """
    text = setting(name)
    if not text:
        return usual
    try:
        value = float(text)
    except ValueError:
        value = None
    if value is None:
        raise InvalidInput("not_a_number", field=name, received=shown(text), allowed=f"{low:g} to {high:g}")
    if not low <= value <= high:
        raise InvalidInput("out_of_range", field=name, received=shown(text), allowed=f"{low:g} to {high:g}")
    return value


def flag(name: str) -> bool:
    """Return whether a setting is switched on."""
    return setting(name).lower() in ("1", "true", "yes", "on")


@dataclass(frozen=True, repr=False)
class Provider:
    """Where people sign in; never printed, since it holds the secret."""

    metadata_url: str
    client_id: str
    client_secret: str
    cookie_secret: str
    public_url: str

    def as_secrets(self) -> dict[str, dict[str, str]]:
        """Return the section that Streamlit reads."""
        return {
            "auth": {
                "redirect_uri": f"{self.public_url.rstrip('/')}/oauth2callback",
                "cookie_secret": self.cookie_secret,
                "client_id": self.client_id,
                "client_secret": self.client_secret,
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
    url = setting("ADSIM_OIDC_METADATA_URL")
    if not url:
        return None
    names = ("ADSIM_OIDC_CLIENT_ID", "ADSIM_OIDC_CLIENT_SECRET", "ADSIM_COOKIE_SECRET", "ADSIM_PUBLIC_URL")
    given = {name: setting(name) for name in names}
    for name, value in given.items():
        if not value:
            raise InvalidInput("missing", field=name, allowed="see docs/administration.md")
    length = len(given["ADSIM_COOKIE_SECRET"])
    if length < MIN_SECRET:
        received, allowed = f"{length} characters", f"at least {MIN_SECRET}, drawn at random"
        raise InvalidInput("out_of_range", field="ADSIM_COOKIE_SECRET", received=received, allowed=allowed)
    return Provider(url, *given.values())


def hidden(text: str) -> str:
    """Return the text without any secret of this server in it."""
    for name in SECRETS:
        try:
            secret = setting(name)
        except InvalidInput:
            continue
        if secret:
            text = text.replace(secret, "…")
    return text
