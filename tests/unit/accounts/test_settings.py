"""Settings of a server: from the environment or from files, limits in range, secrets in no text."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from simulator.accounts.settings import Limits, hidden, limits, provider, setting
from simulator.apps.web import serving
from simulator.base.errors import InvalidInput

ROOT = Path(__file__).resolve().parents[3]
COMPLETE = {
    "ADSIM_OIDC_METADATA_URL": "https://accounts.example.org/.well-known/openid-configuration",
    "ADSIM_OIDC_CLIENT_ID": "simulator",
    "ADSIM_OIDC_CLIENT_SECRET": "very-secret",
    "ADSIM_COOKIE_SECRET": "x" * 32,
    "ADSIM_PUBLIC_URL": "https://ads.example.org/",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*COMPLETE, *(str(limit.alias) for limit in Limits.model_fields.values()), "ADSIM_LOG"]:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def test_without_a_provider_nobody_signs_in() -> None:
    assert provider() is None


def test_a_complete_provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    secret = tmp_path / "secret"
    secret.write_text("from-a-file\n")
    monkeypatch.delenv("ADSIM_OIDC_CLIENT_SECRET")
    monkeypatch.setenv("ADSIM_OIDC_CLIENT_SECRET_FILE", str(secret))
    found = provider()
    assert found is not None
    section = found.as_secrets()["auth"]
    assert section["redirect_uri"] == "https://ads.example.org/oauth2callback"
    assert section["client_secret"] == "from-a-file"
    for text in (repr(found), str(found), found.model_dump_json()):
        assert "from-a-file" not in text
        assert "x" * 32 not in text


@pytest.mark.parametrize("name", [name for name in COMPLETE if name != "ADSIM_OIDC_METADATA_URL"])
def test_half_a_provider_is_an_error_not_an_open_door(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for other, value in COMPLETE.items():
        monkeypatch.setenv(other, value)
    monkeypatch.delenv(name)
    with pytest.raises(InvalidInput) as refusal:
        provider()
    assert refusal.value.data["field"] == name


def test_a_cookie_secret_that_could_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ADSIM_COOKIE_SECRET", "gu3ss")
    with pytest.raises(InvalidInput) as refusal:
        provider()
    assert refusal.value.code == "out_of_range"
    assert "gu3ss" not in refusal.value.message
    assert refusal.value.data["received"] == "5 characters"


def test_a_file_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_COOKIE_SECRET_FILE", "/nowhere/secret")
    with pytest.raises(InvalidInput):
        setting("ADSIM_COOKIE_SECRET")


@pytest.mark.parametrize("name", Limits.model_fields)
def test_every_limit_can_be_set_and_holds(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    limit = Limits.model_fields[name]
    variable = str(limit.alias)
    bounds = Limits.model_json_schema()["properties"][variable]
    low, high = bounds["minimum"], bounds["maximum"]
    assert getattr(limits(), name) == limit.default
    for text in (str(float(low)), str(low), f"{low:e}"):
        monkeypatch.setenv(variable, text)
        assert getattr(limits(), name) == low
    for wrong, code in (
        ("many", "not_a_number"),
        (str(high * 2), "out_of_range"),
        ("-1", "out_of_range"),
        ("nan", "out_of_range"),
    ):
        monkeypatch.setenv(variable, wrong)
        with pytest.raises(InvalidInput) as refusal:
            limits()
        expected = {"field": variable, "received": repr(wrong), "allowed": f"{low:g} to {high:g}"}
        assert (refusal.value.code, refusal.value.data) == (code, expected)


def test_a_limit_that_counts_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_MAX_ROWS", "100.5")
    with pytest.raises(InvalidInput) as refusal:
        limits()
    assert refusal.value.data["received"] == "'100.5'"


def test_beyond_a_limit_is_a_refusal_that_says_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_MAX_ROWS", "100")
    limits().check_rows(100)
    with pytest.raises(InvalidInput) as refusal:
        limits().check_rows(101)
    assert refusal.value.code == "over_limit"
    assert "101" in refusal.value.message
    assert "100" in refusal.value.message
    monkeypatch.setenv("ADSIM_MAX_SWEEP", "5000")
    limits().check_sweep(5_000)
    with pytest.raises(InvalidInput):
        limits().check_sweep(5_001)
    with pytest.raises(InvalidInput):
        limits().check_upload(201_000_000)


def test_secrets_are_taken_out_of_any_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_OIDC_CLIENT_SECRET", "very-secret")
    monkeypatch.setenv("ADSIM_DATABASE_URL", "postgresql://u:pw@host/db")
    assert hidden("a very-secret of postgresql://u:pw@host/db") == "a … of …"


def line_of(record: logging.LogRecord) -> dict[str, object]:
    return json.loads(serving.JsonLines().format(record))


def record(name: str, message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, info)


def test_a_failure_is_logged_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIM_COOKIE_SECRET", "s" * 40)
    try:
        raise InvalidInput("wrong_type", field="client", received="'Madame Garnier'", allowed="a text")
    except InvalidInput as error:
        made = record("simulator.apps.web.messages", "the page failed, %s", "ab12", error=error)
    made.incident = "ab12"
    said = line_of(made)
    assert said["incident"] == "ab12"
    assert said["failure"]["kind"] == "InvalidInput"
    assert said["failure"]["code"] == "wrong_type"
    assert any("test_settings.py" in place for place in said["failure"]["places"])
    assert "Garnier" not in json.dumps(said)


def test_other_packages_are_logged_as_their_source_has_it() -> None:
    said = line_of(record("streamlit.web", "Error for %s: %s", "anna@example.org", "token"))
    assert said["message"] == "Error for %s: %s"
    assert "anna" not in json.dumps(said)


def test_a_line_is_one_line() -> None:
    assert "\n" not in serving.JsonLines().format(record("simulator", "first\nsecond"))
    assert line_of(record("simulator", ""))["message"] == ""


def test_logs_stay_as_they_are_unless_asked_for() -> None:
    before = list(logging.getLogger().handlers)
    serving.set_up_logs()
    assert logging.getLogger().handlers == before
