"""Numbers of an analyst's call, refused by the name of their argument."""

from __future__ import annotations

from simulator.errors import InvalidInput
from simulator.validated import finite


def finite_at(field: str, value: object) -> float:
    """Return a number, whatever its type.

    Raises
    ------
    InvalidInput
        ``not_a_number``, with the field.
    """
    try:
        return finite(value)
    except InvalidInput as error:
        raise error.at(field) from None
