"""Read from the source, without running it, which module imports which."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Import:
    """One imported module, and where the import stands."""

    module: str
    target: str
    line: int
    function: str
    """Dotted name of the enclosing function, or an empty text at module level."""
    for_types: bool = False
    """Whether it stands under ``if TYPE_CHECKING``, so never runs."""

    @property
    def at_module_level(self) -> bool:
        """Whether it runs as soon as the module is imported."""
        return not self.function and not self.for_types

    def __str__(self) -> str:
        place = f" in {self.function}" if self.function else ""
        return f"{self.module}, line {self.line}{place}: imports {self.target}"


def module_name(path: Path, root: Path) -> str:
    """Return the dotted name of a source file (``simulator/model/__init__.py`` is ``simulator.model``)."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, root: Path) -> list[Import]:
    """Return every import of one source file, in the order of its lines."""
    source = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    module = module_name(path, root)
    found = [
        Import(module, target, node.lineno, function, for_types)
        for node, function, for_types in _import_statements(source)
        for target in _targets(node, root)
    ]
    return sorted(found, key=lambda imported: imported.line)


def _import_statements(
    node: ast.AST, names: tuple[str, ...] = (), function: str = "", for_types: bool = False
) -> Iterator[tuple[ast.Import | ast.ImportFrom, str, bool]]:
    """Walk the tree; only a function delays what stands in it, a class merely names its methods."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child, function, for_types
        elif isinstance(child, ast.ClassDef):
            yield from _import_statements(child, (*names, child.name), function, for_types)
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inner = (*names, child.name)
            yield from _import_statements(child, inner, ".".join(inner), for_types)
        else:
            guarded = isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")
            yield from _import_statements(child, names, function, for_types or guarded)


def _targets(node: ast.Import | ast.ImportFrom, root: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    else:
        # The linter forbids relative imports, so a module is always named.
        origin = node.module or ""
        for alias in node.names:
            inner = f"{origin}.{alias.name}"
            yield inner if _is_module(inner, root) else origin


def _is_module(name: str, root: Path) -> bool:
    path = root.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()
