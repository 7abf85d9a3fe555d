"""Packages that only reports need, asked for when one is made."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from simulator.errors import SimulatorError


def needed(module: str, package: str) -> Any:
    """Return a module, or say which package to install.

    Raises
    ------
    SimulatorError
        ``driver_missing``.
    """
    try:
        return import_module(module)
    except ImportError:
        raise SimulatorError("driver_missing", field="REPORT", received=package, allowed=package) from None
