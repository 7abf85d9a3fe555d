"""A library of 10,000 scenarios: titles, clients and tags as people write them, announced figures, notes in some."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator

from simulator import Campaign, Place, Targeting
from simulator.library import Scenario
from simulator.library.library import Entry
from simulator.library.rows import now
from simulator.library.scenario import canonical

SCENARIOS = 10_000
TRADES = ("Boulangerie", "Coiffure", "Fleuriste", "Garage", "Poterie", "Menuiserie", "Traiteur", "Couture")
NAMES = ("Etchegaray", "Lafitte", "Dupont", "Tremblay", "Côté", "Gagnon", "Larralde", "Martin", "Bélanger", "Haïm")


def example() -> Scenario:
    """One scenario with its announced figures, simulated once."""
    campaign = Campaign(targeting=Targeting(places=[Place.around("Pau")], age_min=25, age_max=54), daily_budget=5)
    return Scenario(campaign=campaign).with_figures()


def entries(versions: int) -> Iterator[Entry]:
    """A library as ``export`` would write it, without ten thousand fsyncs."""
    source = random.Random(7)
    plain = example().to_dict()
    for _ in range(SCENARIOS):
        key = str(uuid.UUID(int=source.getrandbits(128), version=4))
        trade, name = source.choice(TRADES), source.choice(NAMES)
        for version in range(1, versions + 1):
            title = f"{trade} à Pau, essai {source.randrange(1000)} v{version}"
            changes = {"id": key, "title": title, "client": f"{trade} {name}", "tags": [trade.lower(), "été"]}
            notes = "Appeler lundi. " * source.choice([0, 0, 0, 5, 30])
            yield Entry(key, version, now(), "", False, canonical({**plain, **changes, "notes": notes}))
