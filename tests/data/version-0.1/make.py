"""Write the files of this folder; runs only with the code of version 0.1, before the rooms (commit cdc4991).

    PYTHONPATH=CHECKOUT_OF_CDC4991 python tests/data/version-0.1/make.py

A library of one person, the same library on a server with people, a session and a link (SQLite, and PostgreSQL as
pg_dump writes it), a calibration, and in expected.json what that version read from them. All figures are invented.
"""

# ruff: noqa: I001 — the rooms of that version are unknown here
from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from simulator import Campaign, Place, Targeting
from simulator.access import open_access
from simulator.access.people import ADVISOR, Claims
from simulator.calibration import Calibration, calibrate, read_ads_manager
from simulator.store import Actual, Scenario, open_store
from simulator.store.database import Store
from tools.check.postgres import Postgres

HERE = Path(__file__).resolve().parent
ISSUER = "https://accounts.example.org"


def scenarios(learnt: Calibration) -> list[Scenario]:
    pau = Place.at(43.2951, -0.3708, "FR", 25, "Pau")
    montreal = Place.at(45.5089, -73.5617, "CA", 10, "Montréal")
    bakery = Campaign(targeting=Targeting(places=(pau,), age_min=25, age_max=54), daily_budget=5)
    chocolate = Campaign(targeting=Targeting(places=(montreal,)), daily_budget=12, currency="CAD", duration_days=14)
    actual = Actual(
        spend=140.0,
        impressions=31_000,
        reach=12_000,
        link_clicks=280,
        start=datetime.date(2026, 10, 1),
        end=datetime.date(2026, 10, 28),
        source="Ads Manager",
    )
    return [
        Scenario(campaign=bakery, title="Fournil d’été", client="Fournil", tags=("pain", "été"), notes="50 % _ de"),
        Scenario(campaign=chocolate, title="Chocolat", client="Cacao", author="Anne").with_figures(),
        Scenario(campaign=bakery, title="Learnt", client="Fournil", calibration=learnt).with_figures(),
        Scenario(campaign=bakery, title="Finished", actual=actual, tags=("été",)).with_figures(),
        Scenario(campaign=bakery, title="Deleted"),
    ]


def fill(store: Store, ones: list[Scenario]) -> None:
    for one in ones:
        store.save(one)
    first = ones[0]
    store.save(first.replace(title="Fournil d’automne", notes="שלום, second version"), base_version=1)
    store.delete(ones[4].id)


def written(one: Scenario) -> dict[str, Any]:
    """Return a scenario as JSON; its calibration stands in a file of its own."""
    return one.to_dict() | ({"calibration": "calibration.json"} if one.calibration else {})


def read(store: Store, ids: list[str]) -> dict[str, Any]:
    """Return everything that a library answers, as JSON."""
    histories = {}
    for key in ids:
        entries = store.versions(key)
        kept = [store.fetch(key, entry.version) for entry in entries]
        histories[key] = [
            {
                "entry": entry._asdict(),
                "scenario": written(one.scenario),
                "saved_at": one.saved_at,
                "owner": one.owner,
                "deleted": one.deleted,
            }
            for entry, one in zip(entries, kept, strict=True)
        ]
    rows = [row._asdict() for row in store.search()]
    found = {"rows": rows, "found": [row.title for row in store.search("automne")], "histories": histories}
    return json.loads(json.dumps(found, default=lambda moment: moment.isoformat()))


def with_people(store: Store, ones: list[Scenario]) -> dict[str, Any]:
    """Fill a library of several, and return what its people see."""
    access = open_access(store)
    keys = {}
    for name in ("anna", "bruno"):
        given = {"iss": ISSUER, "sub": name, "nonce": "n", "exp": 4e9, "name": name.title()}
        keys[name] = access.enter(Claims.of(given), 5).key
    access.change(keys["bruno"], role=ADVISOR, team="north")
    access.change(keys["anna"], team="north")
    people = {one.name: one for one in access.people()}
    view = access.view(people["Anna"])
    fill(view, ones)
    token = access.share(view, ones[1].id, 365)
    ended = Claims.of({"iss": ISSUER, "sub": "bruno", "nonce": "ended", "exp": 4e9, "name": "Bruno"})
    access.enter(ended, 5)
    access.leave(ended)
    return {
        "people": [[one.key, one.name, one.email, one.role, one.team] for one in access.people()],
        "rows_of": {name: [row.title for row in access.view(one).search()] for name, one in people.items()},
        "token": token,
        "shared": written(access.shared(token).scenario),
    }


def main() -> None:
    learnt = calibrate(read_ads_manager(HERE.parent / "EXEMPLE-invented-en-days.csv"), name="invented days")
    learnt.save(HERE / "calibration.json")
    ones = scenarios(learnt)
    ids = [one.id for one in ones]
    for path in HERE.glob("*.sqlite"):
        path.unlink()
    with open_store(HERE / "library.sqlite", owner="Anne") as store:
        fill(store, ones)
        expected = {"ids": ids, "library": read(store, ids)}
    with open_store(HERE / "server.sqlite") as store:
        expected["server"] = with_people(store, ones) | read(store, ids)
    server = Postgres()
    try:
        with open_store(server.address) as store:
            expected["postgresql"] = with_people(store, ones) | read(store, ids)
        command = [server.programs / "pg_dump", "--no-owner", "--no-privileges", "--inserts", server.address]
        dump = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    finally:
        server.remove()
    of_psql = re.compile(r"--|\\|SET |SELECT pg_catalog.set_config")
    kept = [line for line in dump.splitlines() if line and not of_psql.match(line)]
    (HERE / "postgresql.sql").write_text("\n".join(kept) + "\n", encoding="utf-8")
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    (HERE / "expected.json").write_text(text + "\n", encoding="utf-8")
    shutil.rmtree(HERE / "__pycache__", ignore_errors=True)


if __name__ == "__main__":
    main()
