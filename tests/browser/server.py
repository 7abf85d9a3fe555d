"""The app's server as a process of its own, ended by its own process id."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ADDRESS = "127.0.0.1"
SECONDS_TO_START = 90
SECONDS_TO_STOP = 10


@dataclass(frozen=True)
class Server:
    """A running app: its address, and the file its output goes to."""

    url: str
    log: Path


@contextmanager
def start_server(script: Path, home: Path, **environment: str) -> Iterator[Server]:
    """Serve ``script`` on a free port until the block ends; ``environment`` is added to the server's."""
    port = free_port()
    server = Server(url=f"http://{ADDRESS}:{port}", log=home / "server.log")
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", ADDRESS, "--server.headless", "true", "--server.fileWatcherType", "none"]
    command += ["--browser.gatherUsageStats", "false"]
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=script.parent,
            env={**os.environ, "HOME": str(home), **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_healthy(server, process)
        yield server
    finally:
        stop(process)


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as host:
        host.bind((ADDRESS, 0))
        return int(host.getsockname()[1])


def wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Return as soon as the server says ok; fail with its output when it ends or stays silent."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.1)
    output = server.log.read_text(errors="replace")[-3000:]
    raise RuntimeError(f"The app's server did not start (exit code {process.poll()}):\n{output}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask this very process to end; insist after a while."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
