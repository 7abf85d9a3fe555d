"""Open the database, without loading what it needs before it is opened."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.base.errors import InvalidInput, SimulatorError, shown
from simulator.base.validation import check_text, finite, in_range
from simulator.library.location import database_url

if TYPE_CHECKING:
    from simulator.library.database import Store

TIMEOUT_SECONDS = (0.0, 600.0)


MAX_ADDRESS = 4096
"""Longest address of a database, characters; no path of Linux is longer."""


def open_store(url: str | os.PathLike[str] | None = None, *, owner: str = "", timeout_seconds: float = 10.0) -> Store:
    """Open the library of scenarios, made on first use.

    Parameters
    ----------
    url : str or path, optional
        A path, ``sqlite:///path`` or ``postgresql://user@host/database``; by default what ``ADSIM_DATABASE_URL``
        says, else a file in the user's data folder (``ADSIM_DATA_DIR``).
    owner : str
        Written beside every save: who it was, where several share a library.
    timeout_seconds : float
        How long to wait for another program's lock, 0 to 600.

    Raises
    ------
    InvalidInput
        ``wrong_type``, ``unprintable``, ``is_a_folder``, ``unknown_database`` for an address that leads nowhere.
    SimulatorError
        ``read_only``, ``disk_full``, ``store_damaged``, ``store_foreign``, ``future_version``,
        ``store_unreachable``, ``driver_missing``; nothing that was there is changed.
    """
    try:
        timeout_seconds = finite(timeout_seconds)
    except InvalidInput as error:
        raise error.at("timeout_seconds") from None
    in_range("timeout_seconds", timeout_seconds, *TIMEOUT_SECONDS, "s")
    check_text("owner", owner)
    address = database_url(url)
    _check_place(address)
    if importlib.util.find_spec("sqlalchemy") is None:
        allowed = "'facebook-ad-budget-simulator[app]'"
        raise SimulatorError("driver_missing", field="STORE", received="sqlalchemy", allowed=allowed)
    from simulator.library.database import Store

    return Store(address, owner, timeout_seconds)


def _check_place(address: str) -> None:
    """Refuse, before anything is made, a name that no file can have, and a folder."""
    check_text("url", address, MAX_ADDRESS)
    path = address.removeprefix("sqlite:///")
    if path != address and Path(path).expanduser().is_dir():
        raise InvalidInput("is_a_folder", field="url", received=shown(path))
