"""The door to the database, without loading what it needs before it is opened."""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING

from simulator.errors import InvalidInput, SimulatorError, shown
from simulator.store.location import database_url

if TYPE_CHECKING:
    from simulator.store.database import Store

TIMEOUT_SECONDS = (0.0, 600.0)


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
    SimulatorError
        ``read_only``, ``disk_full``, ``store_damaged``, ``store_foreign``, ``future_version``,
        ``store_unreachable``, ``driver_missing``, ``unknown_database``; nothing that was there is changed.
    """
    low, high = TIMEOUT_SECONDS
    if isinstance(timeout_seconds, bool) or not isinstance(timeout_seconds, (int, float)):
        raise InvalidInput("not_a_number", field="timeout_seconds", received=shown(timeout_seconds), allowed="seconds")
    if not low <= timeout_seconds <= high:
        allowed = f"{low:g} to {high:g} s"
        raise InvalidInput("out_of_range", field="timeout_seconds", received=f"{timeout_seconds:g}", allowed=allowed)
    address = database_url(url)
    if importlib.util.find_spec("sqlalchemy") is None:
        allowed = "'facebook-ad-budget-simulator[app]'"
        raise SimulatorError("driver_missing", field="STORE", received="sqlalchemy", allowed=allowed)
    from simulator.store.database import Store

    return Store(address, owner, timeout_seconds)
