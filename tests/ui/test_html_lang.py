"""The page says its language, and where its server answers."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import streamlit
import streamlit as st
from streamlit.testing.v1 import AppTest

from simulator.apps.web import html_lang
from simulator.apps.web.html_lang import HtmlLanguage
from simulator.apps.web.security_headers import Transport, _served_page, policy
from simulator.apps.web.texts import texts_of

STATIC = Path(streamlit.__file__).parent / "static"

PAGE = b'<!DOCTYPE html><html lang="en"><head></head></html>'


async def server(scope: dict[str, Any], receive: Any, send: Any) -> None:
    assert b"accept-encoding" not in dict(scope["headers"]) or scope["path"] != "/"
    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(PAGE)).encode())]}
    await send(start)
    await send({"type": "http.response.body", "body": PAGE[:20], "more_body": True})
    await send({"type": "http.response.body", "body": PAGE[20:]})


def answered(query: bytes, accept: bytes = b"text/html", path: str = "/") -> tuple[dict[bytes, bytes], bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"accept", accept), (b"accept-encoding", b"gzip")]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": headers}
    # A thread of its own: on a worker that also runs the browser's tests an event loop is already running.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, HtmlLanguage(server)(scope, None, send)).result()
    return dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize(
    ("query", "language"),
    [(b"", b"fr"), (b"lang=en", b"en"), (b"a=1&lang=fr", b"fr"), (b'lang="><script>', b"fr"), (b"lang=\xff", b"fr")],
)
def test_the_page_comes_in_its_language(query: bytes, language: bytes) -> None:
    headers, body = answered(query)
    assert b'<html lang="' + language + b'">' in body
    assert headers[b"content-length"] == str(len(body)).encode()


def test_the_page_says_before_its_program_runs_that_the_server_lies_beside_it() -> None:
    _, body = answered(b"")
    head = body.partition(b"</head>")[0]
    assert head.count(b"<script>window.__streamlit={BACKEND_BASE_URL:new URL('./',location.href).href") == 1
    assert _served_page().count(b"</head>") == 1
    assert b"__streamlit" not in _served_page()


def test_the_page_brings_the_words_for_what_streamlit_says_in_english() -> None:
    _, french = answered(b"")
    _, english = answered(b"lang=en")
    script = french.partition(b"(() => {")[2].partition(b"</script>")[0]
    found = json.loads(re.search(rb"const words = \((.*?)\)\[document", script).group(1))  # type: ignore[union-attr]
    assert found["fr"]["Fullscreen"] == "Plein écran"
    assert len(found["fr"]) == len([key for key in texts_of("fr").entries if key.startswith("streamlit.")])
    assert b"WORDS[" not in script
    assert english.replace(b'lang="en"', b'lang="fr"', 1) == french


def test_streamlit_still_uses_the_words_that_are_exchanged() -> None:
    """A new version may name its buttons otherwise: then the catalogue follows."""
    programs = "".join(path.read_text("utf-8") for path in (STATIC / "static" / "js").glob("*.js"))
    entries = texts_of("en").entries
    words = [entries[key].replace("{what}", "") for key in entries if key.startswith("streamlit.")]
    # Put together from the kind of mark and the rest.
    assert [word for word in words if word.removeprefix("group ") not in programs] == []


def test_the_policy_allows_what_is_written_into_the_page() -> None:
    answers: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    async def page(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": _served_page()})

    headers = [(b"accept", b"text/html")]
    scope = {"type": "http", "method": "GET", "path": "/trials", "query_string": b"", "headers": headers}
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, Transport(HtmlLanguage(page))(scope, None, send)).result()
    allowed = dict(answers[0]["headers"])[b"content-security-policy"]
    assert policy(answers[1]["body"]).encode() == allowed
    assert b"BACKEND_BASE_URL" in answers[1]["body"]


def test_everything_else_passes_untouched() -> None:
    _, body = answered(b"", accept=b"*/*", path="/static/x.js")
    assert body == PAGE


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        (b"", b"en-GB,en;q=0.9", "en"),
        (b"", b"fr-CA", "fr"),
        (b"", b"de-DE,en;q=0.5", "fr"),
        (b"", b"", "fr"),
        (b"lang=fr", b"en-GB", "fr"),
        (b"lang=en", b"fr-FR", "en"),
    ],
)
def test_the_address_says_the_language_else_the_browser(query: bytes, accepted: bytes, language: str) -> None:
    assert html_lang.language_of(query, accepted) == language


@pytest.mark.parametrize(("locale", "title"), [("en-GB", "How many people"), ("fr-FR", "Combien"), (None, "Combien")])
def test_a_first_visit_is_in_the_language_of_the_browser(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, locale: str | None, title: str
) -> None:
    monkeypatch.setattr(type(st.context), "locale", property(lambda _: locale))
    app = opened()
    assert app.title[0].value.startswith(title)
    assert "lang" not in app.query_params
    french = opened(lang="fr")
    assert french.title[0].value.startswith("Combien")
    assert ("lang" in french.query_params) == (locale == "en-GB"), "kept, or a reload would be in English"
