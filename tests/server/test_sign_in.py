"""Sign-in by OpenID Connect: with a real provider, with one that issues bad tokens, and after the sign-out."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from oidc_provider_mock import run_server_in_thread

from simulator.accounts import open_access
from simulator.accounts.people import person_key
from simulator.library import Scenario, open_store
from tests.browser.server import Server
from tests.server.issuer import Issuer
from tests.server.running import COOKIE_SECRET, SECRET, ask, sign_in, signed_in_server, text_of
from tests.unit.library.examples import scenario
from tools.check.websocket_client import Visitor

ASKED = "sign in with your organisation's account"
USER = "_streamlit_user"
NOTE = "a note that belongs in no log"


def path_of(server: Server) -> Path:
    return server.log.parent / "scenarios.sqlite"


def test_nobody_sees_anything_before_signing_in(server: Server) -> None:
    for page in ("", "trials", "results", "understand"):
        said = text_of(server, {}, page)
        assert ASKED in said
        assert "How many people" not in said


def test_who_signs_in_is_let_in_and_named(server: Server) -> None:
    cookies = sign_in(server)
    said = text_of(server, cookies)
    assert ASKED not in said
    assert "Anna, craft" in said


@pytest.mark.parametrize(
    "fault", ["wrong key", "wrong audience", "expired", "wrong nonce", "wrong issuer", "no signature"]
)
def test_a_bad_token_lets_nobody_in(server: Server, issuer: Issuer, fault: str) -> None:
    issuer.fault = fault
    cookies = sign_in(server)
    assert USER not in cookies
    assert ASKED in text_of(server, cookies)


def test_an_altered_cookie_lets_nobody_in(server: Server) -> None:
    cookies = sign_in(server)
    value = cookies[USER]
    middle = len(value) // 3
    for altered in (
        value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :],
        # Inside the signature; of its last letter some bits mean nothing.
        value[:-9] + ("A" if value[-9] != "A" else "B") + value[-8:],
        value[: len(value) // 2],
        json.dumps({"is_logged_in": True, "sub": "anna"}),
        "",
    ):
        assert ASKED in text_of(server, {**cookies, USER: altered}), altered[:20]
    assert ASKED not in text_of(server, cookies)


def test_a_copied_cookie_is_worthless_after_the_sign_out(server: Server) -> None:
    cookies = sign_in(server)
    copied = dict(cookies)

    async def other_window_stays_open() -> tuple[str, str, str]:
        async with Visitor(server.url, "lang=en", cookies=copied) as elsewhere:
            before = await elsewhere.run()
            async with Visitor(server.url, "lang=en", cookies=cookies) as here:
                await here.run()
                left = await here.run({"sign_out": True})
            after = await elsewhere.run()
            return before.text, left.redirect, after.text

    before, redirect, after = ask(other_window_stays_open())
    assert ASKED not in before
    assert redirect.startswith("/auth/logout")
    assert "it was ended" in after
    assert "How many people" not in after
    assert "it was ended" in text_of(server, copied)
    assert ASKED not in text_of(server, sign_in(server)), "who signed out may come back"


def test_a_sign_in_ends_when_its_token_does(server: Server, issuer: Issuer) -> None:
    issuer.seconds = 4.0
    began = time.monotonic()
    cookies = sign_in(server)

    async def stay() -> tuple[str, str]:
        async with Visitor(server.url, "lang=en", cookies=cookies) as visitor:
            first = await visitor.run()
            while time.monotonic() - began < 4.5:
                time.sleep(0.1)
            return first.text, (await visitor.run()).text

    first, later = ask(stay())
    assert "How many people" in first or "has expired" in first, "a slow machine may be late already"
    assert "has expired" in later
    assert "has expired" in text_of(server, cookies)


def test_each_sees_their_own_and_a_guessed_address_leads_nowhere(server: Server, issuer: Issuer) -> None:
    anna = sign_in(server)
    text_of(server, anna)
    issuer.subject = "bruno"
    bruno = sign_in(server)
    text_of(server, bruno)
    with open_store(path_of(server)) as store:
        access = open_access(store)
        mine = scenario(title="Walnut bread", notes=NOTE)
        people = {one.key: one for one in access.people()}
        access.view(people[person_key(issuer.url, "anna")]).save(mine)
    assert "Walnut bread" in button_labels(server, anna)
    assert "Walnut bread" not in button_labels(server, bruno)
    assert "Anna" in text_of(server, anna, "trials", f"lang=en&trial={mine.id}")
    said = text_of(server, bruno, "trials", f"lang=en&trial={mine.id}")
    assert "no trial is called" in said
    assert "bread" not in said
    other = scenario()
    assert "no trial is called" in text_of(server, bruno, "trials", f"lang=en&trial={other.id}")
    said = text_of(server, bruno, "trials", f"lang=en&compare={mine.id},{mine.id}")
    assert "bread" not in said


def button_labels(server: Server, cookies: dict[str, str]) -> str:
    return text_of(server, cookies, "trials")


def test_a_shared_link_shows_one_trial_and_nothing_else(server: Server, issuer: Issuer) -> None:
    text_of(server, sign_in(server))
    with open_store(path_of(server)) as store:
        access = open_access(store)
        view = access.view(next(one for one in access.people() if one.key == person_key(issuer.url, "anna")))
        one: Scenario = scenario(title="Shared bread")
        view.save(one)
        token = access.share(view, one.id, 7)
    said = text_of(server, {}, "shared", f"lang=en&link={token}")
    assert "Shared bread" in said
    assert "Read-only link" in said
    assert "leads nowhere" in text_of(server, {}, "shared", "lang=en&link=" + "x" * 43)
    with open_store(path_of(server)) as store:
        access = open_access(store)
        view = store
        access.unshare(view, one.id, access.links(view, one.id)[0].mark)
    assert "leads nowhere" in text_of(server, {}, "shared", f"lang=en&link={token}")
    assert token not in server.log.read_text(errors="replace")


def test_the_log_holds_lines_of_json_and_no_secret_name_or_note(server: Server, issuer: Issuer) -> None:
    issuer.fault = "wrong key"
    sign_in(server)
    lines = [line for line in server.log.read_text(errors="replace").splitlines() if line.strip()]
    text = "\n".join(lines)
    for secret in (SECRET, COOKIE_SECRET, NOTE, "anna@example.org", "Anna", "bread"):
        assert secret not in text
    started = [place for place, line in enumerate(lines) if line.startswith("{")]
    assert started, text[:500]
    records = [json.loads(line) for line in lines[started[0] :] if line.startswith("{")]
    assert all({"time", "level", "logger", "message"} <= record.keys() for record in records)
    assert not [line for line in lines if line.startswith(("Traceback", '  File "'))]


def test_with_a_real_provider(tmp_path: Path) -> None:
    with run_server_in_thread(require_nonce=True) as provider:
        url = f"http://localhost:{provider.server_port}"
        with signed_in_server(tmp_path, url, ADSIM_MAX_SESSIONS="2") as server:
            cookies = sign_in(server, {"sub": "claire"})
            said = text_of(server, cookies)
            assert ASKED not in said
            assert "How many people" in said
            text_of(server, sign_in(server, {"sub": "claire"}))
            third = sign_in(server, {"sub": "claire"})
            said = text_of(server, third)
            assert "2 are already open" in said
            assert "How many people" not in said
