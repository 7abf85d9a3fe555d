"""Write requirements-server.lock: what the app's lock holds, and what sign-in and PostgreSQL need beside it.

    python -m tools.install.server_lock            write it
    python -m tools.install.server_lock --check    fail if it is not what it would be

Versions and hashes are those of requirements-test.lock, so that a server runs what was tested. Which packages need
which is read from what is installed.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import re
import sys
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
RUN, TEST, SERVER = (ROOT / f"requirements{name}.lock" for name in ("", "-test", "-server"))
WANTED = ("authlib", "httpx", "psycopg[binary]")
"""Streamlit's sign-in takes Authlib, and Authlib's client httpx, which it does not ask for itself."""
NAME = re.compile(r"^[a-z0-9._-]+(?===)")


def entries(lock: Path) -> dict[str, str]:
    """Return the entries of a lock by name, with their hashes."""
    found: dict[str, str] = {}
    name = ""
    for line in lock.read_text(encoding="utf-8").splitlines(keepends=True):
        match = NAME.match(line)
        name = match[0] if match else name
        if name:
            found[name] = found.get(name, "") + line
    return found


def needed(wanted: tuple[str, ...]) -> set[str]:
    """Return the packages, and all that they need here."""
    seen: set[tuple[str, str]] = set()
    rest = [Requirement(one) for one in wanted]
    while rest:
        one = rest.pop()
        for extra in ("", *one.extras):
            key = (canonical(one.name), extra)
            if key in seen:
                continue
            seen.add(key)
            for text in importlib.metadata.requires(one.name) or []:
                inner = Requirement(text)
                if inner.marker is None or inner.marker.evaluate({"extra": extra}):
                    rest.append(inner)
    return {name for name, _ in seen}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lock() -> str:
    """Return the text of the lock."""
    run, test = entries(RUN), entries(TEST)
    more = {name: test[name] for name in needed(WANTED) if name not in run}
    return "".join(text for _, text in sorted({**run, **more}.items()))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = lock()
    if options.check:
        return int(not SERVER.is_file() or SERVER.read_text(encoding="utf-8") != text)
    SERVER.write_text(text, encoding="utf-8")
    print(f"{SERVER.name}: {len(entries(SERVER))} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
