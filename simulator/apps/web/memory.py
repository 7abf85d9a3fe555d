"""Memory that serves nobody goes back to the system: few pools for threads, and what is free in them given back.

glibc gives threads that ask for memory at the same moment a pool each, up to eight for every core, and keeps in each
what it once needed. Streamlit runs every change of every visitor in a thread of its own, so each pool grows to the
largest forecast that was ever made in it: measured, a fourth of the pools' memory was in use (docs/performance.md).
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

POOLS = 2
EVERY_S = 60.0
"""Giving back takes about ten milliseconds, in which no thread of Python waits."""
_MOST_POOLS = -8
"""``M_ARENA_MAX`` of glibc's malloc.h."""


def few_pools() -> bool:
    """Ask the C library for few pools, from now on; return whether it heard.

    Pools that stand already stay, so this belongs before any thread. Nothing is asked where an administrator has
    chosen (``MALLOC_ARENA_MAX``), nor of another library than glibc.
    """
    if "MALLOC_ARENA_MAX" in os.environ or not _is_glibc():
        return False
    return ctypes.CDLL(None).mallopt(_MOST_POOLS, POOLS) == 1


def give_back() -> None:
    """Give what is free in the pools of glibc back to the system."""
    ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def kept_small() -> Iterator[None]:
    """Give back now and then, as long as the block lasts; nothing happens with another library than glibc."""
    if not _is_glibc():
        yield
        return
    ended = threading.Event()

    def keep() -> None:
        while not ended.wait(EVERY_S):
            give_back()

    threading.Thread(target=keep, name="memory", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _is_glibc() -> bool:
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc")
    except (AttributeError, ValueError, OSError):  # Windows, macOS, musl
        return False
