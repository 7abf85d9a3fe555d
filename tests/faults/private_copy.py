"""Private copies of the model with one fault each, and the suite's own tests run against them.

A copy lives under another name beside the true package, in the same process. A test module is read anew with the
name of the copy in place of the package's, so that the very tests of the suite judge the faulty model.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import itertools
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
COPIED = re.compile(r"\bsimulator\.(model|sample|outcomes|forecasting)\b")
"""Rooms that a copy has of its own; tables and parameters are the package's."""


@dataclass(frozen=True)
class Fault:
    """One wrong formula.

    Attributes
    ----------
    name : str
        What is wrong, in a few words.
    module : str
        Where, as a path below simulator/ without its ending: ``model/auction``.
    right, wrong : str
        The text that must stand there exactly once, and what replaces it.
    caught_by : tuple of str
        Tests that must fail, each ``tests/path.py::test_name``.
    """

    name: str
    module: str
    right: str
    wrong: str
    caught_by: tuple[str, ...]

    @property
    def path(self) -> Path:
        return ROOT / "simulator" / f"{self.module}.py"

    def times_found(self) -> int:
        """Return how often the right text stands in the module: once, if the fault fits."""
        return self.path.read_text(encoding="utf-8").count(self.right)


class _Copy(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads the modules of one copy."""

    def __init__(self, name: str, fault: Fault | None) -> None:
        self.name, self.fault = name, fault

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name and not fullname.startswith(f"{self.name}."):
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=self.is_package(fullname))

    def is_package(self, fullname: str) -> bool:
        return self._file(fullname).name == "__init__.py"

    def get_source(self, fullname: str) -> str:
        return "" if fullname == self.name else self._file(fullname).read_text(encoding="utf-8")

    def get_code(self, fullname: str) -> CodeType:
        file = self._file(fullname)
        if self.fault is None or file != self.fault.path or fullname == self.name:
            return _compiled(file, self.name, fullname == self.name)
        faulty = self.get_source(fullname).replace(self.fault.right, self.fault.wrong)
        return compile(_renamed(faulty, self.name), str(file), "exec")

    def _file(self, fullname: str) -> Path:
        path = ROOT.joinpath("simulator", *fullname.split(".")[1:])
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _compiled(file: Path, name: str, empty: bool) -> CodeType:
    return compile("" if empty else _renamed(file.read_text(encoding="utf-8"), name), str(file), "exec")


def _renamed(source: str, name: str) -> str:
    return COPIED.sub(rf"{name}.\1", source)


@contextmanager
def copy_with(fault: Fault | None, name: str = "faulty_simulator") -> Iterator[str]:
    """Provide a copy of the package under ``name``, and take it away again."""
    finder = _Copy(name, fault)
    sys.meta_path.insert(0, finder)
    try:
        yield name
    finally:
        sys.meta_path.remove(finder)
        for loaded in [
            module for module in sys.modules if module == name or module.startswith((f"{name}.", "judging_"))
        ]:
            del sys.modules[loaded]


def judge(test: str, copy: str) -> AssertionError | None:
    """Run a test of the suite against a copy; return the failure, or None if all its cases pass."""
    path, name = test.split("::")
    function = getattr(_test_module(path, copy), name)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for arguments in cases_of(function):
            try:
                function(**arguments)
            except AssertionError as failure:
                return failure
    return None


def _test_module(path: str, copy: str) -> ModuleType:
    name = "judging_" + re.sub(r"\W", "_", path)
    if name not in sys.modules:
        module = ModuleType(name)
        sys.modules[name] = module
        exec(_compiled(ROOT / path, copy, False), module.__dict__)
    return sys.modules[name]


def cases_of(function: Callable[..., None]) -> Iterator[dict[str, Any]]:
    """Return the arguments of every case that the marks of a test describe."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    choices = []
    for mark in marks:
        names = [name.strip() for name in mark.args[0].split(",")] if isinstance(mark.args[0], str) else mark.args[0]
        values = (getattr(value, "values", value) for value in mark.args[1])
        choices.append([dict(zip(names, each if len(names) > 1 else [each], strict=True)) for each in values])
    for chosen in itertools.product(*choices):
        yield {name: value for part in chosen for name, value in part.items()}
