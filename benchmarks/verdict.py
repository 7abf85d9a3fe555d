"""What a case of the resilience check comes to: what the library has lost, and the line that says it."""

from __future__ import annotations

from benchmarks.visitors import Tally


def lost(address: str, tally: Tally) -> list[str]:
    """Return the trials that a page said were kept and that the library does not hold whole."""
    from simulator.library import open_store

    with open_store(address, timeout_seconds=30) as store:
        held = {store.load(row.id).title for row in store.search()}
    return [title for title in tally.kept if title not in held]


def report(name: str, *lines: str, fault: bool) -> bool:
    """Print what was found, a fault first; return whether it is one."""
    print(f"{name}: {'FAULT; ' if fault else ''}{'; '.join(lines)}", flush=True)
    return fault
