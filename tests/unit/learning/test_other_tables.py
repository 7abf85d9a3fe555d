"""Tables of other libraries, by the interchange protocol: what calibrate and backtest learn is the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.base.errors import InvalidInput
from simulator.learning import backtest, calibrate

STARTS = pd.date_range("2026-01-05", periods=6, freq="14D")
PAST = pd.DataFrame(
    {
        "start": STARTS,
        "end": STARTS + pd.Timedelta(days=6),
        "spend": [35.0, 70.0, 35.0, 20.0, 50.0, 40.0],
        "impressions": [5200.0, 9400.0, 5100.0, 3000.0, 7000.0, 6100.0],
        "reach": [3100.0, 5000.0, 2950.0, 2000.0, 4100.0, 3600.0],
        "country": "FR",
    }
)


class Elsewhere:
    """A table of another library: all that is known of it is the protocol."""

    def __dataframe__(self, **options: Any) -> Any:
        return PAST.__dataframe__(**options)


def test_calibrate_and_backtest_take_any_table_with_the_protocol() -> None:
    here, there = calibrate(PAST), calibrate(Elsewhere())  # type: ignore[arg-type]
    np.testing.assert_array_equal(here.mean, there.mean)
    assert calibrate({"client": Elsewhere()}).rows == 6  # type: ignore[dict-item]
    pd.testing.assert_frame_equal(backtest(PAST, draws=64).errors, backtest(Elsewhere(), draws=64).errors)  # type: ignore[arg-type]


@pytest.mark.parametrize("table", [None, 5, [PAST], Elsewhere])
def test_what_is_no_table_is_refused(table: Any) -> None:
    with pytest.raises(InvalidInput, match="__dataframe__"):
        calibrate(table)
