"""A number that a dtype cannot hold parts its values as it does in float64."""

import numpy as np
import pytest

from prep_core.measure.compared import above, at_most, below

HUGE = float(np.finfo(np.float32).max)
VALUES = np.array([-np.inf, -HUGE, -1.5, -1e-45, -0.0, 0.0, 1e-45, 0.1, 1.5, HUGE, np.inf, np.nan])
LIMITS = [*VALUES, 0.1, 1.5 + 1e-12, 1.5 - 1e-12, 1e-60, -1e-60, 1e300, -1e300, HUGE * (1 + 1e-12)]


@pytest.mark.parametrize("dtype", ["f4", ">f4", "f8", "i2"])
@pytest.mark.parametrize("limit", LIMITS)
def test_parts_as_float64_does(dtype: str, limit: float) -> None:
    values = VALUES.astype(dtype) if "f" in dtype else np.arange(-3, 3, dtype=dtype)
    wide = values.astype(np.float64)
    assert at_most(values, limit).tolist() == (wide <= limit).tolist()
    assert below(values, limit).tolist() == (wide < limit).tolist()
    assert above(values, limit).tolist() == (wide > limit).tolist()
