"""Where scenarios are kept: a file in the user's data folder, unless an address says otherwise."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

from simulator.base.errors import InvalidInput, shown

URL_VARIABLE = "ADSIM_DATABASE_URL"
FOLDER_VARIABLE = "ADSIM_DATA_DIR"
FOLDER = "adsim"
FILE = "scenarios.sqlite"
KINDS = "sqlite:///path, postgresql://user@host/database, or the path of a file"


def data_folder() -> Path:
    """Return the folder for the user's own data, by the custom of the system; it is not made here."""
    chosen = os.environ.get(FOLDER_VARIABLE, "")
    if chosen:
        return Path(chosen).expanduser()
    return user_data_path(FOLDER, appauthor=False)


def database_url(given: object = None) -> str:
    """Return the address of the database in SQLAlchemy's form: given, of the environment, or the user's own file.

    Raises
    ------
    InvalidInput
        ``unknown_database``: neither SQLite nor PostgreSQL.
    """
    if given is None:
        given = os.environ.get(URL_VARIABLE) or data_folder() / FILE
    if isinstance(given, os.PathLike):
        given = os.fspath(given)
    if not isinstance(given, str) or not given:
        raise InvalidInput("unknown_database", field="url", received=shown(given), allowed=KINDS)
    if "://" not in given:
        return f"sqlite:///{given}"
    scheme, rest = given.split("://", 1)
    if scheme == "sqlite":
        return given
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    # The rest may hold a password.
    raise InvalidInput("unknown_database", field="url", received=shown(f"{scheme}://…"), allowed=KINDS)
