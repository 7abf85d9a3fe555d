"""What may be wrong with an installation, looked at one by one; nothing is changed by looking."""

from __future__ import annotations

import datetime
import email.utils
import importlib.metadata
import os
import re
import shutil
import socket
import stat
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from simulator.accounts.settings import hidden, limits, provider
from simulator.base.errors import SimulatorError
from simulator.library import open_store
from simulator.library.location import database_url
from simulator.reference.parameters import load_parameters

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-server.lock")
"""What was tested; an image holds the second alone."""
PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)( ;)?", re.MULTILINE)
PYTHON = (3, 11)
ONLY_TO_BUILD = ("flit-core",)
FREE_BYTES = 500_000_000
CLOCK_SECONDS = 60.0
OLDEST = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
SECRET_FILES = (".streamlit/secrets.toml", ".env", "adsim.env")
TIMEOUT_S = 5.0


class Finding(NamedTuple):
    """One thing looked at; ``state`` is ok, note or fault."""

    what: str
    state: str
    said: str
    advice: str = ""


def examine(port: int) -> list[Finding]:
    """Return what was found, in the order of the guide."""
    checks: tuple[Callable[[], Finding], ...] = (
        python,
        packages,
        lambda: folder(database_folder()),
        database,
        clock,
        secrets,
        settings,
        identity_provider,
        lambda: rules(datetime.datetime.now(datetime.UTC).date()),
        lambda: free(port),
    )
    return [_looked(check) for check in checks]


def _looked(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except SimulatorError as error:
        return Finding(getattr(check, "__name__", "setting"), "fault", hidden(error.message))


def python() -> Finding:
    """Look at the version of Python."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        return Finding("Python", "fault", found, f"Install Python {'.'.join(map(str, PYTHON))} or newer.")
    return Finding("Python", "ok", found)


def packages(folder: Path = ROOT) -> Finding:
    """Compare what is installed with the lock that was tested."""
    lock = next((folder / name for name in LOCKS if (folder / name).is_file()), None)
    if lock is None:
        return Finding("packages", "note", f"{LOCKS[0]} is not here to compare with")
    missing, other, count = [], [], 0
    for name, version, marker in PIN.findall(lock.read_text(encoding="utf-8")):
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            # What is marked is for other systems, or other versions of Python.
            if not marker and name not in ONLY_TO_BUILD:
                missing.append(name)
            continue
        count += 1
        if found != version:
            other.append(f"{name} {found} instead of {version}")
    advice = f"Install again: pip install --require-hashes -r {lock.name}"
    if missing:
        return Finding("packages", "fault", f"missing: {', '.join(missing[:8])}", advice)
    if other:
        return Finding("packages", "note", f"not the tested versions: {', '.join(other[:5])}", advice)
    return Finding("packages", "ok", f"{count} as in {lock.name}")


def database_folder() -> Path | None:
    """Return the folder of the library's file; None for a server."""
    address = database_url()
    if not address.startswith("sqlite:///"):
        return None
    return Path(address.removeprefix("sqlite:///")).expanduser().parent


def folder(place: Path | None) -> Finding:
    """Look whether the library's folder can be written, and has room."""
    if place is None:
        return Finding("folder", "ok", "none needed, scenarios are kept by a database server")
    while not place.exists() and place != place.parent:
        place = place.parent  # made on first use: look at what it will be made in
    try:
        with tempfile.NamedTemporaryFile(dir=place):
            free_bytes = shutil.disk_usage(place).free
    except OSError as error:
        advice = "Give the user who runs the app the right to write there, or set ADSIM_DATA_DIR."
        return Finding("folder", "fault", f"{place} cannot be written ({error.strerror})", advice)
    said = f"{place}, {free_bytes / 1e9:.1f} GB free"
    if free_bytes < FREE_BYTES:
        return Finding("folder", "fault", said, "Make room: a save is refused when the disk is full.")
    return Finding("folder", "ok", said)


def database() -> Finding:
    """Look whether the database answers, in the form that this version reads."""
    try:
        with open_store(timeout_seconds=TIMEOUT_S) as store:
            form = store.check()
            count = len(store.search())
    except SimulatorError as error:
        advice = "Check ADSIM_DATABASE_URL and that the server runs; docs/administration.md, Restore."
        return Finding("database", "fault", hidden(error.message), advice)
    return Finding("database", "ok", f"it answers, tables of form {form}, {count:,} scenarios")


def clock() -> Finding:
    """Look whether the clock can be right: sign-ins and saves depend on it."""
    now = datetime.datetime.now(datetime.UTC)
    said = now.isoformat(timespec="seconds")
    if now < OLDEST:
        return Finding("clock", "fault", said, "Set the clock, or let the system do it (timedatectl set-ntp true).")
    return Finding("clock", "ok", said)


def secrets(root: Path = ROOT) -> Finding:
    """Look whether others on this computer can read a file of secrets."""
    open_to_all = [str(path) for path in _secret_files(root) if _others_read(path)]
    if open_to_all:
        advice = f"chmod 600 {' '.join(open_to_all)}"
        return Finding("secrets", "fault", "others on this computer can read them", advice)
    return Finding("secrets", "ok", "no file that others can read")


def _secret_files(root: Path) -> Iterator[Path]:
    yield from (root / name for name in SECRET_FILES if (root / name).is_file())
    for name, path in os.environ.items():
        if name.startswith("ADSIM_") and name.endswith("_FILE") and Path(path).is_file():
            yield Path(path)


def _others_read(path: Path) -> bool:
    # A container engine mounts secrets read-only under /run/secrets, where only the container can look.
    if os.name != "posix" or path.is_relative_to("/run/secrets"):
        return False
    return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def settings() -> Finding:
    """Look whether every setting can hold."""
    limits()
    return Finding("settings", "ok", "sign-in is on" if provider() else "sign-in is off: for one person only")


def identity_provider() -> Finding:
    """Ask the provider for its description, and compare its clock with ours."""
    found = provider()
    if found is None:
        return Finding("sign-in", "ok", "nobody has to sign in")
    if not found.metadata_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        return Finding("sign-in", "fault", "the provider is not asked over HTTPS", "Set ADSIM_OIDC_METADATA_URL.")
    try:
        with urllib.request.urlopen(found.metadata_url, timeout=TIMEOUT_S) as answer:
            date = answer.headers.get("Date")
    except (OSError, ValueError) as error:
        advice = "Check ADSIM_OIDC_METADATA_URL and that this computer may reach it."
        return Finding("sign-in", "fault", f"the provider does not answer ({type(error).__name__})", advice)
    apart = abs(time.time() - email.utils.parsedate_to_datetime(date).timestamp()) if date else 0.0
    if apart > CLOCK_SECONDS:
        said = f"our clock and the provider's are {apart:.0f} s apart"
        return Finding("sign-in", "fault", said, "Set the clock: tokens would be refused (timedatectl set-ntp true).")
    return Finding("sign-in", "ok", "the provider answers, both clocks agree")


def rules(day: datetime.date) -> Finding:
    """Look whether a rule of the platform or of a tax office is due to be looked at again."""
    known = load_parameters()
    due = known.to_recheck(day)
    if due:
        names = ", ".join(f"{entry.table or entry.key} (by {entry.recheck_by})" for entry in due)
        return Finding("rules", "note", f"to look at again: {names}", "Look them up, then update the parameter files.")
    dated = [entry.recheck_by for entry in known.values() if entry.recheck_by is not None]
    return Finding("rules", "ok", f"{len(dated)} dated rules, the next to look at again by {min(dated)}")


def free(port: int) -> Finding:
    """Look whether the port is free on this computer."""
    with socket.socket() as host:
        if os.name == "posix":
            host.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            host.bind(("127.0.0.1", port))
        except OSError:
            return Finding("port", "note", f"{port} is taken", "The app runs already, or choose another: --port")
    return Finding("port", "ok", f"{port} is free")
