"""The ends of a range are NumPy's, in both forms."""

import numpy as np
import pytest

from prep_core.kernels.extremes import ends_of, float_ends
from tests.kernels.twins import twins

HUGE = np.finfo(np.float32).max
RNG = np.random.default_rng(3)
VALUES = {
    "noise": RNG.normal(0, 1, 10_001),
    "above zero": RNG.uniform(1, 2, 40),
    "below zero": RNG.uniform(-2, -1, 40),
    "small": [1e-45, -1e-45, 0.0],
    "infinite": [np.inf, 1.0, -np.inf],
    "one": [-HUGE],
    "only inf": [np.inf],
    "only -inf": [-np.inf],
}


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_twins_are_numpy(values: np.ndarray) -> None:
    values = np.array(values, np.float32)
    for form in twins(float_ends):
        found = form(values)
        assert found.dtype == np.float32
        assert found.tolist() == [values.min(), values.max()]


@pytest.mark.parametrize("zeros", [[0.0, -0.0], [-0.0], [-0.0, 0.0, -0.0]])
def test_zero_has_no_sign(zeros: list[float]) -> None:
    for form in twins(float_ends):
        assert form(np.array(zeros, np.float32)).tobytes() == bytes(8)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("place", [0, 4, 8])
def test_one_nan_is_found(sign: int, place: int) -> None:
    values = np.arange(9, dtype=np.float32)
    values[place] = np.copysign(np.float32(np.nan), sign)
    for form in twins(float_ends):
        assert np.isnan(form(values)).tolist() == [True, True]
    assert np.isnan(ends_of(values.astype(np.float64))).all()


def test_nothing_has_no_ends() -> None:
    for form in twins(float_ends):
        assert form(np.zeros(0, np.float32)).tolist() == [np.inf, -np.inf]
    assert ends_of(np.zeros(0, np.int16)) == (np.inf, -np.inf)


@pytest.mark.parametrize("dtype", ["?", "u1", "i2", ">i2", "i8", "f2", "f4", ">f4", "f8"])
def test_every_dtype_and_layout(dtype: str) -> None:
    values = RNG.integers(0, 100, 300_000).astype(dtype)
    for layout in (slice(None), slice(None, None, -1), slice(7, None, 1000)):
        assert ends_of(values[layout]) == (values[layout].min(), values[layout].max())


def test_the_ends_of_several_threads() -> None:
    values = np.zeros(1 << 21, np.float32)
    values[[5, -5]] = 7, -7
    assert ends_of(values) == (-7, 7)
