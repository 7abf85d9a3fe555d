"""The model: pure functions of arrays. Money -> delivery -> exposure -> engagement -> draws.

``expected_reach`` is public under this name. It looks parameters up, so it stands in ``simulator.forecasting``
and is loaded when it is asked for; ``__init__.pyi`` tells a checker of types its signature.
"""

from importlib import import_module
from typing import Any

__all__ = ["expected_reach"]  # noqa: F822 — by __getattr__


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'simulator.model' has no attribute {name!r}")
    return getattr(import_module("simulator.forecasting.simulate"), name)
