"""How large a number can be at all: beyond it, it is a slip of the power of ten or of the unit."""

from __future__ import annotations

from simulator.parameters.entry import Parameter

MONEY = (1e-6, 1e9)
"""Any price in its own currency: no coin is smaller, and nobody orders for more."""
FIGURE = (1e-12, 1e12)
"""Any other number that is not 0, by its size: squares and products of such numbers stay finite."""


def beyond(parameter: Parameter) -> tuple[str, str] | None:
    """Return the first number of a parameter that is too large or too small, and what is allowed."""
    least, most = MONEY if parameter.currency else FIGURE
    for number in (parameter.value, parameter.low, parameter.high):
        size = number if parameter.currency else abs(number)
        if not least <= size <= most and (number or parameter.currency):
            zero = "" if parameter.currency else "0, or by its size "
            unit = "" if parameter.unit == "1" else f" {parameter.unit}"
            return f"received {number:g}", f"allowed: {zero}{least:g} to {most:g}{unit}"
    return None
