"""The server as a whole: its health, other sites, tokens of forms, and what a failure shows and logs."""

from __future__ import annotations

import http.client
import json
import logging
import re
from pathlib import Path

import httpx
import pytest
import websockets
from streamlit.testing.v1 import AppTest
from websockets.exceptions import InvalidStatus

from simulator.apps.web import messages, serving
from simulator.library import open_store
from tests.apart import run_apart
from tests.browser.server import Server


def get(server: Server, path: str, **headers: str) -> httpx.Response:
    return httpx.get(server.url + path, headers=headers, trust_env=False)


def test_health_asks_the_database(server: Server) -> None:
    answer = get(server, "/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == answer.json()["database"] == "ok"
    assert answer.headers["cache-control"] == "no-store"


def test_health_says_when_the_database_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path / "scenarios.sqlite") as store:
        monkeypatch.setattr(serving, "whole_library", lambda: store)
        assert run_apart(serving.health(None)).status_code == 200
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE scenario_store")
        answer = run_apart(serving.health(None))
    assert answer.status_code == 503
    assert json.loads(answer.body)["database"] == "store_failed"
    assert str(tmp_path) not in answer.body.decode()


def test_no_other_site_may_read_or_connect(server: Server) -> None:
    for path in ("/_stcore/health", "/_stcore/host-config", "/health"):
        answer = get(server, path, origin="https://elsewhere.example.org")
        assert "access-control-allow-origin" not in answer.headers

    async def connect() -> None:
        address = server.url.replace("http", "ws") + "/_stcore/stream"
        async with websockets.connect(address, origin="https://elsewhere.example.org", proxy=None):
            pass

    with pytest.raises(InvalidStatus):
        run_apart(connect())


def test_an_upload_needs_the_token_of_this_site(server: Server) -> None:
    files = {"file": ("a.json", b"{}")}
    with httpx.Client(base_url=server.url, trust_env=False) as visitor:
        assert visitor.put("/_stcore/upload_file/session/file", files=files).status_code == 403
        visitor.get("/_stcore/health")
        token = visitor.cookies["_streamlit_xsrf"]
        with_token = visitor.put("/_stcore/upload_file/session/file", files=files, headers={"X-Xsrftoken": token})
    # The token is right, the session is not: refused for another reason.
    assert with_token.status_code == 400


def test_what_is_too_large_is_refused_before_it_is_read(server: Server) -> None:
    visitor = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)
    visitor.putrequest("POST", "/")
    visitor.putheader("Content-Length", str(10**12))
    visitor.endheaders()
    answer = visitor.getresponse()
    assert answer.status == 413
    assert "plus grand" in answer.read().decode()


def _failing() -> None:
    from simulator.apps.web import messages

    messages.unexpected(KeyError("what somebody typed"))


def test_a_failure_shows_a_mark_that_the_log_has(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger=messages.__name__):
        page = AppTest.from_function(_failing).run()
    shown = page.error[0].value
    mark = re.search(r"\*\*([0-9a-f]{8})\*\*", shown)
    assert mark
    assert "somebody typed" not in shown
    assert [record.incident for record in caplog.records if hasattr(record, "incident")] == [mark[1]]
