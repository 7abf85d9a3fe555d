"""Who works on the chunks: threads of this process, any executor of ``concurrent.futures``, or a Dask cluster."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import path_of, read_json, unwritable, write_file
from simulator.base.validation import in_range
from simulator.base.version import MODEL_VERSION
from simulator.campaign.campaign import Campaign
from simulator.planning.sweeps.grid import Grid, make_grid
from simulator.reference.parameters import load_parameters

if TYPE_CHECKING:
    import pandas as pd

AHEAD = 2
"""Chunks handed out beyond those being worked on: enough to keep everybody busy, few enough to hold in memory."""
RETRIES = 5
"""Times that a cluster may lose a chunk with the worker that had it."""


def check_executor(given: object) -> None:
    """Raise ``wrong_type`` unless ``executor_of`` knows what to do with it; an executor's class is no executor."""
    if given is not None and (
        isinstance(given, type) or not (isinstance(given, Executor) or hasattr(given, "get_executor"))
    ):
        allowed = "an executor of concurrent.futures or a distributed.Client"
        raise InvalidInput("wrong_type", field="executor", received=shown(given), allowed=allowed)


@contextmanager
def executor_of(given: Any) -> Iterator[tuple[Executor, int]]:
    """Yield an executor and how many work at a time; one made here is shut down here.

    Parameters
    ----------
    given : None, Executor or distributed.Client
        None: as many threads as processors.
    """
    check_executor(given)
    if given is None:
        count = os.cpu_count() or 1
        with ThreadPoolExecutor(count) as own:
            yield own, count
    elif isinstance(given, Executor):
        yield given, int(getattr(given, "_max_workers", os.cpu_count() or 1))
    else:
        # A chunk is the same whoever works on it: nothing is lost but time when a worker dies.
        yield given.get_executor(pure=False, retries=RETRIES), max(1, sum(given.nthreads().values()))


def in_order_of_arrival(
    executor: Executor, at_a_time: int, task: Callable[[Any], Any], piece: Callable[[int], Any], numbers: list[int]
) -> Iterator[tuple[int, Any]]:
    """Yield (number, result) as results arrive; only a few are under way or waiting at a time."""
    waiting = iter(numbers)
    under_way: dict[Future[Any], int] = {}

    def hand_out() -> None:
        while len(under_way) < at_a_time + AHEAD:
            number = next(waiting, None)
            if number is None:
                return
            under_way[executor.submit(task, piece(number))] = number

    try:
        hand_out()
        while under_way:
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                number = under_way.pop(future)
                hand_out()
                yield number, future.result()
    finally:
        for future in under_way:
            future.cancel()


MOST_WORKERS = 64
MOST_ON_WINDOWS = 61
"""As many processes as that system can wait for."""


def processes(field: str, count: int, campaign: Campaign, axes: dict[str, Any]) -> ProcessPoolExecutor:
    """Return an executor of ``count`` processes, or of as many as there are chunks: some systems start all at once.

    Parameters
    ----------
    field : str
        What to call ``count`` where it is refused.
    axes : dict
        Lists as given to ``sweep``.

    Raises
    ------
    InvalidInput
        ``out_of_range`` for a count that is not 1 to 64, and for values that cannot be swept.
    """
    in_range(field, count, 1, MOST_WORKERS)
    grid = make_grid(campaign, {"places": None, **axes}, load_parameters(), None)
    most = MOST_ON_WINDOWS if sys.platform == "win32" else MOST_WORKERS
    return ProcessPoolExecutor(min(count, grid.chunks, most), initializer=_leave_stopping_to_the_parent)


def _leave_stopping_to_the_parent() -> None:
    """Ctrl+C reaches every process of a terminal: the one that hands out the work ends the others, in peace."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


MANIFEST = "_sweep.json"
"""Readers of a folder of Parquet pass over names that begin with a line."""
PART = "part-{:06d}.parquet"


def open_folder(folder: str | os.PathLike[str], grid: Grid) -> Path:
    """Return the folder, made if needed, with the manifest of this sweep in it.

    Raises
    ------
    InvalidInput
        ``other_sweep`` if the folder holds another sweep, or other files; ``read_only``, ``disk_full`` or
        ``cannot_write`` where it cannot be written, ``driver_missing`` without pyarrow.
    """
    try:
        import pyarrow.parquet  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        pip = "'facebook-ad-budget-simulator[parquet]'"
        raise InvalidInput("driver_missing", field="folder", received="pyarrow", allowed=pip) from None
    path = path_of(folder, field="folder", allowed="the path of a folder")
    try:
        path.mkdir(parents=True, exist_ok=True)
        found = {entry.name for entry in path.iterdir()}
    except (OSError, ValueError) as error:  # the latter: a name that no folder can have
        raise unwritable(path, error, "folder") from None
    if MANIFEST in found:
        if _digest(path / MANIFEST) != grid.digest:
            raise InvalidInput("other_sweep", field="folder", received=shown(str(path)))
    elif found:
        raise InvalidInput("other_sweep", field="folder", received=shown(str(path)))
    else:
        write_file(path / MANIFEST, json.dumps(_manifest(grid), indent=2).encode() + b"\n", "folder")
    return path


def finished(folder: Path, grid: Grid) -> set[int]:
    """Return the numbers of the parts that stand already."""
    return {chunk for chunk in range(grid.chunks) if (folder / PART.format(chunk)).exists()}


def write_part(folder: Path, chunk: int, frame: pd.DataFrame) -> None:
    """Write a part, whole or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {}
    for name in frame.columns:
        values = frame[name]
        if hasattr(values, "cat"):
            # The names of this part only, not those of all France in every part; codes of one width in all parts.
            used = values.cat.remove_unused_categories().cat
            codes = pa.array(used.codes.to_numpy(), type=pa.int32())
            columns[name] = pa.DictionaryArray.from_arrays(codes, pa.array(list(used.categories), type=pa.string()))
        else:
            columns[name] = pa.array(values.to_numpy(), from_pandas=True)
    stream = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), stream, compression="zstd")
    write_file(folder / PART.format(chunk), stream.getvalue(), "folder")


def parts_of(folder: Path, grid: Grid) -> pd.DataFrame:
    """Return one row a part: part, rows, file."""
    import pandas as pd

    rows = [len(grid.points_in(chunk)) * len(grid.trades) for chunk in range(grid.chunks)]
    files = [str(folder / PART.format(chunk)) for chunk in range(grid.chunks)]
    return pd.DataFrame({"part": range(grid.chunks), "rows": rows, "file": files})


def _manifest(grid: Grid) -> dict[str, Any]:
    return {
        "digest": grid.digest,
        "model_version": MODEL_VERSION,
        "parameter_digest": grid.parameters.digest,
        "rows": grid.rows,
        "parts": grid.chunks,
    }


def _digest(path: Path) -> object:
    try:
        found = read_json(path)
    except InvalidInput:
        return None
    return found.get("digest") if isinstance(found, dict) else None
