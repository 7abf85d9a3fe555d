"""Mes résultats without a browser: what tests do on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

Opened = Callable[..., AppTest]
PAGE = "simulator/apps/web/pages/results.py"
PATIENCE_S = 180.0


def run(touched: Any) -> AppTest:
    """Run the page after what was touched: a widget, or the app itself."""
    app: AppTest = touched.run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def press(app: AppTest, key: str) -> AppTest:
    return run(app.button(key=key).click())


def said(app: AppTest) -> str:
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error")
    return "\n".join(piece.value for kind in kinds for piece in getattr(app, kind)).replace("\\", "")


def drop(app: AppTest, name: str, content: bytes) -> AppTest:
    app.session_state["_results_pending"] = [(name, content)]
    return run(app)


def wait_for_end(app: AppTest) -> AppTest:
    deadline = time.monotonic() + PATIENCE_S
    while "cancel" in [button.key for button in app.button]:
        assert time.monotonic() < deadline, "the work does not end"
        time.sleep(0.3)
        run(app)
    return app
