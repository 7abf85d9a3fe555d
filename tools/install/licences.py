"""Write docs/licences.md: every package that the locks of the app and the server install, with its licence.

    python -m tools.install.licences            write it
    python -m tools.install.licences --check    fail if it is not what it would be

Read from what the installed packages say of themselves; versions are those of the locks.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import re
import sys
from pathlib import Path

from tools.install.server_lock import RUN, SERVER, entries

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "licences.md"
LONGEST = 60
TOLD = {"flit-core": "BSD-3-Clause"}
"""Needed to install the project itself, and not kept where it is developed; as its own metadata have it."""
ALLOWING = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software|ISC|HPND|Historical Permission|MPL|Mozilla|LGPL|Zlib|CNRI|Unlicense|0BSD|CC0",
    re.IGNORECASE,
)
START = """# Licences of the packages used

The simulator itself is under the MIT licence (LICENSE). Installed beside it, at the versions of the locks; written by
`python -m tools.install.licences` from what each package says of itself. "server": only in requirements-server.lock.

| package | version | licence | |
|---|---|---|---|
"""


def licence(name: str) -> str:
    """Return what a package says of its licence, in a few words."""
    if name in TOLD:
        return TOLD[name]
    try:
        found = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed on this system"
    expression = found.get("License-Expression") or ""
    classifiers = [
        entry.split(" :: ")[-1] for entry in found.get_all("Classifier") or [] if entry.startswith("License ::")
    ]
    classifiers = [entry for entry in classifiers if entry != "OSI Approved"]
    short = (found.get("License") or "").strip().splitlines()
    told = expression or ", ".join(classifiers) or (short[0] if short else "")
    return told[:LONGEST] if told else "not said"


def rows() -> list[tuple[str, str, str, str]]:
    """Return name, version, licence and mark of every package of both locks."""
    run, server = entries(RUN), entries(SERVER)
    return [
        (name, _version(text), licence(name), "" if name in run else "server")
        for name, text in sorted({**run, **server}.items())
    ]


def page() -> str:
    return START + "".join(f"| {' | '.join(row)} |\n" for row in rows())


def unknown() -> list[str]:
    """Return the packages whose licence is not one that is known to allow use."""
    return [f"{name}: {told}" for name, _, told, _ in rows() if not ALLOWING.search(told)]


def _version(text: str) -> str:
    return re.match(r"[^=]+==([^ ;\\]+)", text)[1]  # type: ignore[index]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    for line in unknown():
        print(f"to look at: {line}")
    if options.check:
        return int(not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(rows())} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
