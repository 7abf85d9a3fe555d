"""Fit the shipped defaults to the public evidence: ``make defaults`` (``python -m tools.research.fit_defaults``).

Reads ../shared/evidence and the figures in evidence.py, starts from starting_priors.toml, and writes
values, ranges and reasons of the entries that the evidence speaks about into simulator/reference/parameters. Prices
come from the tables of accounts (price_levels.py), everything else from the estimator of ``calibrate``
(default_fit.py). A second run changes nothing: what it writes is no part of what it starts from.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from simulator.reference.parameters import load_parameters
from tools.build.parameter_file import FOLDER, changed, number, string
from tools.research import evidence, price_levels
from tools.research.default_fit import Default, learnt
from tools.research.price_entries import price_defaults


def shipped_defaults() -> dict[str, Default]:
    """Return every default that the evidence decides, by key."""
    others = {key: default for key, default in learnt().items() if not key.startswith("prices.")}
    return others | price_defaults(price_levels.learnt())


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="fit_defaults", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything would change")
    options = parser.parse_args(arguments)
    if not evidence.exists():
        sys.stderr.write(f"fit_defaults: no evidence in {evidence.FOLDER}\n")
        return 2
    defaults = shipped_defaults()
    moved = {path: text for path, text in written(defaults).items() if text != path.read_text(encoding="utf-8")}
    _say(defaults)
    for path, text in moved.items():
        print(f"{'would change' if options.check else 'changed'}: {path.name}")
        if not options.check:
            path.write_text(text, encoding="utf-8")
    if not moved:
        print("nothing to change")
    return 1 if options.check and moved else 0


def written(defaults: Mapping[str, Default], folder: Path = FOLDER) -> dict[Path, str]:
    """Return the parameter files as they should be."""
    texts: dict[Path, str] = {}
    for key, default in defaults.items():
        stem, name = key.split(".", 1)
        path = folder / f"{stem}.toml"
        text = texts.get(path) or path.read_text(encoding="utf-8")
        texts[path] = changed(text, name, _entries(default, path, name))
    return texts


def _entries(default: Default, path: Path, name: str) -> dict[str, str]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    for part in name.split("."):
        table = table[part]
    family = table["range"]["family"]
    low, high = number(default.low), number(default.high)
    entries = {"value": number(default.value)}
    if default.values:
        bands = ", ".join(f"{string(band)} = {number(value)}" for band, value in default.values.items())
        entries = {"values": f"{{ {bands} }}"}
    entries["range"] = f'{{ family = "{family}", low = {low}, high = {high}, level = 0.8 }}'
    entries |= {"origin": string(default.origin), "reason": string(default.reason)}
    return entries


def _say(defaults: Mapping[str, Default]) -> None:
    """Print what was and what is."""
    shipped = load_parameters()
    for key, default in defaults.items():
        for label, value in (default.values or {"": default.value}).items():
            name = f"{key}.{label}" if label else key
            before = shipped[name]
            print(
                f"{name:42s} {before.value:10.4g} ({before.low:.3g} to {before.high:.3g})"
                f" -> {value:10.4g} ({default.low:.3g} to {default.high:.3g}{' times' if label else ''})"
            )


if __name__ == "__main__":
    sys.exit(main())
