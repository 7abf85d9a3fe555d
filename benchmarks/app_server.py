"""The app as a process of its own, that may be killed and started again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

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


def _free_port() -> int:
    with socket.socket() as host:
        host.bind((ADDRESS, 0))
        return int(host.getsockname()[1])
