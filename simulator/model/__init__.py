"""The model: pure functions of arrays. Money -> delivery -> exposure -> engagement -> draws."""

from simulator.model.expected import expected_reach

__all__ = ["expected_reach"]
