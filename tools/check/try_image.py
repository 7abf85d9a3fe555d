"""Build the image of the Dockerfile where there is no container engine and no registry, and run what it holds.

    python -m tools.check.try_image                 about five minutes; as root, with buildah and debootstrap (Debian)
    python -m tools.check.try_image --keep          leave the folder with the image, to look at it

The Dockerfile is built as it stands, with the .dockerignore and the lock; what its FROM names is replaced by a Debian
made here of Debian's own packages, of the release whose Python is that of the name. Then the image's own command runs
in a chroot, as the image's user and without capabilities, on a PostgreSQL of this computer: the health check of the
image must pass, the doctor find no fault, a browser see the first page, a report be printed, and nothing be written
outside /data and /tmp, which is all that compose.yaml leaves writable. What only an engine does is not shown:
networks, restarts, limits of memory, the base image itself.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.check.relay import relay

ROOT = Path(__file__).resolve().parents[2]
SUITES = {"3.11": "bookworm", "3.13": "trixie"}
"""Releases of Debian by their Python."""
PACKAGES = "python3,python3-venv,python3-pip,ca-certificates"
IMAGE = "adsim:tried"
WRITABLE = ("data", "tmp")
FROM_HERE = ("/etc/ssl/certs", "/etc/pip.conf")
"""How this computer reaches its package index, seen by the build, never part of the image."""
SECONDS_TO_START = 120.0


class Refused(Exception):
    """The image does not do what it should."""


class Workshop:
    """buildah with a store of its own.

    Parameters
    ----------
    folder : Path
        Everything it makes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._first = ["buildah", "--root", str(folder / "store"), "--runroot", str(folder / "run")]

    def command(self, *words: str) -> list[str]:
        """Return a command line."""
        return [*self._first, *words]

    def do(self, *words: str) -> str:
        """Run to the end; return what it printed.

        Raises
        ------
        Refused
            With the last of what it said.
        """
        done = subprocess.run(self.command(*words), capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode:
            raise Refused(f"{' '.join(words[:3])} …: {done.stdout[-1500:]}{done.stderr[-2500:]}")
        return done.stdout.strip()

    def megabytes(self, image: str) -> float:
        """Return the size of an image as it lies in the store."""
        mounted = self.do("mount", self.do("from", "--pull-never", image))
        files = (path.lstat() for path in Path(mounted).rglob("*"))
        return sum(one.st_size for one in files) / 1e6

    def close(self) -> None:
        """Unmount everything, so that the folder can be removed."""
        for words in (("umount", "--all"), ("rm", "--all")):
            subprocess.run(self.command(*words), capture_output=True, check=False)


def base_name(dockerfile: str) -> str:
    """Return the one image that the Dockerfile starts from.

    Raises
    ------
    Refused
        Where there are several.
    """
    names = set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE))
    if len(names) != 1:
        raise Refused(f"one base image was expected, not {sorted(names)}")
    return names.pop()


def make_base(shop: Workshop, name: str) -> None:
    """Put a Debian of this computer's mirror under the name that FROM asks for."""
    version = re.findall(r":(\d+\.\d+)", name)[0]
    root = shop.folder / "debian"
    words = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITES[version], str(root)]
    mirror = _mirror(SUITES[version])
    done = subprocess.run([*words, *mirror], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"debootstrap: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    (root / "usr/local/bin/python").symlink_to("../../bin/python3")
    for package in (root / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()
    made = shop.do("from", "scratch")
    shop.do("copy", "--quiet", made, str(root), "/")
    shop.do("config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", made)
    shop.do("commit", "--quiet", "--rm", made, f"docker.io/library/{name}")
    shutil.rmtree(root)


def _mirror(suite: str) -> list[str]:
    """Return where this computer's apt takes the release from; debootstrap's own choice if it has none."""
    asked = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", f"Codename: {suite}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.split()[:1]


def build(shop: Workshop) -> None:
    """Build the Dockerfile as it stands; in docker's format, since the other has no health check."""
    volumes = [word for place in FROM_HERE if Path(place).exists() for word in ("--volume", f"{place}:{place}:ro")]
    shop.do(
        "build", "--format", "docker", "--pull-never", "--network", "host", "--isolation", "chroot", *volumes,
        "--tag", IMAGE, ".",
    )  # fmt: skip


class Container:
    """The image run in a chroot, with the network of this computer."""

    def __init__(self, shop: Workshop, environment: dict[str, str]) -> None:
        self.shop = shop
        self.name = shop.do("from", "--pull-never", IMAGE)
        self.place = Path(shop.do("mount", self.name))
        self.settings: dict[str, Any] = json.loads(shop.do("inspect", self.name))["Docker"]["config"]
        self.data = shop.folder / "data"
        shutil.copytree(self.place / "data", self.data)
        owner = (self.place / "data").stat()
        os.chown(self.data, owner.st_uid, owner.st_gid)
        self._options = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]

    def words(self, *words: str) -> list[str]:
        """Return the command line that runs these words inside, as the image's user."""
        return self.shop.command(
            "run", "--isolation", "chroot", "--cap-drop", "ALL", "--volume", f"{self.data}:/data", *self._options,
            self.name, "--", *words,
        )  # fmt: skip

    def run(self, *words: str) -> str:
        """Run to the end; return what it printed."""
        done = subprocess.run(self.words(*words), capture_output=True, text=True, check=False)
        if done.returncode:
            raise Refused(f"{' '.join(words)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    @contextmanager
    def started(self, port: int, log: Path) -> Iterator[str]:
        """Run the image's own command on a free port of this computer; end it afterwards."""
        words = [word.replace("8501", str(port)).replace("0.0.0.0", "127.0.0.1") for word in self.settings["Cmd"]]
        with log.open("wb") as said:
            process = subprocess.Popen(self.words(*words), stdout=said, stderr=said)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            end(process)

    def health(self, port: int) -> str:
        """Run the image's own health check."""
        kind, *words = self.settings["Healthcheck"]["Test"]
        if kind != "CMD":
            raise Refused(f"a health check of the form CMD was expected, not {kind}")
        return self.run(*(word.replace("8501", str(port)) for word in words))

    def written(self, since: float) -> list[str]:
        """Return the files written after a moment outside of what compose.yaml leaves writable."""
        found = []
        for top in self.place.iterdir():
            if top.name not in (*WRITABLE, "proc", "sys", "dev", "run"):
                found += [path for path in [top, *top.rglob("*")] if path.lstat().st_mtime > since and path.is_file()]
        return sorted(path.relative_to(self.place).as_posix() for path in found)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started here and those that it has started."""
    import psutil

    processes = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    for one in processes:
        one.terminate()
    _, left = psutil.wait_procs(processes, timeout=15)
    for one in left:
        one.kill()
    process.wait()


def look(url: str) -> str:
    """Open the first page in a browser; return its heading."""
    from playwright.sync_api import sync_playwright

    from tools.install.browser import find

    program, asked = find(), list[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page(locale="fr-FR")
        page.on("request", lambda one: asked.append(one.url))
        page.goto(url)
        page.locator("canvas, svg.marks").first.wait_for(timeout=SECONDS_TO_START * 1000)
        heading = page.get_by_role("heading").first.inner_text()
        failures = page.locator('[data-testid="stException"]').count()
        browser.close()
    elsewhere = [one for one in asked if not one.startswith((url, "data:", "blob:"))]
    if failures or elsewhere:
        raise Refused(f"the first page shows {failures} failures; it asks for {elsewhere}")
    return heading


def walk(shop: Workshop) -> None:
    """Make the base, the image, and try it."""
    base = base_name((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    began = time.monotonic()
    make_base(shop, base)
    print(f"base under the name of {base}: {shop.megabytes(base):.0f} MB, {time.monotonic() - began:.0f} s", flush=True)
    began = time.monotonic()
    build(shop)
    print(f"image: {shop.megabytes(IMAGE):.0f} MB with the base, built in {time.monotonic() - began:.0f} s", flush=True)
    run(shop)


def run(shop: Workshop) -> None:
    """Run the image on a PostgreSQL of this computer and look at it from all sides."""
    from tools.check.postgres import Postgres
    from tools.check.try_deployment import free_port, wait

    postgres = Postgres()
    try:
        with relay(postgres.folder / ".s.PGSQL.5432") as database:
            address = f"postgresql://postgres@127.0.0.1:{database}/postgres"
            box = Container(shop, {"ADSIM_DATABASE_URL": address})
            port, since = free_port(), time.time()
            print(f"user: {box.run('id').strip()}", flush=True)
            with box.started(port, shop.folder / "app.log") as url:
                wait(url, SECONDS_TO_START)
                box.health(port)
                print(f"healthy; first page: {look(url)}", flush=True)
                print(box.run("adsim", "doctor"), flush=True)
            box.run("sh", "-c", "cd /tmp && adsim report /app/scenarios/boulangerie-pau.json --out report.pdf")
            written = box.written(since)
    finally:
        postgres.remove()
    if written:
        raise Refused(f"written where compose.yaml forbids it: {written}")


def main() -> int:
    """Build and try; the exit code is 1 if something does not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    options = parser.parse_args()
    absent = [name for name in ("buildah", "debootstrap") if shutil.which(name) is None]
    absent += [] if os.geteuid() == 0 else ["the rights of root"]
    if absent:
        print(f"left out, this computer lacks: {', '.join(absent)}")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="adsim-image-"))
    shop = Workshop(folder)
    try:
        walk(shop)
    except Refused as refusal:
        print(f"FAULT: {refusal}", file=sys.stderr)
        return 1
    finally:
        if options.keep:
            print(f"left in {folder}")
        else:
            shop.close()
            shutil.rmtree(folder, ignore_errors=True)
    print("the image holds: built, healthy, examined, seen, nothing written outside /data and /tmp")
    return 0


if __name__ == "__main__":
    sys.exit(main())
