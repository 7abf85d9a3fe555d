"""The page says its language."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from simulator.ui.html_lang import HtmlLanguage

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


def test_everything_else_passes_untouched() -> None:
    _, body = answered(b"", accept=b"*/*", path="/static/x.js")
    assert body == PAGE
