"""The app as a server: what stands around the pages, logs, ``/health``, tables read while it starts."""

from __future__ import annotations

import asyncio
import datetime
import json
import logging
import sys
import threading
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import config

from simulator.accounts.settings import hidden, limits, setting
from simulator.apps.web import messages, server, sign_in
from simulator.apps.web import temp_dirs as scratch
from simulator.apps.web.cache import tables
from simulator.apps.web.choices import DAYS, DEFAULTS, STEPS, attempt
from simulator.apps.web.html_lang import HtmlLanguage
from simulator.apps.web.library import whole_library
from simulator.apps.web.security_headers import Transport
from simulator.base.errors import SimulatorError
from simulator.base.version import MODEL_VERSION
from simulator.forecasting.simulate import budget_curve, simulate
from simulator.presentation import reports
from simulator.reference.interests import all_interests

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
            entries["failure"] = log_failure(record.exc_info[1])
        return json.dumps(entries, ensure_ascii=False)


def log_failure(error: BaseException) -> dict[str, Any]:
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


def set_up_logs() -> None:
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


OK, UNAVAILABLE = 200, 503
HEALTH_SECONDS = 5.0


async def health(_request: Request) -> JSONResponse:
    """Return 200 while scenarios can be read, 503 with the code of what is wrong otherwise."""
    try:
        async with asyncio.timeout(HEALTH_SECONDS):
            code = await asyncio.to_thread(_database)
    except TimeoutError:
        code = "store_locked"
    entries: dict[str, Any] = {"status": "ok" if not code else "unavailable", "database": code or "ok"}
    headers = {"cache-control": "no-store"}
    return JSONResponse({**entries, "version": MODEL_VERSION}, OK if not code else UNAVAILABLE, headers=headers)


def _database() -> str:
    """Return what the database answers: nothing, or the code of its fault."""
    try:
        whole_library().check()
    except SimulatorError as error:
        logging.getLogger(__name__).warning("the database does not answer: %s", error.code)
        return error.code
    return ""


@asynccontextmanager
async def ready(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Begin to read as soon as the server starts, in a thread; until it ends, memory that is free goes back."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    with server.kept_small():
        yield {}


def _warm_up() -> None:
    """Compute the first screen once: every table it needs is in memory afterwards.

    What killed processes left behind is cleared away before.
    """
    scratch.clear()
    try:
        campaign = attempt(DEFAULTS, "fr").campaign
        if campaign is not None:
            # The days of the first screen first: whoever comes at once waits for those only.
            for days in sorted(DAYS, key=lambda days: days != campaign.duration_days):
                one = campaign.replace(duration_days=days)
                simulate(one, tables=tables())
                budget_curve(one, STEPS, tables=tables())
        all_interests()
        reports.warm()
    except SimulatorError:
        # The page will say it to the visitor, in his language.
        logging.getLogger(__name__).exception("the warm-up failed")


@cache
def options() -> dict[str, Any]:
    """Return what ``st.App`` takes besides the script; worked out once, the script runs for every change.

    Raises
    ------
    InvalidInput
        A setting of the environment that cannot hold, named: better no server than one that is open by mistake.
    """
    set_up_logs()
    server.few_pools()
    found = limits()
    config.set_option("server.maxUploadSize", int(found.upload_megabytes))
    config.set_option("server.maxWidgetStateSize", int(found.message_megabytes))
    return {
        "lifespan": ready,
        "middleware": [Middleware(Transport), Middleware(HtmlLanguage)],
        "routes": [Route("/health", health)],
        "on_script_error": messages.unexpected,
        "secrets": sign_in.secrets(),
    }
