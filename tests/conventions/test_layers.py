"""One direction, no circle: the contracts of pyproject.toml, and what must not be loaded before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Slow to import: below the screen only inside the function that needs them.
SLOW = ("alembic", "ftfy", "numba", "pandas", "scipy.stats", "sqlalchemy", "streamlit")

# Loaded only when a database is opened: they may import SQLAlchemy at their top, nobody may import them at his.
DATABASE = tuple(
    f"simulator.{name}"
    for name in (
        *(f"library.{one}" for one in ("connection", "database", "importing", "migrations", "table")),
        "library.migrations.revision_1",
        "accounts.register",
    )
)


def contracts(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    return subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_contracts_of_the_layers_are_kept() -> None:
    done = contracts("--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_no_contract_holds_an_exemption() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "[[tool.importlinter.contracts]]" in text
    assert "ignore_imports" not in text


def modules() -> list[str]:
    names = []
    for path in sorted((ROOT / "simulator").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def loaded_by(names: list[str]) -> set[str]:
    program = "import sys, importlib; [importlib.import_module(n) for n in sys.argv[1:]]; print(*sorted(sys.modules))"
    command = [sys.executable, "-c", program, *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("names", [["simulator"], None], ids=["the package", "everything below the screen"])
def test_nothing_slow_is_loaded_before_it_is_used(names: list[str] | None) -> None:
    if names is None:
        names = [name for name in modules() if name not in DATABASE and ".apps.web" not in name]
        assert len(names) > 100, "the sources were not found"
    assert loaded_by(names).isdisjoint({*SLOW, *DATABASE})


def test_every_module_of_the_database_is_there() -> None:
    assert set(DATABASE) <= set(modules())


def test_the_referee_knows_nothing_of_the_model() -> None:
    """The person-by-person simulation judges the model, so it must not borrow from it."""
    borrowed = [
        f"{path.name}: {ast.unparse(node)}"
        for path in (ROOT / "tests" / "referee").glob("*.py")
        if not path.name.startswith("test_")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "simulator" in ast.unparse(node)
    ]
    assert borrowed == []
