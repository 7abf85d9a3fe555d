"""Look after a shared installation: ``adsim users``, ``export``, ``import``, ``erase``, ``doctor``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.apps.cli import printing
from simulator.apps.cli.printing import print_json, print_table
from simulator.base.errors import InvalidInput, shown

if TYPE_CHECKING:
    from simulator.accounts import Person
    from simulator.accounts.register import Access
    from simulator.library.database import Store

REFUSED = 2
ROLES = ("artisan", "advisor", "administrator")
"""As in ``simulator.accounts.people``, which every other command would have to load for them."""


def add(commands: Any) -> None:
    """Add the commands of this family."""
    users = commands.add_parser("users", help="who may use a shared library, with which role and team")
    acts = users.add_subparsers(title="acts", required=True, metavar="ACT")
    listed = acts.add_parser("list", help="everybody who has signed in")
    listed.add_argument("--json", action="store_true", help="print JSON")
    listed.set_defaults(run=_list)
    change = acts.add_parser("set", help="give somebody a role or a team")
    _who(change)
    change.add_argument("--role", choices=ROLES, help="own trials; own and the team's; everybody's")
    change.add_argument("--team", help="any name; an empty one takes out of the team")
    change.set_defaults(run=_set)
    leave = acts.add_parser("sign-out", help="end all sessions of somebody, now")
    _who(leave)
    leave.set_defaults(run=_sign_out)
    forget = acts.add_parser("forget", help="remove somebody's name, address, role and sessions; trials stay")
    _who(forget)
    forget.set_defaults(run=_forget)
    out = commands.add_parser("export", help="write the library, or all about one client, as a zip")
    out.add_argument("file", metavar="FILE.zip", help="- for the standard output")
    out.add_argument("--client", metavar="NAME", help="only trials that name, or have ever named, this client")
    out.set_defaults(run=_export)
    taken = commands.add_parser("import", help="take over an exported library, or one trial")
    taken.add_argument("file", metavar="FILE")
    taken.set_defaults(run=_import)
    erase = commands.add_parser("erase", help="remove all about one client, every version, for good")
    erase.add_argument("--client", metavar="NAME", required=True, help="exactly as it is written in the trials")
    erase.add_argument("--yes", action="store_true", help="do it; without it, only say what would go")
    erase.set_defaults(run=_erase)
    _add_doctor(commands)


def _who(command: argparse.ArgumentParser) -> None:
    command.add_argument("person", metavar="PERSON", help="address, or the beginning of the key, as the list has them")


def _list(options: argparse.Namespace) -> int:
    people = _access().people()
    if options.json:
        print_json([{name: getattr(one, name) for name in ("key", "name", "email", "role", "team")} for one in people])
        return 0
    if not people:
        print("nobody has signed in yet")
        return 0
    print_table(
        ["key", "name", "address", "role", "team"],
        [[one.key[:8], one.name, one.email, one.role, one.team] for one in people],
    )
    return 0


def _set(options: argparse.Namespace) -> int:
    access = _access()
    if options.role is None and options.team is None:
        raise InvalidInput("missing", field="--role, --team", allowed="at least one of the two")
    one = access.change(_found(access, options.person).key, role=options.role, team=options.team)
    print(f"{one.key[:8]}: {one.role}" + (f", team {one.team}" if one.team else ", no team"))
    return 0


def _sign_out(options: argparse.Namespace) -> int:
    access = _access()
    count = access.leave_everywhere(_found(access, options.person).key)
    print(f"{count} sessions ended")
    return 0


def _forget(options: argparse.Namespace) -> int:
    access = _access()
    one = _found(access, options.person)
    access.forget(one.key)
    print(f"{one.key[:8]} is forgotten; the trials stay, seen by administrators")
    return 0


def _export(options: argparse.Namespace) -> int:
    from simulator.library import open_store

    if options.client is not None:
        _check_client(options.client)
    printing.check(options.file, "FILE", no_text=True)
    with open_store() as store:
        count = _exported(store, options.file, options.client)
    with printing.said_beside(options.file):
        print(f"{count} trials written to {options.file}")
    return 0


def _exported(store: Store, out: str, client: str | None) -> int:
    if out != printing.STANDARD:
        return store.export(out, client=client)
    with tempfile.TemporaryDirectory() as folder:  # a pipe gets it once all of it is there
        path = Path(folder) / "library.zip"
        count = store.export(path, client=client)
        with printing.written(out) as file:
            file.write(path.read_bytes())
    return count


def _import(options: argparse.Namespace) -> int:
    from simulator.library import open_store

    with open_store() as store:
        done = store.import_(options.file)
    print(f"{done.added} new, {done.extended} extended, {done.unchanged} here already, {len(done.refused)} refused")
    for key, problem in done.refused:
        print(f"note: {key}: {problem.message}")
    return 1 if done.refused else 0


def _erase(options: argparse.Namespace) -> int:
    from simulator.accounts import open_access
    from simulator.library import open_store

    _check_client(options.client)
    with open_store() as store:
        if not options.yes:
            count = store.count_of_client(options.client)
            sys.stderr.write(f"{count} trials name this client. Add --yes to remove them, every version, for good.\n")
            return REFUSED
        count = open_access(store).erase(options.client)
    print(f"{count} trials erased. Backups and exported files still hold them: see docs/administration.md")
    return 0


def _check_client(name: str) -> None:
    """Refuse an empty name, such as a shell's variable that is not set: it would mean all trials without a client."""
    if not name.strip():
        raise InvalidInput("missing", field="--client", allowed="the name of a client")


def _access() -> Access:
    from simulator.accounts import open_access
    from simulator.library import open_store

    return open_access(open_store())


def _found(access: Access, given: str) -> Person:
    """Return the one person that an address, or the beginning of a key, stands for."""
    people = access.people()
    wanted = given.strip().casefold()
    found = [one for one in people if wanted and one.email.casefold() == wanted]
    found = found or [one for one in people if wanted and one.key.startswith(wanted)]
    if len(found) > 1:
        keys = ", ".join(one.key[:8] for one in found)
        raise InvalidInput("unknown_choice", field="person", received=shown(given), allowed=f"one of the keys {keys}")
    if not found:
        raise InvalidInput("unknown_person", field="person", received=shown(given))
    return found[0]


SIGNS = {"ok": "ok   ", "note": "note ", "fault": "FAULT"}
PORTS = 1, 65_535


def _add_doctor(commands: Any) -> None:
    command = commands.add_parser("doctor", help="check this installation: packages, database, folder, clock, secrets")
    command.add_argument("--port", type=int, default=8501, help="port the app is to use")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    from simulator.accounts.doctor import examine
    from simulator.base.validation import in_range

    in_range("--port", options.port, *PORTS)
    findings = examine(options.port)
    if options.json:
        print_json([finding._asdict() for finding in findings])
    else:
        for finding in findings:
            print(f"{SIGNS[finding.state]}  {finding.what}: {finding.said}")
            if finding.advice:
                print(f"       {finding.advice}")
    return int(any(finding.state == "fault" for finding in findings))
