"""Find the Chromium that the browser tests drive, or fetch one.

Usage: ``python tools/install/browser.py [--install]``. Prints the path of the browser.

In this order: the path in the environment variable ADSIM_CHROMIUM; chromium or Google Chrome on PATH; the one
Playwright fetched before. With ``--install``, where none is found: as root on Debian the system's package
(Playwright's own build would lack system libraries there), elsewhere ``playwright install chromium``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "ADSIM_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS_TO_ANSWER = 60
SECONDS_TO_INSTALL = 900


def main() -> int:
    """Print the path of a browser that works; return the exit code."""
    found = find()
    if found is None and "--install" in sys.argv[1:]:
        found = install()
    if found is None:
        print(how_to_install(), file=sys.stderr)
        return 1
    print(f"Browser for the tests: {found}")
    return 0


def find() -> Path | None:
    """Return the path of the first browser that answers, or None."""
    named = os.environ.get(VARIABLE)
    if named:
        # A path that somebody gave is never silently replaced by another browser.
        return Path(named) if works(named) else None
    on_path = [path for name in NAMES if (path := shutil.which(name))]
    return next((Path(path) for path in [*on_path, fetched_by_playwright()] if works(path)), None)


def works(path: str) -> bool:
    """Say whether the browser answers: Ubuntu's chromium-browser is a stub that asks for a snap."""
    if not Path(path).is_file():
        return False
    try:
        subprocess.run([path, "--version"], check=True, capture_output=True, timeout=SECONDS_TO_ANSWER)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def fetched_by_playwright() -> str:
    """Return where Playwright keeps its Chromium, present or not."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def install() -> Path | None:
    """Fetch a browser, once; return its path, or None where nothing worked."""
    if os.environ.get(VARIABLE):
        return None
    print("Fetching a browser for the tests, once; this takes a minute or two.", flush=True)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        fetch(["apt-get", "update", "-qq"])
        fetch(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu"])
        if found := find():
            return found
    libraries = ["--with-deps"] if root and sys.platform == "linux" else []
    fetch([sys.executable, "-m", "playwright", "install", *libraries, "chromium"])
    return find()


def fetch(command: list[str]) -> None:
    """Run an installer; whether it succeeded is asked of the browser itself afterwards."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS_TO_INSTALL
        )
    except subprocess.TimeoutExpired:
        print(f"{command[0]}: no end after {SECONDS_TO_INSTALL} seconds", file=sys.stderr)
        return
    if done.returncode:
        # Only the end: installers name the mirrors they asked.
        print(f"{' '.join(command)} failed:\n{done.stderr[-1500:]}", file=sys.stderr)


def how_to_install() -> str:
    """Return what to do, as a sentence."""
    if named := os.environ.get(VARIABLE):
        return f"{VARIABLE}: received {named}; no browser answers there. Correct the path or remove the variable."
    return (
        "No Chromium was found. Install one (Debian: apt-get install chromium; elsewhere: python -m playwright install "
        f"chromium), or put the path of Chromium or Google Chrome into the environment variable {VARIABLE}."
    )


if __name__ == "__main__":
    sys.exit(main())
