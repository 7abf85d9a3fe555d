"""The trial of the image: what it starts from, what it calls written, and what it does where it cannot work."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from tools.check import try_image
from tools.check.try_image import Container, Refused, base_name

DOCKERFILE = Path(__file__).resolve().parents[3] / "Dockerfile"


def test_the_image_starts_from_one_public_python_that_the_trial_can_replace() -> None:
    name = base_name(DOCKERFILE.read_text(encoding="utf-8"))
    assert name.startswith("python:")
    assert name.split(":")[1].removesuffix("-slim") in try_image.SUITES
    with pytest.raises(Refused, match="one base image"):
        base_name("FROM python:3.11-slim AS build\nFROM scratch\n")


def test_without_its_programs_it_says_so_and_does_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(sys, "argv", ["try_image"])
    assert try_image.main() == 0
    assert "lacks: buildah, debootstrap" in capsys.readouterr().out


def test_what_is_written_beside_the_data_is_found(tmp_path: Path) -> None:
    since = time.time() - 3600
    for name in ("app/old.py", "app/new.py", "data/library", "tmp/part"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    os.utime(tmp_path / "app/old.py", (since - 60, since - 60))
    box = Container.__new__(Container)
    box.place = tmp_path
    assert box.written(since) == ["app/new.py"]
