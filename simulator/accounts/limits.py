"""How much one visitor may ask of the server; what is beyond is refused with a sentence, never with a failure.

One person on one computer is not limited further than the product is; a server of several sets what it can bear.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from simulator.accounts.settings import FromEnvironment
from simulator.base.errors import InvalidInput

Whole = Annotated[int, BeforeValidator(float)]
"""Also written 1e6."""


def _set_by(variable: str, usual: float, low: float, high: float) -> Any:
    """Return the field of a limit: the variable that sets it, what holds without it, and what it may be."""
    return Field(usual, alias=variable, ge=low, le=high)


class Limits(FromEnvironment):
    """What holds on this server; docs/administration.md is checked against this table."""

    request_megabytes: float = _set_by("ADSIM_MAX_REQUEST_MB", 210, 1, 2000)
    upload_megabytes: float = _set_by("ADSIM_MAX_UPLOAD_MB", 200, 1, 1000)
    message_megabytes: float = _set_by("ADSIM_MAX_MESSAGE_MB", 25, 1, 50)
    rows: Whole = _set_by("ADSIM_MAX_ROWS", 500_000, 10, 500_000)
    sweep: Whole = _set_by("ADSIM_MAX_SWEEP", 10_000_000_000, 1, 10_000_000_000)
    seconds: float = _set_by("ADSIM_MAX_SECONDS", 900, 1, 86_400)
    sessions: Whole = _set_by("ADSIM_MAX_SESSIONS", 5, 1, 1000)

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
    return Limits.read()
