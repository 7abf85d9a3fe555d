"""Logs that a machine can read, without what anybody typed: one JSON object to a line.

``ADSIM_LOG=json`` switches them on. Of our own records the sentence is written, which never holds more than codes and
counts; of other packages' only the sentence as it stands in their source, before names and values are filled in. Of a
failure its kind, our code for it and the places in the source, not what it says: that may repeat what was typed.
"""

from __future__ import annotations

import datetime
import json
import logging
import sys
import traceback
from pathlib import Path
from typing import Any

from simulator.accounts.settings import hidden, setting
from simulator.base.errors import SimulatorError

OURS = ("simulator", "app")
EXTRAS = ("incident", "route", "status", "milliseconds", "count")
"""What a record of ours may carry beside its sentence."""
MOST_PLACES = 12
LONGEST = 300


class JsonLines(logging.Formatter):
    """One record, one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        is_ours = record.name.split(".")[0] in OURS
        said = record.getMessage() if is_ours else str(record.msg)
        entries: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": hidden(said)[:LONGEST].splitlines()[0] if said else "",
        }
        entries |= {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            entries["failure"] = failure(record.exc_info[1])
        return json.dumps(entries, ensure_ascii=False)


def failure(error: BaseException) -> dict[str, Any]:
    """Return what may be written of a failure: its kind, its code, and where in the source it came from."""
    places = [
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]
    ]
    found: dict[str, Any] = {"kind": type(error).__name__, "places": places}
    if isinstance(error, SimulatorError):
        found["code"] = error.code
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        found["cause"] = type(cause).__name__
    return found


def set_up() -> None:
    """Write JSON where it was asked for; leave everything as it is where it was not."""
    if setting("ADSIM_LOG").lower() != "json":
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and logger.handlers:
            # Streamlit and uvicorn have handlers of their own, which would write a failure's words as well.
            logger.handlers.clear()
            logger.propagate = True
        if name.split(".")[0] in ("httpx", "httpcore", "authlib"):
            logging.getLogger(name).setLevel(logging.WARNING)
