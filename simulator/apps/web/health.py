"""``/health``: whether the server and its database answer, for a watch or a balancer; it tells nothing else."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from simulator.apps.web.library import whole_library
from simulator.base.errors import SimulatorError
from simulator.base.version import MODEL_VERSION

OK, UNAVAILABLE = 200, 503
SECONDS = 5.0


async def health(_request: Request) -> JSONResponse:
    """Return 200 while scenarios can be read, 503 with the code of what is wrong otherwise."""
    try:
        async with asyncio.timeout(SECONDS):
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
