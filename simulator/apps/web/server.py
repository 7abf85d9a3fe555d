"""Open the app on port 8501, or on the next free one, and say which.

``adsim app [--port 8501] [--no-browser]``. Only this computer can reach it (127.0.0.1).
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from simulator.apps.web import memory

ROOT = Path(__file__).resolve().parent.parent.parent
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
    """Return the first port from ``first`` on that nobody uses, or None after a hundred."""
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
    memory.few_pools()  # before Streamlit opens its threads
    from streamlit.web import cli

    os.chdir(ROOT)  # where .streamlit/config.toml is looked for
    flags = ["--server.address", ADDRESS, "--server.port", str(port), "--server.fileWatcherType", "none"]
    flags += ["--browser.gatherUsageStats", "false"]
    flags += ["--server.headless", "true"] if headless else []
    cli.main(["run", "app.py", *flags], prog_name="streamlit")
