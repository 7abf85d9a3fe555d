"""What every page has: language, account, problems beside their field, places to drop a file, the foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from simulator.apps.web import address, formats, session, sign_in
from simulator.apps.web.formats import plain
from simulator.apps.web.library import whole_library
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import LANGUAGES, Texts
from simulator.base.errors import SimulatorError

_BOX = """<style>
.st-key-{key} [data-testid="stFileUploaderDropzone"] button p {{font-size: 0}}
.st-key-{key} [data-testid="stFileUploaderDropzone"] button p::after {{content: "{button}"; font-size: 1rem}}
.st-key-{key} [data-testid="stFileUploaderDropzoneInstructions"] {{font-size: 0}}
.st-key-{key} [data-testid="stFileUploaderDropzoneInstructions"] * {{font-size: 0}}
.st-key-{key} [data-testid="stFileUploaderDropzoneInstructions"]::after {{content: "{limit}"; font-size: 0.875rem}}
.st-key-{key} [data-testid="stFileChip"][aria-invalid="true"] [role="alert"] {{display: none}}
.st-key-{key} [data-testid="stFileChip"][aria-invalid="true"] [data-testid="stFileChipName"] {{white-space: normal}}
.st-key-{key} [data-testid="stFileChip"][aria-invalid="true"] [data-testid="stFileChipName"]::after
 {{content: "{refused}"; display: block}}
</style>"""


def show(
    label: str,
    kinds: Sequence[str],
    megabytes: int,
    texts: Texts,
    *,
    key: str,
    on_change: Callable[[], Any] | None = None,
    any_kind: bool = False,
    several: bool = False,
    widget: str = "",
) -> Any:
    """Draw the box and return what was dropped, if anything; ``kinds`` are the endings of file names.

    With ``any_kind`` a file of another ending is handed over too, for whoever reads it to say what is wrong with it.
    ``widget`` is the key of the box itself where it is another than that of its place: a new one stands there empty.
    """
    st.html(words(kinds, megabytes, texts, key))
    with st.container(key=key if widget else None):
        return st.file_uploader(
            label,
            type=None if any_kind else list(kinds),
            max_upload_size=megabytes,
            key=widget or key,
            on_change=on_change,
            accept_multiple_files=several,
        )


def words(kinds: Sequence[str], megabytes: int, texts: Texts, key: str) -> str:
    """Return the style that puts our words in place of Streamlit's."""
    named = ", ".join(kind.upper() for kind in kinds)
    limit = texts("file_box.limit", kinds=named, size=formats.number(megabytes, texts.language))
    refused = texts("file_box.refused", limit=limit)
    return _BOX.format(key=key, button=texts("file_box.button"), limit=limit, refused=refused)


_PERSON = "_person"


def welcome(texts: Texts) -> bool:
    """Say who is here, or ask to sign in; return whether the page may be shown."""
    if not sign_in.is_on():
        return True
    try:
        person = sign_in.person(whole_library())
    except SimulatorError as error:
        _way_in(texts, error)
        return False
    if person is None:
        _way_in(texts, None)
        return False
    _own_memory(person.key)
    with st.container(horizontal=True, vertical_alignment="center", key="account"):
        name = plain(person.name or person.email, 60) or texts("access.somebody")
        st.caption(texts("access.signed_in", name=name, role=texts.choice("access.role", person.role)))
        if st.button(texts("access.sign_out"), key="sign_out", type="tertiary"):
            sign_in.leave(whole_library())
            st.logout()
    return True


def _own_memory(key: str) -> None:
    """Forget what the visit remembers when another person signs in."""
    if st.session_state.setdefault(_PERSON, key) != key:
        st.session_state.clear()
        st.session_state[_PERSON] = key


def _way_in(texts: Texts, error: SimulatorError | None) -> None:
    st.title(texts("access.title"), anchor=False)
    st.markdown(texts("access.why"))
    if error is not None:
        st.warning(sentence(error, texts))
    if error is not None and error.code == "too_many_sessions":
        st.button(texts("access.leave_elsewhere"), key="leave_elsewhere", on_click=_leave_elsewhere)
        return
    if st.button(texts("access.sign_in"), key="sign_in"):
        st.login()


def _leave_elsewhere() -> None:
    sign_in.leave_elsewhere(whole_library())


def switch_language(texts: Texts) -> None:
    """Draw the switch; the links keep the choices, which stand in the address, and what a visit holds besides."""
    session.resume_visit()
    here = {name: st.query_params.get_all(name) for name in st.query_params if name != address.LANGUAGE}
    rest = here or session.entries()
    if held := session.hand_over_visit():
        rest = {**rest, session.VISIT_ENTRY: held}
    links = []
    for language in LANGUAGES:
        query = urlencode({**rest, address.LANGUAGE: language}, doseq=True)
        current = ' aria-current="true"' if language == texts.language else ""
        links.append(f'<a href="?{query}" lang="{language}" hreflang="{language}"{current}>{language.upper()}</a>')
    # The query is percent-encoded: no quotation mark or angle bracket of the address survives in it.
    st.html(f'<nav class="languages" aria-label="{texts("app.language")}">{" | ".join(links)}</nav>')


def show_foot(pages: Sequence[Any], texts: Texts) -> None:
    """Draw a link to every page, and say where the figures are worked out."""
    st.divider()
    if len(pages) > 1:
        with st.container(horizontal=True, key="foot"):
            for page in pages:
                st.page_link(page)
    st.caption(texts("access.offline" if sign_in.is_on() else "app.offline"))
