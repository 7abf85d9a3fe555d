"""Count rooms, floors, arrows and circles from the imports and draw them: python -m tools.check.rooms [--write].

A room is a package directly below ``simulator`` (``apps/cli`` and ``apps/web`` are two), a loose module there, the face
``simulator`` itself, ``benchmarks`` or ``tools``. An arrow is one room importing another, wherever in the file the
import stands. A room's floor is the longest chain of arrows below it, counted from one.

``--write`` puts the picture into docs/architecture.md: only the arrows that no longer path implies, so that it can be
read; the counts are of all arrows.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture.md"
START, END = "<!-- drawn by tools/check/rooms.py -->", "<!-- end of the drawing -->"

# What the layout must stay below.
MOST = {"rooms": 20, "floors": 13, "arrows": 110, "modules": 220, "circles": 0, "upward": 0}

Arrow = tuple[str, str]


@dataclass(frozen=True)
class House:
    """The rooms, and which imports which."""

    rooms: tuple[str, ...]
    arrows: frozenset[Arrow]
    modules: int
    """Modules below simulator/, packages' ``__init__`` among them."""
    module_circles: tuple[tuple[str, ...], ...]
    """Modules that import each other, each circle once."""
    upward: tuple[Arrow, ...]
    """Arrows against the layers of pyproject.toml."""

    def below(self, room: str) -> frozenset[str]:
        """Return the rooms that a room imports."""
        return frozenset(to for start, to in self.arrows if start == room)

    @property
    def circles(self) -> tuple[tuple[str, ...], ...]:
        """Rooms that import each other, and modules that do."""
        return (*_circles(self.rooms, self.arrows), *self.module_circles)

    @property
    def floors(self) -> dict[str, int]:
        """The floor of each room; empty where a circle leaves none."""
        if _circles(self.rooms, self.arrows):
            return {}
        found: dict[str, int] = {}

        def floor(room: str) -> int:
            if room not in found:
                found[room] = 1 + max((floor(one) for one in self.below(room)), default=0)
            return found[room]

        return {room: floor(room) for room in self.rooms}

    @property
    def counts(self) -> dict[str, int]:
        """What :data:`MOST` limits."""
        return {
            "rooms": len(self.rooms),
            "floors": max(self.floors.values(), default=0),
            "arrows": len(self.arrows),
            "modules": self.modules,
            "circles": len(self.circles),
            "upward": len(self.upward),
        }


def room_of(module: str) -> str:
    """Return the room that a module stands in.

    >>> room_of("simulator.apps.web.pages.trials"), room_of("simulator.base.errors"), room_of("tools.check.rooms")
    ('apps/web', 'base', 'tools')
    """
    parts = module.split(".")
    if parts[0] != "simulator" or len(parts) == 1:
        return parts[0]
    return "/".join(parts[1:3]) if parts[1] == "apps" else parts[1]


def read_house(root: Path = ROOT) -> House:
    """Return the house as the imports below a folder make it."""
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    graph = grimp.build_graph("simulator", "benchmarks", "tools", cache_dir=None)
    imports = frozenset(
        (module, other) for module in graph.modules for other in graph.find_modules_directly_imported_by(module)
    )
    arrows = frozenset((room_of(a), room_of(b)) for a, b in imports if room_of(a) != room_of(b))
    # The package simulator.apps says nothing but that its two rooms belong together.
    rooms = tuple(sorted({room_of(module) for module in graph.modules} - {"apps"}))
    order = _layers(root)
    return House(
        rooms=rooms,
        arrows=arrows,
        modules=sum(module.split(".")[0] == "simulator" for module in graph.modules),
        module_circles=_circles(tuple(sorted(graph.modules)), imports),
        upward=tuple(sorted((a, b) for a, b in arrows if a in order and b in order and order[a] < order[b])),
    )


def draw(house: House) -> str:
    """Return the picture as a diagram in Mermaid's language, the highest floor first."""
    floors = house.floors
    lines = ["```mermaid", "flowchart TD"]
    for number in sorted(set(floors.values()), reverse=True):
        names = [f'{_name(room)}["{room}"]' for room in house.rooms if floors[room] == number]
        lines += [f'  subgraph floor{number}["{number}"]', "    direction LR"]
        lines += [*(f"    {one}" for one in names), "  end"]
    lines += [f"  {_name(a)} --> {_name(b)}" for a, b in _shown(house)]
    return "\n".join([*lines, "```"])


def page_with(picture: str, page: str) -> str:
    """Return the page with the picture between its two marks."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{picture}\n{END}{after}"


def _name(room: str) -> str:
    return room.replace("/", "_")


def _shown(house: House) -> list[Arrow]:
    """Arrows that no longer path implies."""
    reached: dict[str, frozenset[str]] = {}
    for room in sorted(house.rooms, key=lambda one: house.floors[one]):
        reached[room] = house.below(room).union(*(reached[one] for one in house.below(room)))
    return sorted(
        (room, one)
        for room in house.rooms
        for one in house.below(room)
        if not any(one in reached[other] for other in house.below(room) - {one})
    )


def _layers(root: Path) -> dict[str, int]:
    """Return how high each room stands in the layers of pyproject.toml, the lowest at zero."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    order: dict[str, int] = {}
    for height, layer in enumerate(reversed(contract["layers"])):
        for name in layer.split(" | "):
            room = room_of(name)
            order |= dict.fromkeys(("apps/cli", "apps/web") if room == "apps" else (room,), height)
    return order


def _circles(names: tuple[str, ...], arrows: frozenset[Arrow]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of names that reach each other (Tarjan's strongly connected components of two or more)."""
    to: dict[str, list[str]] = {name: [] for name in names}
    for start, end in sorted(arrows):
        to.setdefault(start, []).append(end)
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[tuple[str, ...]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in to.get(name, []):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(tuple(sorted(group)))

    for name in names:
        if name not in index:
            visit(name)
    return tuple(found)


def main(arguments: list[str] | None = None) -> int:
    """Print the counts, write the page on demand; return 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description="Count rooms, floors, arrows and circles from the imports.")
    parser.add_argument("--write", action="store_true", help="write the picture into docs/architecture.md")
    chosen = parser.parse_args(arguments)
    house = read_house()
    for name, count in house.counts.items():
        print(f"{name:8} {count:4}   at most {MOST[name]}")
    for room, floor in sorted(house.floors.items(), key=lambda one: -one[1]):
        print(f"{floor:3}  {room:12} -> {', '.join(sorted(house.below(room)))}")
    for circle in house.circles:
        print("circle:", " <-> ".join(circle))
    for start, end in house.upward:
        print(f"upward: {start} -> {end}")
    if chosen.write:
        PAGE.write_text(page_with(draw(house), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return int(any(count > MOST[name] for name, count in house.counts.items()))


if __name__ == "__main__":
    sys.exit(main())
