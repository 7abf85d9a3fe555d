"""The package as others install it: built, put into an environment of its own, used from another folder.

    python -m tools.check.wheel              the wheel
    python -m tools.check.wheel --sdist      the archive of sources as well, and the wheel built from it

What it needs stands in the environment this runs in; a path file lends those packages to the new one, so that
nothing is downloaded but the builder. The checkout itself is not on that path.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "simulator"
NOT_PACKED = ("__pycache__", ".pyc")

PROGRAM = """
import json

import simulator
from simulator import Campaign, Forecast, Place, Plan, ReachGoal, Targeting, plan, simulate


def middle(forecast: Forecast) -> float:
    return forecast.reach.p50


def cheapest(campaign: Campaign, people: float) -> Plan:
    return plan(campaign, ReachGoal(people=people), draws=64)


campaign = Campaign(Targeting([Place.around("Pau", radius_km=25)], age_min=25, age_max=54), daily_budget=5)
figures: dict[str, float] = {"reach": middle(simulate(campaign, seed=1, draws=64))}
figures["daily_budget"] = cheapest(campaign, 2000).daily_budget
print(json.dumps({"file": simulator.__file__, **figures}))
"""
"""What a stranger may write; checked strictly, then run."""
WRONG = """
from simulator import Campaign, Place, Targeting, simulate

simulate(Campaign(Targeting([Place.around("Pau")]), daily_budget=5), seed="one")
"""
"""What a checker of types must find fault with: proof that it sees ours."""
PACK = "import sys; sys.path.insert(0, sys.argv[1]); from flit_core import buildapi; buildapi.build_sdist(sys.argv[2])"
"""What a builder is asked for an archive of sources, in the folder of the project."""


def said(command: list[str], folder: Path, code: int = 0) -> str:
    """Run a command in ``folder``, away from the checkout, and return what it prints."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=folder, env=outside, capture_output=True, text=True, check=False)
    if done.returncode != code:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def packed() -> set[str]:
    """Return every file of the package that must arrive, by its path."""
    files = (path for path in SOURCES.rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in files if not any(no in str(path) for no in NOT_PACKED)}


def missing(kind: str, file: Path, names: Iterable[str]) -> None:
    """Say the size of an archive, and end if it lacks a file."""
    held = set(names)
    lacking = sorted(name for name in packed() if name not in held)
    large = file.stat().st_size / 1e6
    print(f"{kind}: {file.name}, {large:.2f} MB, {len(held)} files, {len(lacking)} missing")
    if lacking or "simulator/py.typed" not in held:
        raise SystemExit("missing: " + ", ".join(lacking[:10]))


def built(folder: Path, sources: Path = ROOT) -> Path:
    """Build the wheel and return it."""
    folder.mkdir(exist_ok=True)
    said([sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(folder), str(sources)], folder)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        missing("wheel", wheel, archive.namelist())
    return wheel


def built_sources(folder: Path) -> Path:
    """Build the archive of sources, look into it and return it."""
    builder, made = folder / "builder", folder / "sources"
    made.mkdir()
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    said([sys.executable, "-m", "pip", "install", "-q", "--target", str(builder), *needed], folder)
    said([sys.executable, "-c", PACK, str(builder), str(made)], ROOT)
    (file,) = made.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        missing("sources", file, (name.partition("/")[2] for name in archive.getnames()))
    return file


def same(first: Path, second: Path) -> None:
    """End if two wheels differ in anything but the time they were made."""
    contents = []
    for wheel in (first, second):
        with zipfile.ZipFile(wheel) as archive:
            contents.append({name: archive.read(name) for name in archive.namelist()})
    differing = sorted(
        name for name in contents[0].keys() | contents[1] if contents[0].get(name) != contents[1].get(name)
    )
    if differing:
        raise SystemExit("the wheel built from the archive of sources differs: " + ", ".join(differing[:10]))
    print("sources: the wheel built from them is the same, file by file")


def installed(wheel: Path, folder: Path) -> Path:
    """Install the wheel alone into an environment of its own and return its Python."""
    venv.create(folder / "own", with_pip=False)
    scripts = folder / "own" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    said([sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "-q", str(wheel)], folder)
    site = Path(said([str(python), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], folder).strip())
    (site / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return python


def used(python: Path, folder: Path) -> None:
    """Use what was installed: from Python, from the command line, and under a checker of types."""
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "wrong.py").write_text(WRONG, encoding="utf-8")
    printed = said([str(python), "program.py"], folder)
    if str(folder) not in printed:
        raise SystemExit(f"not the one installed: {printed}")
    print(f"python: {printed.strip()}")
    campaign = folder / "campaign.json"
    writes = "from program import campaign; open('campaign.json', 'w', encoding='utf-8').write(campaign.to_json())"
    said([str(python), "-c", writes], folder)
    command = python.with_name("adsim.exe" if os.name == "nt" else "adsim")
    table = said([str(command), "simulate", str(campaign), "--draws", "64"], folder)
    print(f"adsim: {table.splitlines()[-1]}")
    checker = [sys.executable, "-m", "mypy", "--python-executable", str(python), "--strict", "--no-incremental"]
    print(f"types: {said([*checker, 'program.py'], folder).strip()}")
    if 'incompatible type "str"' not in said([*checker, "wrong.py"], folder, code=1):
        raise SystemExit("the checker does not see the types of the package")


def main() -> int:
    """Build, install, use; the exit code is 1 where something fails, with what it said."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sdist", action="store_true", help="the archive of sources as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="adsim-wheel-") as name:
        folder = Path(name).resolve()
        wheel = built(folder / "wheel")
        if options.sdist:
            same(wheel, built(folder / "again", built_sources(folder)))
        used(installed(wheel, folder), folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
