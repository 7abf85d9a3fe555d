"""The reader of imports finds what the rules about layers rest on."""

from __future__ import annotations

from pathlib import Path

from tests.conventions.imports import imports_of

SOURCE = """
import numpy as np
from simulator import places
from simulator.errors import InvalidInput
if TYPE_CHECKING:
    import pandas as pd
try:
    import scipy.stats
except ImportError:
    pass
class Place:
    import decimal
    def around(self):
        from simulator.places import find_place
        def inner():
            import streamlit
"""


def test_every_import_is_found_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "simulator" / "places").mkdir(parents=True)
    (tmp_path / "simulator" / "errors.py").touch()
    source = tmp_path / "simulator" / "campaign.py"
    source.write_text(SOURCE, encoding="utf-8")
    found = [(one.target, one.function, one.at_module_level) for one in imports_of(source, tmp_path)]
    assert found == [
        ("numpy", "", True),
        ("simulator.places", "", True),
        ("simulator.errors", "", True),
        ("pandas", "", False),
        ("scipy.stats", "", True),
        ("decimal", "", True),
        ("simulator.places", "Place.around", False),
        ("streamlit", "Place.around.inner", False),
    ]
