"""The app without a browser, and catalogues to compare what it says with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web.texts import Texts, texts_of

PATIENCE_S = 60


@pytest.fixture
def opened(root: Path) -> Callable[..., AppTest]:
    """Open the app at an address and run it: ``opened(lang="en", daily_budget="10")``."""

    def open_app(**entries: str) -> AppTest:
        app = AppTest.from_file(root / "app.py", default_timeout=PATIENCE_S)
        for name, value in entries.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception[0].stack_trace
        return app

    return open_app


@pytest.fixture
def fr() -> Texts:
    return texts_of("fr")


@pytest.fixture
def en() -> Texts:
    return texts_of("en")
