"""Open the app on port 8501 or the next free one, with few pools of memory, and what is free in them given back."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POOLS = 2
EVERY_S = 60.0
"""Giving back takes about ten milliseconds, in which no thread of Python waits."""
_MOST_POOLS = -8
"""``M_ARENA_MAX`` of glibc's malloc.h."""


def few_pools() -> bool:
    """Ask the C library for few pools, from now on; return whether it heard.

    Pools that stand already stay, so this belongs before any thread. Nothing is asked where an administrator has
    chosen (``MALLOC_ARENA_MAX``), nor of another library than glibc.
    """
    if "MALLOC_ARENA_MAX" in os.environ or not _is_glibc():
        return False
    return ctypes.CDLL(None).mallopt(_MOST_POOLS, POOLS) == 1


def give_back() -> None:
    """Give what is free in the pools of glibc back to the system."""
    ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def kept_small() -> Iterator[None]:
    """Give back now and then, as long as the block lasts; nothing happens with another library than glibc."""
    if not _is_glibc():
        yield
        return
    ended = threading.Event()

    def keep() -> None:
        while not ended.wait(EVERY_S):
            give_back()

    threading.Thread(target=keep, name="memory", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _is_glibc() -> bool:
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc")
    except (AttributeError, ValueError, OSError):  # Windows, macOS, musl
        return False


ROOT = Path(__file__).resolve().parents[3]
"""The checkout: app.py and .streamlit/config.toml stand there."""
ADDRESS = "127.0.0.1"
FIRST_PORT = 8501
PORTS_TRIED = 100


def open_app(first_port: int = FIRST_PORT, *, no_browser: bool = False) -> int:
    """Choose the port, say it, and hand over to Streamlit until Ctrl+C; return the exit code."""
    if not (ROOT / "app.py").exists():
        sys.stderr.write("adsim: app.py is not beside the package. Run it from the project's checkout.\n")
        return 1
    port = free_port(first_port)
    if port is None:
        last = first_port + PORTS_TRIED - 1
        sys.stderr.write(f"adsim: ports {first_port} to {last} are all taken. Choose another: --port 9501\n")
        return 1
    if port != first_port:
        print(f"Port {first_port} is taken by another program; using {port}.")
    print(f"The app opens at http://{ADDRESS}:{port} (stop it with Ctrl+C).", flush=True)
    serve(port, headless=no_browser or not sys.stdin.isatty())
    return 0


def free_port(first: int) -> int | None:
    """Return the first port from ``first`` on that is free, or None after a hundred."""
    last = min(first + PORTS_TRIED, 65536)
    return next((port for port in range(first, last) if is_free(port)), None)


def is_free(port: int) -> bool:
    """Say whether the port can be opened on this computer."""
    with socket.socket() as visitor:
        # A program that listens on every address does not always stop us from binding to this one.
        visitor.settimeout(1)
        if visitor.connect_ex((ADDRESS, port)) == 0:
            return False
    with socket.socket() as host:
        if os.name == "posix":
            # Else a port counts as taken for a minute after its last app has ended.
            host.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            host.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def serve(port: int, *, headless: bool) -> None:
    """Run Streamlit in this very process, so that stopping this script stops the server."""
    few_pools()  # before Streamlit opens its threads
    from streamlit.web import cli

    os.chdir(ROOT)  # where .streamlit/config.toml is looked for
    flags = ["--server.address", ADDRESS, "--server.port", str(port), "--server.fileWatcherType", "none"]
    flags += ["--browser.gatherUsageStats", "false"]
    flags += ["--server.headless", "true"] if headless else []
    cli.main(["run", "app.py", *flags], prog_name="streamlit")
