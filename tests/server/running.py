"""The app as a server with sign-in, and the way in as a browser takes it, without a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin

import httpx

from tests.apart import run_apart
from tests.browser.server import ADDRESS, Server, free_port, stop, wait_until_healthy
from tools.check.websocket_client import Visitor

ROOT = Path(__file__).resolve().parents[2]
SECRET = "s3cret-of-the-client-that-nobody-may-see"
COOKIE_SECRET = "c00kie-secret-that-nobody-may-see-either-0123456789"
T = TypeVar("T")


@contextmanager
def signed_in_server(folder: Path, issuer_url: str, **environment: str) -> Iterator[Server]:
    """Serve the app, with people of ``issuer_url``, on a library of its own."""
    port = free_port()
    server = Server(url=f"http://{ADDRESS}:{port}", log=folder / "server.log")
    settings = {
        "HOME": str(folder),
        "ADSIM_DATA_DIR": str(folder),
        "ADSIM_DATABASE_URL": "",
        "ADSIM_OIDC_METADATA_URL": f"{issuer_url}/.well-known/openid-configuration",
        "ADSIM_OIDC_CLIENT_ID": "simulator",
        "ADSIM_OIDC_CLIENT_SECRET": SECRET,
        "ADSIM_COOKIE_SECRET": COOKIE_SECRET,
        "ADSIM_PUBLIC_URL": server.url,
        "ADSIM_LOG": "json",
        **environment,
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.address", ADDRESS, "--server.headless", "true", "--server.fileWatcherType", "none"]
    with server.log.open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_healthy(server, process)
        yield server
    finally:
        stop(process)


def sign_in(server: Server, form: dict[str, str] | None = None) -> dict[str, str]:
    """Go the way of a browser from the button to the app and back; return the cookies.

    ``form`` is what is sent to the provider where it asks who one is.
    """
    place = ask(_button(server))
    with httpx.Client(trust_env=False, timeout=30) as browser:
        answer = browser.get(urljoin(server.url, place))
        for _ in range(10):
            if answer.is_redirect:
                answer = browser.send(answer.next_request) if answer.next_request else answer
            elif form and str(answer.url).startswith(server.url) is False:
                answer = browser.post(str(answer.url), data=form)
            else:
                break
        return dict(browser.cookies)


async def _button(server: Server) -> str:
    async with Visitor(server.url, "lang=en") as visitor:
        await visitor.run()
        return (await visitor.run({"sign_in": True})).redirect


def text_of(server: Server, cookies: dict[str, str], page: str = "", query: str = "lang=en") -> str:
    """Return what a page says to whoever has these cookies."""

    async def look() -> str:
        async with Visitor(server.url, query, page=page, cookies=cookies) as visitor:
            return (await visitor.run()).text

    return ask(look())


def ask(what: Awaitable[T]) -> T:
    async def run() -> T:
        return await what

    return run_apart(run())


Look = Callable[[dict[str, str]], str]
