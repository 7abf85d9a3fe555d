"""Make a virtual environment from a lock file, every download checked against its hash.

Usage: ``python3 tools/install/make_env.py FOLDER LOCK``. Called by the Makefile with the machine's own Python: this
file uses the standard library only and no syntax newer than Python 3.6, because an old Python must get as far
as the sentence that says it is too old.
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

NEEDED = (3, 11)
STAMP = ".ready"


def main() -> int:
    """Make the environment, or bring it up to date; return the exit code."""
    if len(sys.argv) != 3:
        return complain("Usage: python3 tools/install/make_env.py FOLDER LOCK")
    folder, lock = Path(sys.argv[1]), Path(sys.argv[2])
    trouble = missing()
    if trouble:
        return complain(trouble)
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = folder / STAMP
    try:
        if not stamp.exists() or stamp.read_text() != digest:
            install_lock(folder, lock)
        install_project(folder)
    except subprocess.CalledProcessError:
        return complain(
            f"The installation stopped; the lines above say why. Fetching packages needs a network, and behind a "
            f"proxy one that pip knows. Only {folder} was written to; run the same command again."
        )
    stamp.write_text(digest)
    return 0


def missing() -> str:
    """Return what this machine lacks, as a sentence, or an empty text."""
    needed = ".".join(map(str, NEEDED))
    if sys.version_info < NEEDED:
        received = ".".join(map(str, sys.version_info[:2]))
        return (
            f"{sys.executable} is Python {received}; Python {needed} or newer is needed. "
            f"If another one is installed, name it: make PYTHON=python{needed} run"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return (
            "Python's modules venv and ensurepip are not installed. On Debian and Ubuntu, as root: "
            "apt-get install python3-venv. Elsewhere install Python from python.org or from your system's packages. "
            "Then run the same command again."
        )
    return ""


def install_lock(folder: Path, lock: Path) -> None:
    """Make the environment afresh, so that nothing of an older lock stays in it."""
    packages = sum("==" in line for line in lock.read_text().splitlines())
    print(f"Installing {packages} packages into {folder}, once; this takes a minute or two.", flush=True)
    start = time.monotonic()
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    pip_install(folder, "--require-hashes", "--requirement", str(lock))
    print(f"Installed in {time.monotonic() - start:.0f} seconds.", flush=True)


def install_project(folder: Path) -> None:
    """Install this checkout, editable; its build backend came with the lock, so this step needs no network."""
    pip_install(folder, "--no-deps", "--no-build-isolation", "--no-index", "--editable", ".")


def pip_install(folder: Path, *arguments: str) -> None:
    """Run the environment's own pip; quietly, because its notes name the machine's package index."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], check=True)


def complain(sentence: str) -> int:
    """Say what is wrong; return the exit code for it."""
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
