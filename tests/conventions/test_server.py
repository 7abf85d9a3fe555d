"""What a server installs and what its guide says: the lock, the licences, the container, the settings."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from simulator.accounts.settings import Limits
from simulator.forecasting.simulate import simulate
from simulator.library import Scenario
from simulator.presentation.reports import csv, pdf
from tests.conventions.test_locks import pins
from tools.check.try_deployment import blocks
from tools.install import licences, server_lock

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "administration.md").read_text(encoding="utf-8")


def test_the_servers_lock_is_the_apps_and_what_sign_in_and_postgresql_need() -> None:
    server, run, test = pins(server_lock.SERVER), pins(server_lock.RUN), pins(server_lock.TEST)
    assert run.items() <= server.items() <= test.items(), "run python -m tools.install.server_lock"
    assert {"authlib", "httpx", "psycopg", "cryptography"} <= server.keys()
    written = server_lock.SERVER.read_text(encoding="utf-8")
    assert written == server_lock.lock(), "run python -m tools.install.server_lock"
    assert "://" not in server_lock.SERVER.read_text(encoding="utf-8")


def test_every_licence_is_listed_and_allows_use() -> None:
    listed = dict(re.findall(r"^\| ([^ ]+) \| ([^ ]+) \|", licences.PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed.items() >= pins(server_lock.SERVER).items(), "run python -m tools.install.licences"
    assert licences.unknown() == []


def test_the_guide_lists_every_limit_with_what_holds_without_it() -> None:
    rows = dict(re.findall(r"^\| `(ADSIM_MAX_\w+)` \| (\d+) \|", GUIDE, re.MULTILINE))
    assert {name: float(value) for name, value in rows.items()} == {
        one.alias: one.default for one in Limits.model_fields.values()
    }


def test_the_guide_names_every_setting_and_none_that_is_not_read() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "simulator").rglob("*.py"))
    read = set(re.findall(r"\"(ADSIM_[A-Z_]+)\"", source)) - {"ADSIM_"}
    named = set(re.findall(r"ADSIM_[A-Z]+(?:_[A-Z]+)*", GUIDE))
    named = {name.removesuffix("_FILE") for name in named} - {"ADSIM_DATABASE_PASSWORD"}
    assert named <= read, "the guide names what nobody reads"
    assert {name for name in read if not name.startswith("ADSIM_MAX")} <= named | {"ADSIM_DATA_DIR"}


def test_the_guide_has_the_blocks_that_are_tried() -> None:
    counts = {title: len(found) for title, found in blocks(GUIDE).items() if found}
    assert counts == {
        "Install": 1,
        "Settings and sign-in": 2,
        "Start": 2,
        "Backup": 1,
        "Restore": 1,
        "Upgrade": 1,
    }


def test_the_container_runs_without_rights_from_the_lock_and_tells_its_health() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes --requirement requirements-server.lock" in lines
    assert re.search(r"^USER \d+$", lines, re.MULTILINE)
    assert "HEALTHCHECK" in lines
    assert "/health" in lines
    for name in re.findall(r"^COPY (?!--from)(.+?) \S+$", lines, re.MULTILINE):
        assert all((ROOT / part).exists() for part in name.split())
    assert "secrets.toml" not in (ROOT / ".dockerignore").read_text(encoding="utf-8")


def test_compose_starts_the_app_after_its_database_with_nothing_to_write_but_its_data() -> None:
    yaml = pytest.importorskip("yaml")
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert set(compose) == {"services", "volumes"}
    app, database = compose["services"]["app"], compose["services"]["database"]
    known = {"build", "image", "restart", "env_file", "environment", "depends_on", "ports", "read_only", "tmpfs"}
    known |= {"volumes", "cap_drop", "security_opt", "mem_limit", "healthcheck"}
    assert set(app) | set(database) <= known, "a key that compose does not know is refused"
    assert app["depends_on"]["database"]["condition"] == "service_healthy"
    assert "healthcheck" in database
    assert all(port.startswith("127.0.0.1:") for port in app["ports"])
    assert "ports" not in database
    assert (app["read_only"], app["tmpfs"], app["cap_drop"]) == (True, ["/tmp"], ["ALL"])
    assert "/data" in re.findall(r"^VOLUME (\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    used = [volume.split(":")[0] for service in (app, database) for volume in service["volumes"]]
    assert sorted(used) == sorted(compose["volumes"])
    assert app["volumes"] == ["data:/data"]
    assert f"@database/{database['environment']['POSTGRES_DB']}" in app["environment"]["ADSIM_DATABASE_URL"]
    for service in (app, database):
        assert "ADSIM_DATABASE_PASSWORD:?" in str(service["environment"]), "no start with an empty password"


def test_no_secret_is_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".streamlit/secrets.toml", "adsim.env", ".env"} <= set(ignored)


def test_secrets_are_read_in_two_places_and_printed_in_none() -> None:
    """Links, reports and snippets are made where no secret is at hand; logs pass ``hidden``."""
    readers = {
        path.relative_to(ROOT / "simulator").as_posix()
        for path in (ROOT / "simulator").rglob("*.py")
        if re.search(r"ADSIM_(OIDC_CLIENT_SECRET|COOKIE_SECRET|DATABASE_URL)\"", path.read_text(encoding="utf-8"))
    }
    assert readers == {"accounts/settings.py", "library/location.py"}
    takers = {
        path.relative_to(ROOT / "simulator").as_posix()
        for path in (ROOT / "simulator").rglob("*.py")
        if re.search(r"settings import .*\bprovider\b|settings\.provider\(", path.read_text(encoding="utf-8"))
    }
    assert takers == {"accounts/doctor.py", "apps/web/sign_in.py"}


def test_links_and_reports_hold_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "ADSIM_OIDC_CLIENT_SECRET": "s3cret-of-the-client",
        "ADSIM_COOKIE_SECRET": "s3cret-of-the-cookies-0123456789-abc",
        "ADSIM_DATABASE_URL": "postgresql://adsim:s3cret-of-the-database@127.0.0.1/adsim",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    from simulator.apps.web import address
    from simulator.apps.web.choices import DEFAULTS, attempt

    campaign = attempt(DEFAULTS, "fr").campaign
    assert campaign is not None
    link = address.link(address.write(DEFAULTS, campaign), "fr", "1.0")
    scenario = Scenario(campaign=campaign).with_figures(simulate(campaign, draws=64))
    assert "s3cret" not in link + scenario.to_json()
    assert "s3cret" not in csv(scenario).decode("utf-8-sig")
    content = pdf(scenario)
    assert "s3cret" not in "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert b"s3cret" not in content
