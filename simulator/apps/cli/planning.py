"""Plan: ``adsim plan FILE``, ``adsim allocate FILE FILE``, ``adsim sweep FILE``, ``adsim advise FILE``."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.apps.cli import printing
from simulator.apps.cli.money import add_options, add_own, own_parameters, with_money
from simulator.apps.cli.printing import figure, note, print_json, print_table, read_campaign, say_left_out
from simulator.base.errors import InvalidInput, shown

if TYPE_CHECKING:
    import pandas as pd

    from simulator.planning.goals import Goal

SHOWN_ROWS = 20
"""Rows of a sweep printed where no file takes them."""


def add(commands: Any) -> None:
    """Add the commands of this family."""
    for one in (_add_plan, _add_allocate, _add_advise, _add_sweep):
        one(commands)


def _add_plan(commands: Any) -> None:
    plan = commands.add_parser("plan", help="the cheapest budget that reaches a goal")
    plan.add_argument(
        "file", metavar="FILE.json", help="a scenario file, or a campaign alone; its budget does not count"
    )
    goal = plan.add_mutually_exclusive_group(required=True)
    goal.add_argument("--people", type=float, metavar="N", help="distinct people to reach")
    goal.add_argument("--clicks", type=float, metavar="N", help="clicks on the link")
    goal.add_argument("--enquiries", type=float, metavar="N", help="people who call, write or come by (needs a trade)")
    goal.add_argument("--frequency", type=float, metavar="N", help="showings to each person reached, on average")
    plan.add_argument("--at-least", type=int, metavar="K", help="with --people: shown so many times; once where absent")
    plan.add_argument("--confidence", type=float, default=0.5, help="probability of reaching it; 0.5 where absent")
    plan.add_argument("--durations", metavar="7,14,30", help="days to choose from; those of the file where absent")
    add_options(plan)
    add_own(plan)
    _add_draws(plan, 512)
    plan.set_defaults(run=_plan, typed={"link_clicks": "clicks", "mean": "frequency", "bought_in": "door"})


def _add_allocate(commands: Any) -> None:
    split = commands.add_parser("allocate", help="split a budget over campaigns")
    split.add_argument("files", metavar="FILE.json", nargs="+", help="two campaigns or more, in one currency")
    split.add_argument("--total", type=float, required=True, help="money in all, in their currency")
    split.add_argument("--maximise", choices=("reach", "impressions", "link_clicks"), default="reach")
    split.add_argument("--minimum", type=float, help="least money a day for a campaign; the platform's where absent")
    add_options(split)
    _add_draws(split, 128)
    split.set_defaults(run=_allocate, typed={"total_budget": "total", "campaigns": "FILE", "bought_in": "door"})


def _add_advise(commands: Any) -> None:
    advise = commands.add_parser("advise", help="what to change first, at the same money")
    advise.add_argument("file", metavar="FILE.json", help="a scenario file, or a campaign alone")
    advise.add_argument("--metric", default="reach", help="reach, impressions, link_clicks, engagements, …")
    _add_draws(advise, 256)
    advise.set_defaults(run=_advise)


def _add_sweep(commands: Any) -> None:
    sweep = commands.add_parser("sweep", help="point forecasts of a grid of variants")
    sweep.add_argument("file", metavar="FILE.json", help="a scenario file, or a campaign alone")
    sweep.add_argument("--budgets", metavar="1,2,5", help="daily budgets, in the campaign's currency")
    sweep.add_argument("--durations", metavar="7,14,30", help="days")
    sweep.add_argument("--radii", metavar="5,10,25", help="km around the places")
    sweep.add_argument("--ages", metavar="18-65,25-54", help="pairs of ages")
    sweep.add_argument("--trades", metavar="bakery,taxi", help="trades")
    sweep.add_argument("--out", metavar="FOLDER|FILE.csv|-", help="folder: Parquet, goes on there; -: CSV, printed")
    sweep.add_argument("--workers", type=int, help="processes, 1 to 64; threads of this one where absent")
    sweep.add_argument("--json", action="store_true", help="print JSON")
    swept = {"daily_budget": "budgets", "duration_days": "durations", "radius_km": "radii", "trade": "trades"}
    sweep.set_defaults(run=_sweep, typed={**swept, "folder": "out"})


def _add_draws(command: argparse.ArgumentParser, draws: int) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--draws", type=int, default=draws, help=f"draws behind the figures; {draws} where absent")


def _plan(options: argparse.Namespace) -> int:
    from simulator.forecasting.bill import bill
    from simulator.planning import plan

    campaign = with_money(read_campaign(options.file), options)
    found = plan(
        campaign,
        _goal(options),
        confidence=options.confidence,
        durations=None if options.durations is None else _numbers("--durations", options.durations),
        seed=options.seed,
        draws=options.draws,
        parameters=own_parameters(options, campaign.currency),
    )
    if options.json:
        print_json(found.to_dict())
        return 0
    money, wanted = found.campaign.currency, figure(found.goal.wanted)
    if found.feasible:
        print(f"{figure(found.daily_budget)} {money} a day for {found.duration_days} days")
        print(f"{figure(found.total_budget)} {money} in all")
        billed = bill(found.campaign)
        print(f"leaves the account: {billed.total:.2f} {money}, of which showings {billed.media:.2f}")
        print(f"{found.goal.metric} of {wanted} or more with {found.confidence:.0%}")
    else:
        print(f"no budget reaches {found.goal.metric} of {wanted} with {found.confidence:.0%}")
        print(f"the most that can be had: {figure(found.most)}")
        print(f"nearly all of it: {figure(found.daily_budget)} {money} a day for {found.duration_days} days")
    band = found.figure
    print(f"{found.goal.metric} at that budget: {figure(band.p50)} ({figure(band.p10)} to {figure(band.p90)}, 80 %)")
    for flag in (*found.reasons, *found.flags):
        print(f"note: {note(flag.to_dict())}")
    return 0


def _goal(options: argparse.Namespace) -> Goal:
    from simulator.planning import ClicksGoal, EnquiriesGoal, FrequencyGoal, ReachGoal

    if options.people is not None:
        return ReachGoal(people=options.people, at_least=1 if options.at_least is None else options.at_least)
    if options.at_least is not None:
        raise InvalidInput("unknown_choice", field="--at-least", received=options.at_least, allowed="with --people")
    if options.clicks is not None:
        return ClicksGoal(link_clicks=options.clicks)
    if options.enquiries is not None:
        return EnquiriesGoal(enquiries=options.enquiries)
    return FrequencyGoal(mean=options.frequency)


def _allocate(options: argparse.Namespace) -> int:
    from simulator.campaign.files import read_scenario_file
    from simulator.planning import allocate

    files = [read_scenario_file(path) for path in options.files]
    for path, file in zip(options.files, files, strict=True):
        say_left_out(path, file.left_out)
    found = allocate(
        [with_money(file.campaign, options) for file in files],
        options.total,
        options.maximise,
        minimum=options.minimum,
        seed=options.seed,
        draws=options.draws,
    )
    if options.json:
        print_json(found.to_dict())
        return 0
    names = [file.title or Path(path).name for file, path in zip(files, options.files, strict=True)]
    rows = [
        [figure(amount), figure(daily), figure(result), figure(marginal), shown(" ".join(name.split())).strip("'")]
        for name, amount, daily, result, marginal in zip(
            names, found.amounts, found.daily_budgets, found.results, found.marginal, strict=True
        )
    ]
    print_table([found.currency, f"{found.currency}/day", found.maximise, "next unit", "campaign"], rows)
    gain = found.gain
    print(f"{found.maximise} together: {figure(found.result)}; split equally: {figure(found.equal_result)}")
    print(
        f"gain {figure(gain.p50)} ({figure(gain.p10)} to {figure(gain.p90)}, 80 %), above zero with "
        f"{found.probability:.0%}{', within the noise' if found.within_noise else ''}"
    )
    if found.shared_people >= 1.0:
        print(f"people aimed at more than once: {figure(found.shared_people)}, counted once")
    for flag in found.notes:
        print(f"note: {note(flag.to_dict())}")
    return 0


def _advise(options: argparse.Namespace) -> int:
    from simulator.planning import what_to_change

    changes = what_to_change(read_campaign(options.file), options.metric, seed=options.seed, draws=options.draws)
    if options.json:
        print_json([change.to_dict() for change in changes])
        return 0
    rows = []
    for change in changes:
        value = "-".join(map(str, change.value)) if isinstance(change.value, tuple) else str(change.value)
        band = [_signed(getattr(change.gain, name)) for name in ("p50", "p10", "p90")]
        said = "within the noise" if change.within_noise else "costs more" if change.kind == "budget" else ""
        rows.append([change.kind, value, *band, f"{change.relative.p50:+.0%}", said])
    print_table(["change", "to", options.metric, "p10", "p90", "relative", ""], rows)
    return 0


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'}{figure(abs(value))}"


def _sweep(options: argparse.Namespace) -> int:
    from simulator.accounts.settings import limits
    from simulator.planning.sweeps import sweep
    from simulator.planning.sweeps.executors import processes

    printing.check(options.out, as_json=options.json)
    campaign = read_campaign(options.file)
    axes: dict[str, Any] = {
        "daily_budget": _numbers("--budgets", options.budgets),
        "duration_days": _numbers("--durations", options.durations),
        "radius_km": _numbers("--radii", options.radii),
        "ages": _pairs(options.ages),
        "trade": None if options.trades is None else [name.strip() for name in options.trades.split(",")],
    }
    limits().check_sweep(prod(len(values) for values in axes.values() if values is not None))
    csv = options.out is not None and _is_csv(options.out)
    folder = None if options.out is None or csv else options.out
    count = options.workers
    pool: Any = nullcontext() if count is None else processes("--workers", count, campaign, axes)
    with pool as executor:
        frame = sweep(campaign, **axes, executor=executor, folder=folder, progress=_said(options.out))
    if csv:
        _write_csv(frame, options.out)
        with printing.said_beside(options.out):
            _kept({"rows": len(frame), "file": options.out}, options.json)
    elif folder is not None:
        _kept({"rows": int(frame["rows"].sum()), "parts": len(frame), "folder": folder}, options.json)
    else:
        _print(frame, options.json)
    return 0


def _is_csv(out: str) -> bool:
    """Say whether ``--out`` is a file rather than a folder; refuse, before anything is worked out, what is neither."""
    path = Path(out)
    ending = path.suffix.lower()
    if ending != ".csv" and ending[1:].isalpha() and not path.is_dir():
        allowed = "a name ending in .csv, or a folder: a name without ending"
        raise InvalidInput("unknown_choice", field="--out", received=shown(out), allowed=allowed)
    if ending == ".csv" and (path.is_dir() or not path.parent.is_dir()):
        reason = "it is a folder" if path.is_dir() else "there is no such folder"
        raise InvalidInput("cannot_write", field="--out", received=shown(out), reason=reason)
    return ending == ".csv" or out == printing.STANDARD


def _kept(what: dict[str, Any], as_json: bool) -> None:
    """Say how many rows went where."""
    if as_json:
        print_json(what)
        return
    counted = [f"{what[name]:,} {name[:-1] if what[name] == 1 else name}" for name in ("rows", "parts") if name in what]
    print(" in ".join([*counted, str(what.get("file", what.get("folder")))]))


def _said(out: str | None) -> Any:
    """Return what says on a terminal how far the sweep is; nothing where the rows themselves are printed."""
    if out is None or not sys.stderr.isatty():
        return None

    def say(done: int, total: int) -> None:
        sys.stderr.write(f"\r{done:,} of {total:,} rows" + ("\n" if done == total else ""))
        sys.stderr.flush()

    return say


def _print(frame: pd.DataFrame, as_json: bool) -> None:
    if as_json:
        records = frame.astype({"place": str, "trade": str}).astype(object).where(frame.notna(), None)
        print_json(records.to_dict(orient="records"))
        return
    columns = [
        *("place", "radius_km", "age_min", "age_max", "duration_days", "daily_budget", "trade"),
        *("impressions", "reach", "link_clicks"),
    ]
    rows = []
    for row in frame.head(SHOWN_ROWS).to_dict(orient="records"):
        counts = [figure(float(row[name])) for name in columns[-3:]]
        rows.append([*(_plain(row[name]) for name in columns[:-3]), *counts])
    print_table(columns, rows)
    if len(frame) > SHOWN_ROWS:
        print(f"{len(frame):,} rows in all; --out FILE.csv or --out FOLDER keeps them")


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:g}"
    return shown(value).strip("'") if isinstance(value, str) else str(value)


def _write_csv(frame: pd.DataFrame, out: str) -> None:
    """Write the table, whole or not at all; a label that a spreadsheet would take for a formula is kept as text."""
    safe = frame.assign(place=[_as_text(label) for label in frame["place"].astype(str)])
    with printing.written(out) as file:
        safe.to_csv(file, index=False, lineterminator="\n")


def _as_text(label: str) -> str:
    return f"'{label}" if label[:1] in "=+-@\t\r" and label else label


def _numbers(name: str, text: str | None) -> list[Any] | None:
    if text is None:
        return None
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        allowed = "numbers separated by commas, such as 1,2,5"
        raise InvalidInput("wrong_type", field=name, received=shown(text), allowed=allowed) from None


def _pairs(text: str | None) -> list[tuple[float, ...]] | None:
    if text is None:
        return None
    try:
        return [tuple(float(age) for age in part.split("-")) for part in text.split(",")]
    except ValueError:
        allowed = "pairs separated by commas, such as 18-65,25-54"
        raise InvalidInput("wrong_type", field="--ages", received=shown(text), allowed=allowed) from None
