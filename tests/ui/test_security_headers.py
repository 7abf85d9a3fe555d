"""Headers, cookies, sizes: the middleware alone, then the whole app without a browser."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.apps.web import security_headers as transport
from simulator.apps.web.security_headers import Transport, policy
from simulator.base.errors import InvalidInput
from tests.apart import run_apart

COOKIES = [(b"set-cookie", b"a=1; HttpOnly"), (b"Set-Cookie", b"b=2; secure")]


def exchange(
    *,
    scheme: str = "http",
    client: str = "127.0.0.1",
    path: str = "/",
    body: tuple[bytes, ...] = (b"",),
    **headers: str,
) -> tuple[int, list[tuple[bytes, bytes]], list[dict[str, Any]]]:
    """Send one request through; return status, headers and what the app inside received."""
    seen: list[dict[str, Any]] = []
    sent: list[dict[str, Any]] = []
    parts = list(body)

    async def inner(scope: dict[str, Any], receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            seen.append(message)
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": COOKIES})
        await send({"type": "http.response.body", "body": b"ok"})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "scheme": scheme, "path": path, "client": (client, 1), "headers": given, "method": "GET"}
    run_apart(Transport(inner)(scope, receive, send))
    return sent[0]["status"], sent[0]["headers"], seen


def cookies(headers: list[tuple[bytes, bytes]]) -> list[bytes]:
    return [value for name, value in headers if name.lower() == b"set-cookie"]


def test_cookies_over_plain_http_stay_as_they_are() -> None:
    _, headers, _ = exchange()
    assert cookies(headers) == [b"a=1; HttpOnly", b"b=2; secure"]
    assert b"strict-transport-security" not in dict(headers)


@pytest.mark.parametrize(
    ("proxies", "client", "told", "secure"),
    [
        ("10.0.0.0/8", "10.1.2.3", "https", True),
        ("10.0.0.0/8, 127.0.0.1", "127.0.0.1", "https", True),
        ("10.0.0.0/8", "10.1.2.3", "https, http", True),
        ("10.0.0.0/8", "10.1.2.3", "HTTPS", True),
        ("10.9.9.9/8", "10.1.2.3", "https", True),
        ("10.0.0.0/8", "10.1.2.3", "http", False),
        ("10.0.0.0/8", "192.0.2.9", "https", False),
        ("", "10.1.2.3", "https", False),
        ("fd00::/8", "fd00::1", "https", True),
        ("10.0.0.0/8", "a-socket", "https", False),
    ],
)
def test_a_proxy_is_believed_only_if_it_is_trusted(
    monkeypatch: pytest.MonkeyPatch, proxies: str, client: str, told: str, secure: bool
) -> None:
    monkeypatch.setenv("ADSIM_TRUSTED_PROXIES", proxies)
    _, headers, _ = exchange(client=client, x_forwarded_proto=told)
    assert all(b"secure" in value.lower() for value in cookies(headers)) is secure
    assert (b"strict-transport-security" in dict(headers)) is secure


def test_behind_a_trusted_proxy_the_app_sees_who_asks_and_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_TRUSTED_PROXIES", "10.0.0.0/8")
    seen: list[dict[str, Any]] = []

    async def inner(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.append(scope)

    headers = [(b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"203.0.113.9, 192.0.2.7, 10.1.2.4")]
    for client in ("10.1.2.3", "192.0.2.9"):
        scope = {"type": "websocket", "scheme": "ws", "path": "/", "client": (client, 1), "headers": headers}
        run_apart(Transport(inner)(scope, None, None))
        assert scope["scheme"] == "ws"
    # The last that no proxy of ours is: what stands before it, anybody may have written.
    assert [(one["scheme"], one["client"][0]) for one in seen] == [("wss", "192.0.2.7"), ("ws", "192.0.2.9")]


def test_https_to_the_app_itself_counts() -> None:
    _, headers, _ = exchange(scheme="https")
    assert cookies(headers) == [b"a=1; HttpOnly; Secure", b"b=2; secure"]


def test_a_setting_that_names_no_network_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_TRUSTED_PROXIES", "my proxy")
    with pytest.raises(InvalidInput) as refusal:
        Transport(None)
    expected = {"field": "ADSIM_TRUSTED_PROXIES", "received": "'my proxy'", "allowed": "addresses such as 10.0.0.0/8"}
    assert (refusal.value.code, refusal.value.data) == ("wrong_type", expected)


def test_every_answer_has_the_policy_and_its_companions() -> None:
    _, headers, _ = exchange()
    found = {name.decode(): value.decode() for name, value in headers}
    assert found["x-content-type-options"] == "nosniff"
    assert found["x-frame-options"] == "DENY"
    assert "default-src 'self'" in found["content-security-policy"]


def test_the_policy_names_inline_scripts_by_their_hash_and_no_other() -> None:
    page = (
        b"<script src='a.js'></script><script type='module' crossorigin src=\"b.js\"></script><script>alert(1)</script>"
    )
    # printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    rules = dict(rule.split(" ", 1) for rule in policy(page).split("; "))
    assert rules["script-src"] == "'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    assert rules["connect-src"] == "'self'"
    assert dict(rule.split(" ", 1) for rule in policy(b"").split("; "))["script-src"] == "'self'"


def test_what_is_announced_too_large_is_refused_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_MAX_REQUEST_MB", "2")
    status, _, seen = exchange(content_length="2000001")
    assert (status, seen) == (413, [])
    assert exchange(content_length="2000000")[0] == 200
    assert "plus grand" in transport.TOO_LARGE
    assert "larger" in transport.TOO_LARGE


def test_what_is_larger_than_announced_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_MAX_REQUEST_MB", "1")
    _, _, seen = exchange(body=(b"x" * 600_000, b"x" * 600_000, b"x"))
    assert [message["type"] for message in seen] == ["http.request", "http.disconnect"]


def test_uploads_have_a_limit_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_MAX_UPLOAD_MB", "1")
    assert exchange(path="/_stcore/upload_file/s/f", content_length="1000001")[0] == 413
    assert exchange(path="/elsewhere", content_length="1000001")[0] == 200
