"""A sweep kept in a folder: Parquet parts, each whole or absent, and a manifest that names the sweep."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import path_of, read_json, unwritable, write_file
from simulator.base.version import MODEL_VERSION
from simulator.planning.sweeps.grid import Grid

if TYPE_CHECKING:
    import pandas as pd

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
