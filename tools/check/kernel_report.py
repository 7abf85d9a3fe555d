"""The page of the kernel's validation: tables of agreement between forecast and simulation, good or bad."""

from __future__ import annotations

import datetime
import os
import platform
import statistics
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.referee import grid
from tests.referee.agreement import ALLOWED, ALLOWED_HIGHER_REACH, STANDARD_ERRORS, Comparison
from tools.check.kernel_verdicts import Verdict

HIGHER_REACH = "R_2 … R_10"
QUANTITIES = ("impressions", "CPM", "R_1", HIGHER_REACH, "responses", "spend", "parts")
BY_CHANCE = 0.01
"""Share of the comparisons judged by standard errors that may lie beyond three of them (Student, 31 degrees: 0.005)."""


def quantity_of(row: Comparison) -> str:
    """Return the line of the table a comparison belongs to."""
    if row.quantity.startswith("part"):
        return "parts"
    return row.quantity if row.quantity in ALLOWED else HIGHER_REACH


def beyond(rows: Iterable[Comparison]) -> list[Comparison]:
    """Return the comparisons beyond what is allowed."""
    return [row for row in rows if not row.agrees]


def passes(verdicts: list[Verdict]) -> bool:
    """Whether the kernel is within its limits, but for as many comparisons as chance makes."""
    rows = [row for verdict in verdicts for row in verdict.kernel]
    noisy = [row for row in rows if row.quantity not in ALLOWED]
    strict = [row for row in rows if row.quantity in ALLOWED]
    return not beyond(strict) and len(beyond(noisy)) <= BY_CHANCE * len(noisy)


def report(verdicts: list[Verdict]) -> str:
    """Return the section in Markdown."""
    kernel = [row for verdict in verdicts for row in verdict.kernel]
    reference = [row for verdict in verdicts for row in verdict.reference]
    return "\n\n".join(
        [
            "## The kernel against a person-by-person simulation",
            _introduction(verdicts),
            "### By quantity",
            _table_by_quantity("Kernel", kernel) + "\n\n" + _table_by_quantity("Dense reference", reference),
            _kernel_against_reference(kernel, reference),
            "### By kind of case (kernel)",
            _table_by_kind(verdicts),
            "### One segment: kernel over count, less one",
            _table_of_single_segments(verdicts),
            "### Beyond the limits",
            _list_beyond("kernel", kernel) + "\n" + _list_beyond("dense reference", reference),
        ]
    )


def packed(verdicts: list[Verdict]) -> dict[str, Any]:
    """Return what the package ships: how many comparisons, how many beyond their limit, the largest differences."""
    kernel = [row for verdict in verdicts for row in verdict.kernel]

    def largest(quantity: str) -> float:
        return round(max(abs(row.difference) for row in kernel if row.quantity == quantity), 6)

    return {
        "date": datetime.date.today().isoformat(),
        "campaigns": len(verdicts),
        "comparisons": len(kernel),
        "beyond": len(beyond(kernel)),
        "opportunities": float(sum(verdict.opportunities for verdict in verdicts)),
        "largest_reach": largest("R_1"),
        "largest_impressions": largest("impressions"),
    }


def _introduction(verdicts: list[Verdict]) -> str:
    drawn, seconds = sum(v.opportunities for v in verdicts), sum(v.seconds for v in verdicts)
    load = (
        f"load average {os.getloadavg()[2]:.1f} on {os.cpu_count()} cores"
        if hasattr(os, "getloadavg")
        else "load unknown"
    )
    rates = sorted(v.opportunities / v.seconds / 1e6 for v in verdicts if v.case.cap is None)
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "numba"))
    return (
        f"Written by `python tools/check/validate_kernel.py` on {datetime.date.today().isoformat()}; {_processor()}, "
        f"one core, Python {platform.python_version()}, {packages}.\n\n"
        f"{len(verdicts)} campaigns, {drawn / 1e9:.1f} billion slots drawn in {seconds:.0f} CPU seconds: "
        f"{statistics.median(rates):.0f} million slots a CPU second (median of the campaigns without a cap; slowest "
        f"{rates[0]:.0f}, fastest {rates[-1]:.0f}; {load}). Every slot draws a price and a value; the simulation "
        "(`tests/referee/market.py`) holds no formula of the model and finds its own bid. The kernel is "
        "`simulator.model.simulation`, with the nodes and the polynomial that a forecast uses; the dense reference "
        "(`tests/referee/dense.py`) is the same mathematics on 2001 nodes.\n\n"
        f"Allowed: impressions, CPM and spend {ALLOWED['impressions']:.1%}, reach {ALLOWED['R_1']:.0%}, responses "
        f"{ALLOWED['responses']:.0%}; R_2 … R_10 {ALLOWED_HIGHER_REACH:.0%} or {STANDARD_ERRORS:.0f} standard errors "
        "of the count, whichever is more; impressions of a segment on a platform (“parts”) 0.5 % or as many standard "
        "errors. Under a cap the budget told to the kernel is the money that the simulation spent. Counts expected "
        "below 30 people are not judged."
    )


def _processor() -> str:
    """Return the processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _table_by_quantity(title: str, rows: list[Comparison]) -> str:
    lines = [
        f"| {title} | compared | median difference | nearest to its limit | its standard error | where | beyond |",
        "|---|---|---|---|---|---|---|",
    ]
    for quantity in QUANTITIES:
        some = [row for row in rows if quantity_of(row) == quantity]
        worst = max(some, key=lambda row: row.of_limit)
        median = statistics.median(abs(row.difference) for row in some)
        lines.append(
            f"| {quantity} | {len(some)} | {median:.3%} | {worst.difference:+.3%} | "
            f"{worst.standard_error / worst.counted:.3%} | {worst.case}, {worst.quantity} | {len(beyond(some))} |"
        )
    return "\n".join(lines)


def _kernel_against_reference(kernel: list[Comparison], reference: list[Comparison]) -> str:
    """Return the largest difference of the two predictions, which has no noise."""
    pairs = list(zip(kernel, reference, strict=True))
    worst, dense = max(pairs, key=lambda pair: abs(pair[0].predicted / pair[1].predicted - 1.0))
    return (
        f"Kernel and dense reference differ by {worst.predicted / dense.predicted - 1.0:+.3%} at most "
        f"({worst.case}, {worst.quantity})."
    )


def _kinds() -> dict[str, Callable[[], list[grid.Case]]]:
    return {
        "one segment": grid.single_segments,
        "other parameters": grid.other_parameters,
        "many segments, two platforms": grid.many_segments,
        "inventory ends": grid.exhausted,
        "frequency caps": grid.capped,
    }


def _table_by_kind(verdicts: list[Verdict]) -> str:
    by_name = {verdict.case.name: verdict for verdict in verdicts}
    lines = [
        "| kind | campaigns | nearest to the limit: impressions | CPM | R_1 | R_2 … R_10 | responses | beyond |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind, cases in _kinds().items():
        rows = [row for case in cases() for row in by_name[case.name].kernel]
        nearest = (_nearest_to_limit(rows, quantity) for quantity in QUANTITIES[:5])
        lines.append(f"| {kind} | {len(cases())} | {' | '.join(nearest)} | {len(beyond(rows))} |")
    return "\n".join(lines)


def _nearest_to_limit(rows: list[Comparison], quantity: str) -> str:
    some = [row for row in rows if quantity_of(row) == quantity]
    if not some:
        return "–"
    return f"{max(some, key=lambda row: row.of_limit).difference:+.2%}"


def _table_of_single_segments(verdicts: list[Verdict]) -> str:
    names = {case.name for case in grid.single_segments()}
    lines = [
        "| campaign | impressions | CPM | R_1 | R_2 | R_5 | R_10 | responses | standard error of R_1 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for verdict in verdicts:
        if verdict.case.name in names:
            rows = {row.quantity: row for row in verdict.kernel}
            shown = (_cell(rows.get(name)) for name in ("impressions", "CPM", "R_1", "R_2", "R_5", "R_10", "responses"))
            error = rows["R_1"].standard_error / rows["R_1"].counted
            lines.append(f"| {verdict.case.name} | {' | '.join(shown)} | {error:.2%} |")
    return "\n".join(lines)


def _cell(row: Comparison | None) -> str:
    return "too rare" if row is None else f"{row.difference:+.2%}"


def _list_beyond(title: str, rows: list[Comparison]) -> str:
    found = beyond(rows)
    heading = f"- {title}: {len(found)} of {len(rows)} comparisons"
    return "\n".join([heading + ("." if not found else ":"), *(f"  - {row}" for row in found)])


def write_section(page: Path, name: str, text: str) -> None:
    """Replace the text between the markers of a section; add markers, or the page, where there are none."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    section = f"{begin}\n{text}\n{end}"
    old = page.read_text(encoding="utf-8") if page.exists() else "# Validation\n"
    if begin in old and end in old:
        before, rest = old.split(begin, 1)
        new = before + section + rest.split(end, 1)[1]
    else:
        new = f"{old.rstrip()}\n\n{section}\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(new, encoding="utf-8")
