"""One direction: a lower layer never imports a higher one, and nothing below the screen knows Streamlit."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conventions.imports import Import, imports_of

ROOT = Path(__file__).resolve().parents[2]

# From the bottom up. A new room must be given its place here before anything may import it.
LAYERS = (
    ("errors", "metrics", "version", "json_text", "printing"),
    ("model_base", "validated", "functions", "campaign", "forecast", "scenario_file"),
    ("model",),
    ("places", "interests", "parameters"),
    ("charts", "catalogue", "formats", "wording"),  # how figures are drawn and said, on the screen and on paper
    ("audience", "sample", "checks", "forecasting", "outcomes", "delivery_estimate"),
    ("beside",),
    ("planning", "calibration"),
    ("store", "reports"),
    ("access",),
    ("__init__",),  # the public names: gathered from below, used by what stands above
    ("commands",),
    ("ui", "cli"),
    ("app",),
)
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}
SCREEN = RANK["ui"]

# Slow to import: below the screen only inside the function that needs them.
ONLY_WHERE_USED = ("pandas", "scipy.stats", "numba", "sqlalchemy")

# Modules that are themselves loaded only when a database is opened: they may import SQLAlchemy at their top, and
# nobody else may import them at his.
DATABASE = tuple(
    f"simulator.store.{name}"
    for name in ("connection", "database", "erasing", "faults", "importing", "listing", "ownership", "table")
) + ("simulator.access.tables", "simulator.access.register", "simulator.access.links", "simulator.access.sessions")


@dataclass(frozen=True)
class Exemption:
    """An import against the direction, always inside a function, with its reason."""

    module: str
    function: str
    targets: tuple[str, ...]
    reason: str

    def covers(self, imported: Import) -> bool:
        return (
            room(imported.module) == self.module
            and room(imported.target) in self.targets
            and (imported.for_types or (bool(imported.function) and self.function in imported.function))
        )


EXEMPTIONS = (
    Exemption(
        "campaign",
        "",
        ("places", "interests", "parameters"),
        "Place is built and checked by name, interests and currencies are checked, when they are given; "
        "what is kept are coordinates and codes, so a saved campaign never moves with a new table.",
    ),
    Exemption(
        "model",
        "expected_reach",
        ("parameters",),
        "a single question about reach may be asked without naming every parameter.",
    ),
)


def sources() -> list[Path]:
    return [*sorted((ROOT / "simulator").rglob("*.py")), *sorted(ROOT.glob("app.py"))]


def room(module: str) -> str:
    """Return the room of a dotted name, or an empty text for somebody else's package."""
    parts = module.split(".")
    if parts[0] == "app":
        return "app"
    if parts[0] != "simulator":
        return ""
    return parts[1] if len(parts) > 1 else "__init__"


def rank(module: str) -> int:
    """Return how high a module stands; a room without a layer counts as the lowest, and has a test of its own."""
    return RANK.get(room(module), 0)


def all_imports() -> list[Import]:
    return [imported for path in sources() for imported in imports_of(path, ROOT)]


def against_direction(imports: list[Import]) -> list[Import]:
    return [
        imported
        for imported in imports
        if rank(imported.target) > rank(imported.module)
        and not any(exemption.covers(imported) for exemption in EXEMPTIONS)
    ]


def test_every_room_has_its_layer() -> None:
    names = {room(imported.module) for imported in all_imports()}
    names |= {path.stem if path.suffix else path.name for path in (ROOT / "simulator").glob("[!_.]*") if _holds(path)}
    assert names <= RANK.keys(), f"no layer in {Path(__file__).name} for: {sorted(names - RANK.keys())}"


def _holds(path: Path) -> bool:
    return path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))


def test_no_layer_imports_a_higher_one() -> None:
    assert len(all_imports()) > 50, "the sources were not found"
    wrong = against_direction(all_imports())
    assert not wrong, "\n".join(map(str, wrong))


def test_an_import_against_the_direction_is_seen() -> None:
    def one(module: str, target: str, function: str = "") -> list[Import]:
        return against_direction([Import(module, target, 1, function)])

    assert one("simulator.model.auction", "simulator.forecasting")
    assert one("simulator.model.auction", "simulator")
    assert one("simulator.campaign", "simulator.places")
    assert not one("simulator.campaign", "simulator.places.search", "Place.around")
    assert one("simulator.forecast", "simulator.places", "Forecast.by_day")
    assert one("simulator.model.exposure", "simulator.parameters", "deliver")
    assert not one("simulator.model.exposure", "simulator.parameters", "expected_reach")
    assert not one("simulator.forecasting", "simulator.model.auction")
    assert not one("simulator.forecasting", "numpy")


def test_the_public_names_are_only_gathered_at_the_top() -> None:
    init = [imported for imported in all_imports() if imported.module == "simulator"]
    assert all(rank(imported.target) <= rank("simulator") for imported in init)


def test_nothing_below_the_screen_imports_streamlit() -> None:
    wrong = [
        imported
        for imported in all_imports()
        if imported.target.split(".")[0] == "streamlit" and rank(imported.module) < SCREEN
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_slow_packages_are_imported_only_where_they_are_used() -> None:
    wrong = [
        imported
        for imported in all_imports()
        if imported.at_module_level
        and imported.target.startswith(ONLY_WHERE_USED)
        and rank(imported.module) <= SCREEN
        and room(imported.module) != "ui"
        and not (imported.module in DATABASE and imported.target.startswith("sqlalchemy"))
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_the_database_is_loaded_only_when_it_is_opened() -> None:
    inside = [imported for imported in all_imports() if imported.target in DATABASE]
    assert inside, "the modules of the database were not found"
    wrong = [imported for imported in inside if imported.at_module_level and imported.module not in DATABASE]
    assert not wrong, "\n".join(map(str, wrong))


def test_importing_the_package_loads_nothing_slow() -> None:
    program = "import sys, simulator; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "simulator" in loaded
    assert loaded.isdisjoint({*ONLY_WHERE_USED, "streamlit"})


def test_the_referee_knows_nothing_of_the_model() -> None:
    """The person-by-person simulation judges the model, so it must not borrow from it."""
    referee = [path for path in (ROOT / "tests" / "referee").glob("*.py") if not path.name.startswith("test_")]
    borrowed = [imported for path in referee for imported in imports_of(path, ROOT) if room(imported.target)]
    assert not borrowed, "\n".join(map(str, borrowed))
