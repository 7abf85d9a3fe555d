"""The app as a server: what stands around the pages. Nothing of it changes what one person sees on one computer."""

from __future__ import annotations

from functools import cache
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit import config

from simulator.accounts.limits import limits
from simulator.apps.web import logs, memory, sign_in
from simulator.apps.web.components import problem
from simulator.apps.web.health import health
from simulator.apps.web.html_lang import HtmlLanguage
from simulator.apps.web.security_headers import Transport
from simulator.apps.web.warm import ready


@cache
def options() -> dict[str, Any]:
    """Return what ``st.App`` takes beside the script; worked out once, the script runs for every change.

    Raises
    ------
    InvalidInput
        A setting of the environment that cannot hold, named: better no server than one that is open by mistake.
    """
    logs.set_up()
    memory.few_pools()
    found = limits()
    config.set_option("server.maxUploadSize", int(found.upload_megabytes))
    config.set_option("server.maxWidgetStateSize", int(found.message_megabytes))
    return {
        "lifespan": ready,
        "middleware": [Middleware(Transport), Middleware(HtmlLanguage)],
        "routes": [Route("/health", health)],
        "on_script_error": problem.unexpected,
        "secrets": sign_in.secrets(),
    }
