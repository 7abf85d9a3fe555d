"""Text of the user can only be text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.apps.web.formats import LIMIT, figures, literal, plain

ACTIVE = ("![x](http://198.51.100.7/x.png)", "<script>alert(1)</script>", "$x$", ":smile:", ":red[x]")


def test_names_stay_readable() -> None:
    assert plain("Pau") == "Pau"
    assert plain("Saint-Jean-de-Luz").replace("\\", "") == "Saint-Jean-de-Luz"
    assert plain("L'Île_d'Yeu*").replace("\\", "") == "L'Île_d'Yeu*"


def test_what_could_act_becomes_code() -> None:
    for text in ACTIVE:
        assert plain(text) == f"`{text}`"


def test_an_icon_is_taken_apart() -> None:
    """Streamlit rewrites ":material/" even inside code."""
    assert plain(":material/home: and :material/") == r"`:material`\/`home: and :material`\/"


def test_backticks_cannot_end_the_code() -> None:
    assert plain("`![x](http://a)`") == "`` `![x](http://a)` ``"
    assert plain("a``b:c") == "```a``b:c```"


@given(st.text(max_size=300))
def test_one_short_line_whatever_comes(text: str) -> None:
    shown = literal(text)
    assert len(shown) <= LIMIT
    assert "\n" not in plain(text)
    assert "\r" not in plain(text)


def test_long_text_is_cut() -> None:
    assert literal("a" * 500) == "a" * (LIMIT - 1) + "…"


def test_control_and_direction_signs_are_gone() -> None:
    assert literal("a\u202eb\x00c\nd") == "a b c d"


def test_a_mark_stays_on_the_line_of_its_word() -> None:
    assert literal(" mêmes   personnes\u00a0? \u00a0") == "mêmes personnes\u00a0?"
    assert literal("6\u202f300 \u00a0\u00a0 euros") == "6\u202f300\u00a0euros"


def test_amounts_in_dollars_are_no_mathematics() -> None:
    assert figures("CA$35 … CA$70") == "CA\\$35 … CA\\$70"
