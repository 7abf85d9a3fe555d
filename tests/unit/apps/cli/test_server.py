"""The commands of whoever looks after a shared library."""

from __future__ import annotations

import io
import json
import socket
import zipfile
from pathlib import Path

import pytest

from simulator.accounts import doctor as examination
from simulator.accounts import open_access
from simulator.accounts.people import ROLES
from simulator.apps.cli import server
from simulator.apps.cli.main import main
from simulator.library import open_store
from tests.unit.accounts.conftest import claims
from tests.unit.library.examples import scenario


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ADSIM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ADSIM_DATABASE_URL", raising=False)
    return tmp_path / "scenarios.sqlite"


def signed_in(*names: str) -> dict[str, str]:
    with open_store() as store:
        access = open_access(store)
        return {name: access.enter(claims(name, email=f"{name}@example.org"), 5).key for name in names}


def test_somebody_gets_a_role_and_a_team_and_is_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["users", "list"]) == 0
    assert "nobody has signed in" in capsys.readouterr().out
    keys = signed_in("anna", "bruno")
    assert main(["users", "set", "Anna@example.org", "--role", "advisor", "--team", "north"]) == 0
    assert main(["users", "set", keys["bruno"][:8], "--team", "north"]) == 0
    capsys.readouterr()
    assert main(["users", "list", "--json"]) == 0
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert (found["Anna"]["role"], found["Anna"]["team"]) == ("advisor", "north")
    assert (found["Bruno"]["role"], found["Bruno"]["team"]) == ("artisan", "north")
    assert main(["users", "sign-out", "anna@example.org"]) == 0
    assert "1 sessions ended" in capsys.readouterr().out
    assert main(["users", "forget", "anna@example.org"]) == 0
    assert main(["users", "forget", "anna@example.org"]) == 2
    assert "nobody is known" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["", " ", "nobody"])
def test_nobody_is_meant_by_nothing(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    signed_in("anna")
    assert main(["users", "set", given, "--role", "administrator"]) == 2
    assert "nobody is known" in capsys.readouterr().err


def test_the_roles_are_those_of_the_library() -> None:
    assert server.ROLES == ROLES


def test_a_change_must_change_something() -> None:
    signed_in("anna")
    assert main(["users", "set", "anna@example.org"]) == 2


def test_a_client_is_handed_over_and_erased(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store() as store:
        for client in ("Fournil", "Fournil", "Garage"):
            store.save(scenario(client=client))
    path = tmp_path / "fournil.zip"
    assert main(["export", str(path), "--client", "Fournil"]) == 0
    with zipfile.ZipFile(path) as archive:
        assert len([name for name in archive.namelist() if name.startswith("scenarios/")]) == 2
    assert main(["erase", "--client", "Fournil"]) == 2
    assert "2 trials" in capsys.readouterr().err
    with open_store() as store:
        assert len(store.search()) == 3, "without --yes nothing goes"
    assert main(["erase", "--client", "Fournil", "--yes"]) == 0
    with open_store() as store:
        assert [row.client for row in store.search()] == ["Garage"]
    assert main(["import", str(path)]) == 0
    assert "2 new" in capsys.readouterr().out


@pytest.mark.parametrize("given", ["", "  "])
def test_no_client_is_meant_by_nothing(given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store() as store:
        store.save(scenario(client=""))
    assert main(["erase", "--client", given, "--yes"]) == 2
    assert main(["export", str(tmp_path / "all.zip"), "--client", given]) == 2
    assert "--client" in capsys.readouterr().err
    assert not (tmp_path / "all.zip").exists()
    with open_store() as store:
        assert len(store.search()) == 1


def states(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, dict[str, str]]]:
    code = main(["doctor", "--json", *options])
    return code, {one["what"]: one for one in json.loads(capsys.readouterr().out)}


def test_a_sound_installation(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = states(capsys)
    assert code == 0, found
    assert all(one["state"] != "fault" for one in found.values())
    assert "form 1" in found["database"]["said"]
    assert main(["doctor"]) == 0
    assert "database" in capsys.readouterr().out


def test_a_damaged_database_is_found(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library.write_bytes(b"not a database" * 100)
    code, found = states(capsys)
    assert code == 1
    assert found["database"]["state"] == "fault"
    assert found["database"]["advice"]


def test_a_database_that_does_not_answer_is_found_without_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ADSIM_DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:1/none")
    code, found = states(capsys)
    assert (code, found["database"]["state"]) == (1, "fault")
    assert "hunter2" not in json.dumps(found)


def test_secrets_that_others_can_read_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cookie"
    path.write_text("x" * 40)
    path.chmod(0o644)
    monkeypatch.setenv("ADSIM_COOKIE_SECRET_FILE", str(path))
    found = examination.secrets(tmp_path)
    assert (found.state, str(path) in found.advice) == ("fault", True)
    path.chmod(0o600)
    assert examination.secrets(tmp_path).state == "ok"
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text("")
    (tmp_path / ".streamlit" / "secrets.toml").chmod(0o640)
    assert examination.secrets(tmp_path).state == "fault"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-server.lock"])
def test_packages_are_compared_with_the_lock_that_is_there(tmp_path: Path, name: str) -> None:
    """A checkout has both and an image the second: neither says that there is nothing to compare with."""
    assert examination.packages(tmp_path).state == "note"
    lock = tmp_path / name
    lock.write_text("numpy==0.0.1 \\\n    --hash=sha256:0\n")
    assert "instead of 0.0.1" in examination.packages(tmp_path).said
    lock.write_text("no-such-package==1.0 \\\n    --hash=sha256:0\nother-none==1 ; sys_platform == 'win32' \\\n")
    found = examination.packages(tmp_path)
    assert (found.state, found.said) == ("fault", "missing: no-such-package")
    assert found.advice.endswith(name)


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as host:
        host.bind(("127.0.0.1", 0))
        host.listen()
        assert examination.free(host.getsockname()[1]).state == "note"


@pytest.mark.parametrize("port", ["0", "-1", "65536", "999999"])
def test_a_port_that_cannot_be_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--port", port]) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.startswith("adsim: --port")


def test_half_a_provider_is_a_fault(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ADSIM_OIDC_METADATA_URL", "https://accounts.example.org")
    code, found = states(capsys)
    assert code == 1
    assert "ADSIM_OIDC_CLIENT_ID" in found["settings"]["said"]


def test_a_dash_sends_the_library_through_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with open_store() as store:
        store.save(scenario(title="Pains"))
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert main(["export", "-"]) == 0
    found = capfdbinary.readouterr()
    with zipfile.ZipFile(io.BytesIO(found.out)) as archive:
        assert "library.json" in archive.namelist()
    assert found.err == b"1 trials written to -\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["export", "-"]) == 2
    assert list(folder.iterdir()) == []
