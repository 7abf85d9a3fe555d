"""No empirical number in simulator/model: figures about people and markets live in parameter files, with their source.

The rule, read from the source without running it. A number in the model is one of

1. structure: 0, 1, 2 and a half, of either sign; small whole numbers that name an axis or a place of an array;
2. a guard: a power of ten of 1e-9 or less, that keeps a division or a logarithm finite (or one less such a power);
3. a constant of the computation: at module level, listed in ``CONSTANTS`` with what its value decides about speed,
   memory or error, never about people;
4. a number inside a function, listed in ``PLACES`` with its reason.

What is listed and no longer stands there fails too, so that the lists stay true.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

MODEL = Path(__file__).resolve().parents[2] / "simulator" / "model"
STRUCTURE = (0, 1, 2, 0.5)
LARGEST_AXIS = 4
LARGEST_GUARD = 1e-9

CONSTANTS = {
    "auction.ITERATIONS": "bound on Newton's steps; a handful suffice",
    "auction.TOLERANCE": "last step of Newton's iteration",
    "simulation.DAYS_COMPUTED": "days worked out rather than interpolated",
    "simulation.ROUNDS": "bound on the steps of false position; a handful suffice",
    "capped_tables.STEP": "step of the tables of a cap: its error",
    "capped_tables.ACTIVITY_STEPS": "quadrature nodes over the logarithm of activity",
    "capped_tables.DEEPEST": "depth at which the integrand is cut: error",
    "capped_tables.KEPT": "tables kept between calls: memory",
    "capped_tables.WEAR_NODES": "points of a polynomial in the wear-out: its error",
    "capped_tables.WEAR_ENDS": "interval of that polynomial",
    "simulation.NODES": "quadrature nodes",
    "caps.CHUNK": "curves worked on at a time: memory",
    "draws.EDGE": "distance of uniform points from 0 and 1, so that quantiles are finite",
    "draws.FEW": "mean from which the expansion is near enough to be corrected",
    "draws.MOST_COUNTED": "more than any count at the largest point and a mean of ten",
    "draws.EXACT_BELOW, ROOT_FROM": "counts below which the exact quantile is taken, and from which its approximation",
    "earned.ITERATIONS": "bound on the steps of an iteration",
    "engagement.DECAYS": "rates of the exponentials whose mixture stands for any power law",
    "engagement.HEAD": "showings summed one by one before the mixture takes over",
    "engagement.TAIL_TOLERANCE": "share below which the tail is not worked out",
    "engagement.TAIL_UNTIL": "showings up to which the mixture is fitted",
    "expected.CHUNK": "curves worked on at a time: memory",
    "expected.DAY_RANGE": "days that the table covers; outside, the integral is worked out",
    "expected.LEAST_PERSISTENCE": "below it the table is left for the integral",
    "expected.MOST_K": "largest k that may be asked for: memory",
    "expected.TABLE_K": "showings that the table holds",
    "expected.TABLE_QUADRATURE": "quadrature nodes behind the table",
    "expected.Z_NODES, DAY_NODES": "size of the table: its error",
    "expected.Z_RANGE": "win shares that the table covers",
    "exposure.CHUNK": "curves worked on at a time: memory",
    "exposure.SERIES_BELOW": "ratio of terms at which a tail is summed as a series",
    "exposure.SERIES_TERMS": "terms of that series",
    "interpolation.STENCIL": "knots of a polynomial: its order",
    "interpolation.Z_CAP": "place where every slot is won but for one in 1e9",
    "interpolation.Z_FLOOR": "place below which nothing is won that a double could hold",
    "needs.APART": "distance kept between two rates in a quotient: its error",
    "organic.ITERATIONS": "bound on Newton's steps; a handful suffice",
    "organic.NODES": "quadrature nodes over the scatter of a post",
    "quadrature.DEEPEST_K": "showing beyond which the interval of traits moves no further",
    "quadrature.DEEP_DEPTH": "depth at which the integrand is cut: error",
    "quadrature.EDGE": "end of the normal distribution in double precision",
    "quadrature.LIVE_DEPTH": "depth at which the integrand is cut: error",
    "quadrature.MARGIN": "widening of the interval of traits",
    "caps.ACTIVITY_LOGS": "quadrature nodes over the logarithm of activity",
    "caps.SUMMED_UP_TO": "terms up to which a sum is quicker than the incomplete gamma function",
}

PLACES = {
    ("auction.mean_price", 1000.0): "cost per thousand: the unit",
    ("draws._many", 6.0): "expansion of Cornish and Fisher (1938): (z² − 1)/6",
    ("draws._many", 3): "cube of the score in it",
    ("draws._many", 72.0): "expansion of Cornish and Fisher (1938): (z − z³)/72",
    ("draws._many", 0.1): "twice the largest error of the expansion seen from a mean of 10 on, per (1 + z²)²/mean",
    ("draws._many", 0.3): "the same, per 1/√mean",
    ("draws._many", 0.003): "the same, of rounding at a million",
    ("draws.noisy_count", 3.0): "cube root of Wilson and Hilferty (1931)",
    ("draws.noisy_count", 9.0): "their correction of the mean, 1/(9k)",
    ("engagement._tail_fit", 8): "results kept by the cache",
    ("engagement._tail_fit", 60): "points of the fit",
    ("expected.reach_from_impressions", 10): "default of k_max: tables show ten",
    ("expected.reach_table", 64): "results kept by the cache",
    ("exposure.reach_shares", 10): "default of k_max: tables show ten",
    ("quadrature._live_interval", 0.05): "floor under a root: least width of the interval",
    ("quadrature._live_interval", 0.1): "floor under a root: least width of the interval",
    ("quadrature._live_interval", 0.25): "a quarter of the way between two candidates for the maximum",
    ("quadrature._live_interval", 0.75): "three quarters of the way",
    ("quadrature.nodes_needed", 15.0): "nodes per unit of ρ: the error of the quadrature",
    ("quadrature.nodes_needed", 20.0): "nodes without persistence",
    ("simulation.anchored_rates", 10): "showings asked for; only the first is used",
    ("simulation._capped_exposed", 3): "axis of the platforms",
}


@dataclass(frozen=True)
class Number:
    """One number of the source and where it stands."""

    module: str
    line: int
    owner: str
    """``module.NAME`` of a constant or ``module.function``; ``module.`` at the bare module level."""
    value: float
    constant: bool

    def __str__(self) -> str:
        return f"{self.module}.py, line {self.line}: {self.value!r} in {self.owner}"


def numbers_of(source: str, module: str) -> list[Number]:
    """Return every number of a module but docstrings' and structure's."""
    return list(_numbers(ast.parse(source), module, f"{module}.", constant=False, position=False))


def _numbers(node: ast.AST, module: str, owner: str, *, constant: bool, position: bool) -> Iterator[Number]:
    for field, child in _children(node):
        inner, is_constant = owner, constant
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inner, is_constant = f"{module}.{child.name}", False
        elif isinstance(child, (ast.Assign, ast.AnnAssign)) and owner == f"{module}.":
            targets = child.targets if isinstance(child, ast.Assign) else [child.target]
            inner, is_constant = f"{module}.{ast.unparse(targets[0]).strip('()')}", True
        at = position or (isinstance(node, ast.Subscript) and field == "slice")
        at = at or (isinstance(child, ast.keyword) and child.arg == "axis")
        if isinstance(child, ast.Constant) and type(child.value) in (int, float) and not _free(child.value, at):
            yield Number(module, child.lineno, inner, child.value, is_constant)
        yield from _numbers(child, module, inner, constant=is_constant, position=at)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield field, child


def _free(value: float, position: bool) -> bool:
    if value in STRUCTURE or (position and isinstance(value, int) and value <= LARGEST_AXIS):
        return True
    return 0.0 < value <= LARGEST_GUARD and math.log10(value) == round(math.log10(value))


def not_allowed(numbers: list[Number]) -> list[Number]:
    """Return the numbers that neither list explains."""
    return [
        number
        for number in numbers
        if not (number.constant and number.owner in CONSTANTS) and (number.owner, number.value) not in PLACES
    ]


def numbers_of_the_model() -> list[Number]:
    files = sorted(MODEL.glob("*.py"))
    assert len(files) > 8, "the model was not found"
    return [number for path in files for number in numbers_of(path.read_text(encoding="utf-8"), path.stem)]


def test_no_empirical_number_stands_in_the_model() -> None:
    found = not_allowed(numbers_of_the_model())
    assert not found, (
        "a figure belongs in a parameter file; a number of the computation in a list here, with its reason:\n"
        + ("\n".join(map(str, found)))
    )


def test_the_lists_hold_nothing_that_is_gone() -> None:
    numbers = numbers_of_the_model()
    assert CONSTANTS.keys() - {number.owner for number in numbers if number.constant} == set()
    assert PLACES.keys() - {(number.owner, number.value) for number in numbers if not number.constant} == set()


@pytest.mark.parametrize(
    "source",
    [
        "def clicks(shown):\n    return shown * 0.013",
        "def answered(k, wear_out=0.43):\n    return k ** -wear_out",
        "WEAR_OUT = 0.43\n'''How answers wear out.'''",
        "ALPHA, RHO = 0.9, 0.4",
        "SLOTS: float = 3.0",
        "def slots():\n    return 3",
        "class People:\n    activity = 0.9",
        "TABLE = {'France': 6.4}",
        "def price(cpm):\n    return cpm / 1000.0 * 1.085",
        "x = [7, 14]",
    ],
)
def test_a_figure_about_people_or_prices_is_seen(source: str) -> None:
    assert not_allowed(numbers_of(source, "auction"))


@pytest.mark.parametrize(
    "source",
    [
        "def half(x):\n    return 0.5 * x[:, :3].sum(axis=(2, 3)) - 1.0 / (2.0 * x[-1])",
        "def safe(x):\n    return 1.0 / max(x, 1e-300) + min(x, 1.0 - 1e-15)",
        "ITERATIONS = 60",
        "def mean_price(cpm):\n    return cpm / 1000.0",
    ],
)
def test_structure_guards_and_listed_numbers_are_let_be(source: str) -> None:
    assert not_allowed(numbers_of(source, "auction")) == []
