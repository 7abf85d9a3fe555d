"""How much one visitor may ask of the server; what is beyond is refused with a sentence, never with a failure.

One person on one computer is not limited further than the product is; a server of several sets what it can bear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.accounts.settings import number
from simulator.base.errors import InvalidInput


@dataclass(frozen=True)
class Limit:
    """One limit: the variable that sets it, what holds without it, and what it may be."""

    variable: str
    usual: float
    low: float
    high: float
    unit: str

    def value(self) -> float:
        """Return what holds now."""
        return number(self.variable, self.usual, self.low, self.high)


LIMITS = {
    "request_megabytes": Limit("ADSIM_MAX_REQUEST_MB", 210.0, 1.0, 2000.0, "MB"),
    "upload_megabytes": Limit("ADSIM_MAX_UPLOAD_MB", 200.0, 1.0, 1000.0, "MB"),
    "message_megabytes": Limit("ADSIM_MAX_MESSAGE_MB", 25.0, 1.0, 50.0, "MB"),
    "rows": Limit("ADSIM_MAX_ROWS", 500_000.0, 10.0, 500_000.0, "rows"),
    "sweep": Limit("ADSIM_MAX_SWEEP", 10_000_000_000.0, 1.0, 10_000_000_000.0, "campaigns"),
    "seconds": Limit("ADSIM_MAX_SECONDS", 900.0, 1.0, 86_400.0, "s"),
    "sessions": Limit("ADSIM_MAX_SESSIONS", 5.0, 1.0, 1000.0, "sign-ins"),
}
"""By the name of their attribute in ``Limits``; docs/administration.md is checked against this table."""
WHOLE = ("rows", "sweep", "sessions")


@dataclass(frozen=True)
class Limits:
    """What holds on this server."""

    request_megabytes: float
    upload_megabytes: float
    message_megabytes: float
    rows: int
    sweep: int
    seconds: float
    sessions: int

    def check_rows(self, count: int) -> None:
        """Refuse a file of more rows than one may send here.

        Raises
        ------
        InvalidInput
            ``over_limit``.
        """
        self._check("rows", count, self.rows)

    def check_sweep(self, count: int) -> None:
        """Refuse more campaigns at once than one may ask for here.

        For the command; no page offers a sweep, and whoever writes Python is not held by a setting.
        """
        self._check("sweep", count, self.sweep)

    def check_upload(self, size: int) -> None:
        """Refuse a file that is larger than one may send here; ``size`` in bytes."""
        self._check("upload", round(size / 1e6, 1), self.upload_megabytes)

    def _check(self, field: str, received: float, most: float) -> None:
        if received > most:
            raise InvalidInput("over_limit", field=field, received=f"{received:,g}", allowed=f"at most {most:,g}")


def limits() -> Limits:
    """Return the limits in force; read anew, so that a test or a restart of one worker sees them.

    Raises
    ------
    InvalidInput
        ``not_a_number`` or ``out_of_range``, naming the variable.
    """
    found: dict[str, Any] = {name: limit.value() for name, limit in LIMITS.items()}
    return Limits(**{name: int(value) if name in WHOLE else value for name, value in found.items()})
