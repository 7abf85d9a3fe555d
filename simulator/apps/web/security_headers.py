"""What travels between the app and a browser: how much, to whom, and what the page may load.

An ASGI middleware around Streamlit. The policy of the page names its inline scripts by hash and allows no other, no
evaluated text, nothing from elsewhere and no frame. Behind HTTPS cookies are sent over HTTPS only. That a request came
by HTTPS, and from whom, is believed of the proxies that ``ADSIM_TRUSTED_PROXIES`` names.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from functools import cache
from pathlib import Path
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from simulator.accounts.settings import limits, setting
from simulator.apps.web.html_lang import completed
from simulator.base.errors import InvalidInput, shown

INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
UPLOADS = "/_stcore/upload_file"
TOO_LARGE = (
    "Ce fichier est plus grand que ce serveur ne l'accepte ({most:g} Mo). "
    "This file is larger than this server takes ({most:g} MB).\n"
)
YEAR_SECONDS = 31_536_000
FORWARDED = b"x-forwarded-proto"


def policy(page: bytes) -> str:
    """Return the content security policy for a page with these inline scripts."""
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in INLINE.findall(page))
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {hashes}".strip(),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' data: blob:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "frame-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def trusted_proxies() -> list[str]:
    """Return the networks whose ``X-Forwarded-…`` are believed.

    Raises
    ------
    InvalidInput
        ``wrong_type`` for what is neither an address nor a network.
    """
    return [_network(part.strip()) for part in setting("ADSIM_TRUSTED_PROXIES").split(",") if part.strip()]


class Transport:
    """Limits the size of requests; adds policy, secure cookies and the like to every answer."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self._policy = policy(completed(_served_page())).encode()
        self._seen_through = ProxyHeadersMiddleware(self._answered, trusted_proxies())

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Pass everything on, except what is too large."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        # Of several proxies the first spoke with the browser; uvicorn takes one word only.
        headers = [
            (name, value.split(b",")[0].lower() if name == FORWARDED else value) for name, value in scope["headers"]
        ]
        await self._seen_through({**scope, "headers": headers}, receive, send)

    async def _answered(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            most = _most_megabytes(str(scope.get("path", "")))
            body = _Body(receive, most * 1e6)
            if _announced(scope) > body.most:
                await _refuse(send, most)
                return
            receive = body.receive
        answer = _Answer(send, self._policy, over_https=scope.get("scheme") in ("https", "wss"))
        await self.app(scope, receive, answer.send)


class _Body:
    """Counts what comes in: a body may be longer than announced, or announced not at all."""

    def __init__(self, receive: Any, most: float) -> None:
        self._receive = receive
        self.most = most
        self._seen = 0

    async def receive(self) -> Any:
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen > self.most:
                # As if the visitor had gone: nothing of the rest is read.
                return {"type": "http.disconnect"}
        return message


class _Answer:
    def __init__(self, send: Any, page_policy: bytes, *, over_https: bool) -> None:
        self._send = send
        self._over_https = over_https
        self._added = [
            (b"content-security-policy", page_policy),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"same-origin"),
        ]
        if over_https:
            self._added.append((b"strict-transport-security", f"max-age={YEAR_SECONDS}".encode()))

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            ours = {name for name, _ in self._added}
            kept = [(name, self._cookie(name, value)) for name, value in message.get("headers", ())]
            if message["type"] == "http.response.start":
                kept = [entry for entry in kept if entry[0].lower() not in ours] + self._added
            message = {**message, "headers": kept}
        await self._send(message)

    def _cookie(self, name: bytes, value: bytes) -> bytes:
        if not self._over_https or name.lower() != b"set-cookie":
            return value
        has_it = any(part.strip().lower() == b"secure" for part in value.split(b";"))
        return value if has_it else value + b"; Secure"


async def _refuse(send: Any, most: float) -> None:
    body = TOO_LARGE.format(most=most).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _announced(scope: dict[str, Any]) -> int:
    told = dict(scope["headers"]).get(b"content-length", b"")
    return int(told) if told.isdigit() else 0


def _most_megabytes(path: str) -> float:
    found = limits()
    return found.request_megabytes if UPLOADS not in path else min(found.request_megabytes, found.upload_megabytes)


@cache
def _served_page() -> bytes:
    import streamlit

    return (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


def _network(text: str) -> str:
    # uvicorn takes any word for a name, and an address within a network for none.
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        problem = InvalidInput(
            "wrong_type", field="ADSIM_TRUSTED_PROXIES", received=shown(text), allowed="addresses such as 10.0.0.0/8"
        )
    raise problem
