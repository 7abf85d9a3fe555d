"""Every place to drop a file says in the page's language what fits into it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web.components import page_frame
from simulator.apps.web.texts import texts_of

Opened = Callable[..., AppTest]


@pytest.mark.parametrize(
    ("page", "key", "limit"),
    [
        ("results", "export_file", "CSV, XLSX, TSV, TXT, JSON, JSONL, ZIP, 100\u00a0Mo au plus"),
        ("results", "calibration_file", "JSON, 20\u00a0Mo au plus"),
        ("trials", "upload", "JSON, ZIP, 200\u00a0Mo au plus"),
    ],
)
def test_a_box_is_french_on_a_french_page(opened: Opened, page: str, key: str, limit: str) -> None:
    app = opened().switch_page(f"simulator/apps/web/pages/{page}.py").run()
    assert not app.exception, app.exception[0].stack_trace
    styles = [piece.proto.body for piece in app.get("html") if f".st-key-{key} " in piece.proto.body]
    assert len(styles) == 1
    assert f'content: "{limit}"' in styles[0]
    assert 'content: "Choisir un fichier"' in styles[0]


def test_a_box_in_english() -> None:
    style = page_frame.words(("png", "jpg"), 1, texts_of("en"), "x")
    assert 'content: "PNG, JPG, at most 1 MB"' in style
    assert ".st-key-x " in style
