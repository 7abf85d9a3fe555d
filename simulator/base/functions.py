"""Whether what somebody gives as a function can be called as it will be."""

from __future__ import annotations

import inspect

from simulator.base.errors import InvalidInput, shown


def function_or_none(field: str, value: object, *given: str) -> None:
    """Raise ``wrong_type`` unless ``value`` is None or can be called with as many values as ``given`` names."""
    if value is not None and (isinstance(value, type) or not _takes(value, len(given))):
        allowed = f"a function that is called with {' and '.join(given) or 'nothing'}, or None"
        raise InvalidInput("wrong_type", field=field, received=shown(value), allowed=allowed)


def _takes(value: object, count: int) -> bool:
    if not callable(value):
        return False
    try:
        inspect.signature(value).bind(*range(count))
    except ValueError:  # written in C, it does not tell
        return True
    except TypeError:
        return False
    return True
