"""Follow docs/administration.md literally, from nothing to a signed-in app, in an empty folder.

    python -m tools.check.try_deployment            about three minutes; needs a network or a cache for the packages
    python -m tools.check.try_deployment --keep     leave the folder, to look at it

The blocks of commands of the guide are run as they stand, one after the other. Only what the guide itself gives as an
example is replaced: the addresses of the provider and of the database, the port, and who becomes administrator. The
provider is oidc-provider-mock on this computer, the database a PostgreSQL of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
GUIDE = ROOT / "docs" / "administration.md"
PERSON = "you@example.org"
NEEDED = ("app.py", ".streamlit/config.toml", "pyproject.toml", "README.md", "LICENSE", "requirements-server.lock")


def blocks(guide: str) -> dict[str, list[str]]:
    """Return the blocks of commands of each section."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^## ", guide, flags=re.MULTILINE)[1:]:
        title = part.splitlines()[0].strip()
        found[title] = re.findall(r"^```sh\n(.*?)^```", part, flags=re.MULTILINE | re.DOTALL)
    return found


def copy_checkout(folder: Path) -> None:
    """As a fresh checkout: only what is in the repository."""
    for name in (*NEEDED, "tools/install/make_env.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    for name in ("simulator", "scenarios"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


class Trial:
    """One walk through the guide."""

    def __init__(self, folder: Path, replacements: dict[str, str], binaries: Path) -> None:
        self.folder = folder
        self.replacements = replacements
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        pip = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "REQUESTS_"))}
        self.environment = {name: os.environ[name] for name in kept if name in os.environ} | pip
        self.environment["PATH"] = f"{binaries}{os.pathsep}{self.environment['PATH']}"

    def text(self, block: str) -> str:
        """Return a block with the guide's examples replaced."""
        for example, here in self.replacements.items():
            block = block.replace(example, here)
        return block

    def run(self, block: str) -> str:
        """Run a block to its end; stop everything if it fails."""
        print("\n".join(f"  $ {line}" for line in block.strip().splitlines()[:3]), flush=True)
        done = subprocess.run(
            ["bash", "-eu", "-c", self.text(block)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"the block failed ({done.returncode}):\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done.stdout

    def start(self, block: str) -> subprocess.Popen[bytes]:
        """Run a block that does not end; the shell hands its place over to the last command."""
        lines = self.text(block).strip().splitlines()
        lines[-1] = f"exec {lines[-1]}"
        log = (self.folder / "server.log").open("ab")
        return subprocess.Popen(
            ["bash", "-eu", "-c", "\n".join(lines)], cwd=self.folder, env=self.environment, stdout=log, stderr=log
        )


def free_port() -> int:
    with socket.socket() as host:
        host.bind(("127.0.0.1", 0))
        return int(host.getsockname()[1])


def wait(url: str, seconds: float = 90) -> None:
    """Return once /health says that all is well."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=3) as answer:
                if answer.status == 200:
                    return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def sign_in(url: str) -> dict[str, str]:
    """Press the button, go to the provider, come back; return the cookies."""
    import httpx

    from tools.check.websocket_client import Visitor

    async def press() -> str:
        async with Visitor(url, "lang=en") as visitor:
            await visitor.run()
            return (await visitor.run({"sign_in": True})).redirect

    place = asyncio.run(press())
    with httpx.Client(trust_env=False, timeout=30, follow_redirects=False) as browser:
        answer = browser.get(urljoin(url, place))
        for _ in range(10):
            if answer.is_redirect and answer.next_request is not None:
                answer = browser.send(answer.next_request)
            elif not str(answer.url).startswith(url):
                answer = browser.post(str(answer.url), data={"sub": PERSON})
            else:
                break
        return dict(browser.cookies)


def keep_a_trial(url: str, cookies: dict[str, str], title: str) -> str:
    """Keep a trial on Simuler, and return what Mes essais says afterwards."""
    from tools.check.websocket_client import Visitor

    async def visit() -> str:
        async with Visitor(url, "lang=en", cookies=cookies) as visitor:
            await visitor.run()
            await visitor.run({"keep_title_": title})
            await visitor.run({"FormSubmitter:keep_form-Keep": True})
            return (await visitor.run(page="trials")).text

    return asyncio.run(visit())


def listed(url: str, cookies: dict[str, str]) -> str:
    from tools.check.websocket_client import Visitor

    async def visit() -> str:
        async with Visitor(url, "lang=en", page="trials", cookies=cookies) as visitor:
            return (await visitor.run()).text

    return asyncio.run(visit())


def walk(folder: Path, provider: str, address: str, programs: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    guide = blocks(GUIDE.read_text(encoding="utf-8"))
    trial = Trial(
        folder,
        {
            "postgresql://adsim:change-me@127.0.0.1/adsim": f"'{address}'",
            "https://ads.example.org": url,
            "https://accounts.example.org": provider,
            "--server.port 8501": f"--server.port {port}",
        },
        programs,
    )
    copy_checkout(folder)
    trial.run(guide["Install"][0])
    write, check = guide["Settings and sign-in"]
    trial.run(write)
    print(trial.run(check))
    serve, users = guide["Start"]
    process = trial.start(serve)
    try:
        wait(url)
        cookies = sign_in(url)
        if "How many" in listed(url, {}) or "Sign in" not in listed(url, {}):
            raise SystemExit("the app is open to whoever is not signed in")
        if "First loaf" not in keep_a_trial(url, cookies, "First loaf"):
            raise SystemExit("the trial was not kept")
        said = trial.run(users.replace("you@example.org --role", f"{_key(trial, users)} --role"))
        if "administrator" not in said:
            raise SystemExit(f"no administrator was made:\n{said}")
        trial.run(guide["Backup"][0])
        keep_a_trial(url, cookies, "After the backup")
    finally:
        _stop(process)
    print(trial.run(guide["Restore"][0]))
    for block in guide["Upgrade"]:
        trial.run(block)
    check_restored(trial, serve, url, cookies)
    secret = next(line for line in (folder / "adsim.env").read_text().splitlines() if "COOKIE_SECRET" in line)
    if secret.split("=", 1)[1] in (folder / "server.log").read_text(errors="replace"):
        raise SystemExit("the log holds a secret")


def check_restored(trial: Trial, serve: str, url: str, cookies: dict[str, str]) -> None:
    """Start the restored app and see that it holds what was backed up, and no more."""
    process = trial.start(serve)
    try:
        wait(url)
        text = listed(url, cookies)
        if "First loaf" not in text or "After the backup" in text:
            raise SystemExit(f"the restored library is not that of the backup:\n{text[-600:]}")
    finally:
        _stop(process)


def _key(trial: Trial, users: str) -> str:
    """The provider on this computer gives no address; people are also named by the beginning of their key."""
    first = "\n".join(users.strip().splitlines()[:2])
    return trial.run(first).splitlines()[-1].split()[0]


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    options = parser.parse_args()
    from oidc_provider_mock import run_server_in_thread

    from tools.check.postgres import Postgres

    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="adsim-"))
    postgres = Postgres()
    try:
        with run_server_in_thread() as provider:
            walk(folder, f"http://localhost:{provider.server_port}", postgres.address, postgres.programs)
    finally:
        postgres.remove()
        if options.keep:
            print(f"left in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    seconds = time.monotonic() - began
    print(f"the guide holds: from nothing to a signed-in app, backed up, restored, upgraded, {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
