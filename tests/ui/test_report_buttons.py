"""« Imprimer » without a browser: offered for choices and kept trials, made when it is asked for."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from streamlit.testing.v1 import AppTest

from simulator import Campaign, Place, Targeting
from simulator.apps.web.components import report
from simulator.apps.web.texts import LANGUAGES, texts_of
from simulator.library import Scenario, open_store

Opened = Callable[..., AppTest]
TRIALS = "simulator/apps/web/pages/trials.py"


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ADSIM_DATABASE_URL", raising=False)


def pains(**more: object) -> Scenario:
    targeting = Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54)
    return Scenario(campaign=Campaign(targeting=targeting, daily_budget=5), title="Pains", **more)


def offered(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_simuler_and_the_sheet_offer_three_files(opened: Opened, language: str) -> None:
    texts = texts_of(language)
    wanted = [texts(f"reports.{kind}") for kind in report.FORMATS]
    app = opened(lang=language)
    assert [label for label in offered(app) if label in wanted] == wanted
    key = open_store().save(pains().with_figures()).id
    app.switch_page(TRIALS).run()
    app.button(key=f"open_{key}").click().run()
    assert not app.exception
    assert [label for label in offered(app) if label in wanted] == wanted


def test_a_trial_that_cannot_be_calculated_any_more_is_not_printed(opened: Opened) -> None:
    gone = pains(overrides={"prices.cpm.FR": 9.0}).to_json().replace("prices.cpm.FR", "prices.gone")
    key = open_store().save(Scenario.from_json(gone)).id
    app = opened(lang="fr").switch_page(TRIALS).run()
    app.button(key=f"open_{key}").click().run()
    assert not app.exception
    assert texts_of("fr")("reports.pdf") not in offered(app)
    assert app.warning


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")])
def test_each_button_makes_its_own_file(kind: str, start: bytes) -> None:
    content = report._content(kind, lambda: pains(client="Lagarde"), "fr", None)
    assert content.startswith(start)
    if kind == "pdf":
        assert "Lagarde" in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_a_letterhead_that_is_no_picture_is_named_and_not_kept(opened: Opened) -> None:
    key = open_store().save(pains().with_figures()).id
    app = opened(lang="fr").switch_page(TRIALS).run()
    app.button(key=f"open_{key}").click().run()
    uploader = app.get("file_uploader")[0]
    uploader.upload("tete.png", b"<svg/>", "image/png").run()
    assert "PNG ou JPEG" in app.error[0].value
    assert report._LETTERHEAD not in app.session_state
