"""The page says in which language it is, in the words of that language, and where its server answers.

Streamlit always writes ``<html lang="en">`` and names its own buttons in English. And it guesses its server's address
from the page's: on ``/trials`` it first asks for ``/trials/_stcore/health``, which nobody answers. The page's own files
are asked for beside it (``./static``), so the server lies there too, under whatever path it was put.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs

from simulator.apps.web.texts import LANGUAGES, texts_of

_STREAMLITS = "en"
_WRITTEN = b'<html lang="en"'
_END = b"</head>"
_SERVER = (
    b"<script>window.__streamlit={BACKEND_BASE_URL:new URL('./',location.href).href,...window.__streamlit}</script>"
)
"""Streamlit's own name for the address; should it ever be forgotten, the guess is back."""
_HIDDEN = (b"accept-encoding", b"if-none-match", b"if-modified-since")
"""Headers kept from the server, so that the page comes whole and as plain text."""


class HtmlLanguage:
    """ASGI middleware: the language of ``?lang=``, else the browser's, in every page of HTML."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Pass everything on; rewrite the pages."""
        if scope["type"] != "http" or not _asks_for_page(scope):
            await self.app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in _HIDDEN]
        page = _Page(send, language_of(scope.get("query_string", b""), headers_of(scope).get(b"accept-language", b"")))
        await self.app({**scope, "headers": headers, "extensions": {}}, receive, page.send)


def completed(page: bytes) -> bytes:
    """Return the page of HTML with the address of its server and the words for what Streamlit says in English."""
    return page.replace(_END, _SERVER + _translator() + _END, 1)


@cache
def _translator() -> bytes:
    """Return the script that exchanges Streamlit's words; the same for every language, so that one policy allows it."""
    theirs = texts_of(_STREAMLITS).entries
    keys = [key for key in theirs if key.startswith("streamlit.")]
    words = {
        language: {theirs[key]: texts_of(language).entries[key] for key in keys}
        for language in LANGUAGES
        if language != _STREAMLITS
    }
    script = files("simulator.apps.web").joinpath("streamlit_words.js").read_text(encoding="utf-8")
    as_json = json.dumps(words).replace("<", "\\u003c")
    return f"<script>{script.replace('WORDS[', f'({as_json})[', 1)}</script>".encode()


def language_of(query: bytes, accepted: bytes = b"") -> str:
    """Return the language an address asks for, else the browser's first one where we speak it."""
    asked = parse_qs(query.decode("latin-1")).get("lang", [""])[-1]
    return next((told for told in (asked, accepted[:2].decode("latin-1").lower()) if told in LANGUAGES), LANGUAGES[0])


def headers_of(scope: dict[str, Any]) -> dict[bytes, bytes]:
    """Return the headers of a request, names in small letters."""
    return {name.lower(): value for name, value in scope["headers"]}


def _asks_for_page(scope: dict[str, Any]) -> bool:
    accepted = headers_of(scope).get(b"accept", b"")
    return scope["method"] == "GET" and b"text/html" in accepted


class _Page:
    """Holds a response back until it is whole, then sends it in its language."""

    def __init__(self, send: Any, language: str) -> None:
        self._send = send
        self._language = language
        self._start: dict[str, Any] = {}
        self._body = b""

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = completed(self._body.replace(_WRITTEN, f'<html lang="{self._language}"'.encode(), 1))
        headers = [(name, value) for name, value in self._start["headers"] if name.lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})
