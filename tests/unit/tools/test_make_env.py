"""The installer says what a machine lacks, in a sentence, before it touches anything."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tools.install import make_env


def test_a_machine_with_everything_lacks_nothing() -> None:
    assert make_env.missing() == ""


def test_an_old_python_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert "is Python 3.9; Python 3.11 or newer is needed" in make_env.missing()
    assert "make PYTHON=python3.11 run" in make_env.missing()


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv_is_told_what_to_install(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert "apt-get install python3-venv" in make_env.missing()


def test_an_old_python_can_read_the_installer() -> None:
    source = Path(make_env.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    assert "from __future__ import annotations" not in source  # unknown before Python 3.7


def test_wrong_use_and_a_lack_end_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["make_env.py"])
    assert make_env.main() == 1
    assert "FOLDER LOCK" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["make_env.py", str(tmp_path / "env"), "requirements.lock"])
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert make_env.main() == 1
    assert "python3-venv" in capsys.readouterr().err
    assert not (tmp_path / "env").exists()


def test_a_lock_is_installed_once_and_again_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, folder, done = tmp_path / "a.lock", tmp_path / "env", []
    folder.mkdir()
    monkeypatch.setattr(make_env, "install_lock", lambda folder, lock: done.append("lock"))
    monkeypatch.setattr(make_env, "install_project", lambda folder: done.append("project"))
    monkeypatch.setattr(sys, "argv", ["make_env.py", str(folder), str(lock)])
    for text in ("one==1", "one==1", "one==2"):
        lock.write_text(text)
        assert make_env.main() == 0
    assert done == ["lock", "project", "project", "lock", "project"]
