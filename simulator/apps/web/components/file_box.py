"""A place to drop a file, in the language of the page: the words inside Streamlit's own box are English everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from simulator.apps.web import formats
from simulator.apps.web.texts import Texts

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
