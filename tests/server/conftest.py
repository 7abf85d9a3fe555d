"""One server with sign-in for all tests of this folder, and a provider that does as it is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.server import Server
from tests.server.issuer import Issuer, running
from tests.server.running import signed_in_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs what shares the server."""
    for item in items:
        if "tests/server" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("server"))


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with running() as found:
        yield found


@pytest.fixture(scope="session")
def server(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with signed_in_server(tmp_path_factory.mktemp("signed"), issuer.url, ADSIM_MAX_SESSIONS="20") as found:
        yield found


@pytest.fixture(autouse=True)
def honest(issuer: Issuer) -> None:
    issuer.subject, issuer.fault, issuer.seconds, issuer.claims = "anna", "", 600.0, {}
