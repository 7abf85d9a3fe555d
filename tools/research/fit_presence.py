"""Write who uses Facebook and Instagram into presence.toml: ``python -m tools.research.fit_presence [--check]``.

Reads presence_sources.csv, fits it (presence_model.py), prints what moved and which figures the fit does not believe,
and writes shares, odds and ranges of the surveyed areas. A second run changes nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.reference.parameters.loader import read_tables
from simulator.reference.parameters.presence import AGE_BANDS, PLATFORMS
from simulator.reference.places import Place, people
from tools.build.parameter_file import FOLDER, changed, number, string
from tools.research.presence_model import AREAS, FIRST_AGES, HELD_AT, PARTS, Fit, Row, fit, read_rows

Array = NDArray[np.float64]

QUANTILE_90 = 1.2815515655446004


def residents() -> dict[str, Array]:
    """Return residents of each fitted table by sex and year of age, (2, 66): 0 … 64, and 65 and over."""
    quebec = (Place.region("CA-QC"),)
    counted = {code: people((Place.country(code),)) for code in ("FR", "US")}
    counted |= {"CA-QC": people(quebec), "CA": people((Place.country("CA"),), quebec)}
    return {code: np.asarray(found.by_year[0]) for code, found in counted.items()}


def written(found: Fit, rows: Iterable[Row], text: str) -> str:
    """Return presence.toml with the fitted tables in it; the rest stays as it is, to the character."""
    rows = list(rows)
    for area in AREAS:
        for name in PLATFORMS:
            text = changed(text, f"{area}.{name}", _table(found, area, name, rows))
        odds = {name: number(round(found.women_odds[area, name], 2)) for name in PLATFORMS}
        sd = max(found.women_odds_sd[area, name] for name in PLATFORMS)
        text = changed(text, f"{area}.women_odds", {"values": _inline(odds), "range": _range("lognormal", sd)})
    for name in PLATFORMS:
        values = dict(zip(AGE_BANDS, _rounded(found.profile[name]), strict=True))
        text = changed(text, f"wealthy.{name}", {"values": _inline({f'"{band}"': v for band, v in values.items()})})
    return text


def _table(found: Fit, area: str, name: str, rows: list[Row]) -> dict[str, str]:
    values = dict(zip(AGE_BANDS, _rounded(found.shares[area, name]), strict=True))
    # Bands share one range. It is that of an adult band, wider than that of the total: people are targeted by age.
    sd = float(np.sqrt(np.mean(found.log_odds_sd[area, name][1:] ** 2)))
    about = [row for row in rows if area in PARTS[row.area] and row.platform == name]
    counts = sum(row.is_accounts for row in about)
    reason = (
        f"Fitted to {len(about) - counts} figures of surveys and panels and to"
        f" {counts} {'count' if counts == 1 else 'counts'} of accounts ({min(row.date for row in about).year}"
        f" to {max(row.date for row in about).year}), with {found.accounts_per_person[name]:.2f} accounts a person:"
        " tools/research/fit_presence.py. Bands without a figure of their own follow the other countries."
    )
    return {
        "values": _inline({f'"{band}"': value for band, value in values.items()}),
        "range": _range("logitnormal", sd),
        "reason": string(reason),
        "valid_from": HELD_AT.isoformat(),
        "sources": "[" + ", ".join(f'"{source}"' for source in dict.fromkeys(row.cited for row in about)) + "]",
    }


def _rounded(shares: Array) -> list[str]:
    return [number(round(float(share), 2)) for share in shares]


def _inline(values: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{name} = {value}" for name, value in values.items()) + " }"


def _range(family: str, sd: float) -> str:
    low, high = (number(round(float(np.exp(step * QUANTILE_90 * sd)), 2)) for step in (-1.0, 1.0))
    return f'{{ family = "{family}", low = {low}, high = {high}, level = 0.8 }}'


def _say(found: Fit, people_by_area: Mapping[str, Array], before: Mapping[str, Any]) -> None:
    """Print accounts a person, and millions of people before and after by area, platform and band."""
    for name, ratio in found.accounts_per_person.items():
        print(f"{name}: {ratio:.2f} accounts a person")
    print("leans on the logit: " + ", ".join(f"{kind} {lean:+.2f}" for kind, lean in found.leans.items()))
    print(f"{'millions, before > after':26}" + "".join(f"{band:>15}" for band in (*AGE_BANDS, "18 and over", "13+")))
    for area in AREAS:
        living = np.add.reduceat(people_by_area[area].sum(axis=0), FIRST_AGES) / 1e6
        for name in PLATFORMS:
            old = living * np.array(list(before[area][name]["values"].values()))
            new = living * found.shares[area, name]
            pairs = [*zip(old, new, strict=True), (old[1:].sum(), new[1:].sum()), (old.sum(), new.sum())]
            print(f"{area + ' ' + name:26}" + "".join(f"{first:7.2f} >{last:6.2f}" for first, last in pairs))
            print(f"{'  share':26}" + "".join(f"{share:15.2f}" for share in found.shares[area, name]))
            sd = [*found.log_odds_sd[area, name], found.adults_log_sd[area, name]]
            print(f"{'  sd of log odds; of log sum':26}" + "".join(f"{one:15.2f}" for one in sd))
            women = f"{found.women_odds[area, name]:.2f}, log sd {found.women_odds_sd[area, name]:.2f}"
            print(f"  odds of women against men {women}")


def _say_misfits(found: Fit, rows: list[Row]) -> None:
    print("figures farther than 1.5 sd from the fit:")
    for row, off in zip(rows, found.residuals, strict=True):
        if abs(off) > 1.5:
            about = f"{row.area} {row.platform} {row.age_min}-{row.age_max} {row.kind}"
            print(f"  {off:+.1f}  {about} {row.figure} {row.source}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="fit_presence", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything would change")
    options = parser.parse_args(arguments)
    path = FOLDER / "presence.toml"
    rows, living = read_rows(), residents()
    found = fit(rows, living)
    _say(found, living, read_tables(path))
    _say_misfits(found, rows)
    text = path.read_text(encoding="utf-8")
    now = written(found, rows, text)
    print("nothing to change" if now == text else f"{'would change' if options.check else 'changed'}: {path.name}")
    if now != text and not options.check:
        path.write_text(now, encoding="utf-8")
    return 1 if options.check and now != text else 0


if __name__ == "__main__":
    sys.exit(main())
