"""Visitors that move money or keep trials until their time is over, and a tally of what they saw."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

from tools.check.websocket_client import Gone, Run, Visitor

BUDGETS = (1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50)
PAUSE_S = (2.0, 6.0)
"""Between two moves of one visitor: somebody reads the answer."""
KEEP = "FormSubmitter:keep_form-Keep"


@dataclass
class Tally:
    """What visitors have seen."""

    seconds: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    refused: int = 0
    gone: int = 0
    exceptions: list[str] = field(default_factory=list)

    def note(self, run: Run, moments: list[float]) -> None:
        moments.append(run.seconds)
        self.exceptions += run.exceptions

    def times(self) -> str:
        """Return the times of moves, in words."""
        if len(self.seconds) < 2:
            return "no moves"
        ordered = sorted(self.seconds)
        at = {share: ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 for share in (0.5, 0.95, 0.99)}
        return (
            f"{len(ordered):,} moves, p50 {at[0.5]:.0f} ms, p95 {at[0.95]:.0f} ms, p99 {at[0.99]:.0f} ms, "
            f"longest {ordered[-1] * 1000:.0f} ms"
        )


async def visit(url: str, tally: Tally, until: float, pause: tuple[float, float] = PAUSE_S) -> None:
    """Be one visitor: open the page, move money until the time is over, come back if the server goes."""
    chance = random.Random()
    while time.monotonic() < until:
        try:
            async with Visitor(url, "lang=en") as visitor:
                tally.note(await visitor.run(), tally.first)
                while time.monotonic() < until:
                    await asyncio.sleep(chance.uniform(*pause))
                    tally.note(await visitor.run({"daily_budget": chance.choice(BUDGETS)}), tally.seconds)
        except (Gone, TimeoutError):
            tally.gone += 1
            await asyncio.sleep(0.5)


async def save(url: str, tally: Tally, until: float, name: str) -> None:
    """Keep one trial after the other, each in a visit of its own, and note those that the page says are kept."""
    count = 0
    while time.monotonic() < until:
        count += 1
        title = f"{name} {count}"
        try:
            async with Visitor(url, "lang=en") as visitor:
                tally.note(await visitor.run(), tally.first)
                run = await visitor.run({"keep_title_": title, KEEP: True})
                tally.exceptions += run.exceptions
                if any("is kept" in alert for alert in run.alerts):
                    tally.kept.append(title)
                else:
                    tally.refused += 1
                    await asyncio.sleep(0.2)
        except (Gone, TimeoutError):
            tally.gone += 1
            await asyncio.sleep(0.3)
