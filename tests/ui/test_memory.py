"""The server keeps few pools of memory, whatever the number of visitors, and gives back what is free in them."""

from __future__ import annotations

import asyncio
import ctypes
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from simulator.apps.web import server, serving

ROOT = Path(__file__).resolve().parents[2]
GLIBC = pytest.mark.skipif(not server._is_glibc(), reason="another library than glibc")
# As many threads as visitors, alive together, each asking for memory; then glibc's own account of its pools.
ASKED = """
import ctypes, re, tempfile, threading
from simulator.apps.web import server
print(server.few_pools())
library = ctypes.CDLL(None)
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
together = threading.Barrier(12)
def visit():
    together.wait()
    library.malloc(5_000)
    together.wait()
threads = [threading.Thread(target=visit) for _ in range(12)]
[one.start() for one in threads]
[one.join() for one in threads]
library.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(library.fopen(file.name.encode(), b"w"))
    library.malloc_info(0, stream)
    library.fclose(stream)
    print(len(re.findall(rb"<heap nr", file.read())))
"""


# Free memory below a block in use, which the library keeps; megabytes of this process before, between and after.
FREED = """
import ctypes, os
from simulator.apps.web import server
library = ctypes.CDLL(None)
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
blocks = [library.malloc(60_000) for _ in range(1_000)]
for block in blocks:
    ctypes.memset(block, 1, 60_000)
last = library.malloc(60_000)
for block in blocks:
    library.free(ctypes.c_void_p(block))
kept = held()
server.give_back()
print(kept - held())
"""


def said(program: str, **environment: str) -> list[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@GLIBC
def test_many_threads_share_two_pools() -> None:
    assert said(ASKED) == ["True", str(server.POOLS)]


@GLIBC
def test_what_an_administrator_chose_stays() -> None:
    heard, count = said(ASKED, MALLOC_ARENA_MAX="4")
    assert (heard, int(count) > server.POOLS) == ("False", True)


def test_another_library_is_asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    monkeypatch.setattr(ctypes, "CDLL", refuse)
    for version in (None, "musl 1.2"):
        monkeypatch.setattr(os, "confstr", lambda _, version=version: version)
        assert not server.few_pools()
    monkeypatch.delattr(os, "confstr", raising=False)  # Windows
    assert not server.few_pools()


def test_the_server_asks_when_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(server, "few_pools", lambda: asked.append(True))
    serving.options.__wrapped__()
    assert asked == [True]


def test_the_command_asks_before_streamlit_opens_its_threads(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    done: list[str] = []
    monkeypatch.chdir(root)
    monkeypatch.setattr(server, "few_pools", lambda: done.append("asked"))
    monkeypatch.setattr("streamlit.web.cli.main", lambda *_, **__: done.append("served"))
    server.serve(8501, headless=True)
    assert done == ["asked", "served"]


@GLIBC
def test_what_is_free_goes_back_to_the_system() -> None:
    assert float(said(FREED)[0]) > 50.0


@GLIBC
def test_it_goes_back_again_and_again_until_the_server_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    given = threading.Semaphore(0)
    monkeypatch.setattr(server, "EVERY_S", 0.001)
    monkeypatch.setattr(server, "give_back", given.release)
    monkeypatch.setattr(serving, "_warm_up", lambda: None)
    keepers: list[threading.Thread] = []

    async def serves() -> None:
        async with serving.ready(None):
            keepers.extend(one for one in threading.enumerate() if one.name == "memory")
            assert all(given.acquire(timeout=60) for _ in range(2))

    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, serves()).result()
    assert len(keepers) == 1
    keepers[0].join(60)
    assert not keepers[0].is_alive()
