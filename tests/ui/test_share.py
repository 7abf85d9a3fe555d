"""The link that is sent: an address that opens on one computer only says so."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from simulator.apps.web.components.keep import only_here
from simulator.apps.web.texts import texts_of


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8501", True),
        ("http://127.8.9.1", True),
        ("http://localhost:8501/", True),
        ("http://LOCALHOST./", True),
        ("http://app.localhost", True),
        ("http://[::1]:8501", True),
        ("https://ads.example.org", False),
        ("https://localhost.example.org", False),
        ("http://192.0.2.7:8501", False),
        ("http://[oops", False),
        ("", False),
    ],
)
def test_which_addresses_lead_back_to_whoever_opens_them(url: str, here: bool) -> None:
    assert only_here(url) is here


def page() -> None:
    from simulator.apps.web.components import keep
    from simulator.apps.web.texts import texts_of

    keep.show_link({"daily_budget": "5"}, texts_of("fr"))


@pytest.mark.parametrize(("url", "said"), [("http://127.0.0.1:8501/", 1), ("https://ads.example.org/", 0)])
def test_the_link_says_that_it_opens_here_only(monkeypatch: pytest.MonkeyPatch, url: str, said: int) -> None:
    monkeypatch.setattr(st, "context", SimpleNamespace(url=url))
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.code[0].value.startswith(url)
    assert [one.value for one in app.caption] == [texts_of("fr")("share.only_here")] * said
