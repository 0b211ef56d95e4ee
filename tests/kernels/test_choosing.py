"""Choosing by a mask is what NumPy's indexing does, in both forms and whatever the layout."""

import numpy as np
import pytest

from prep_core.kernels.choosing import chosen, chosen_of_8, chosen_of_16, chosen_of_32
from tests.kernels.twins import twins

RNG = np.random.default_rng(4)


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 10_001])
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_twins_write_what_indexing_gives(size: int, share: float) -> None:
    mask = RNG.uniform(size=size) < share
    for kernel, dtype in ((chosen_of_8, "u1"), (chosen_of_16, "u2"), (chosen_of_32, "u4")):
        values = RNG.integers(0, 256, size).astype(dtype)
        for form in twins(kernel):
            out = np.zeros(np.count_nonzero(mask) + 1, dtype)  # the last is another's
            form(values, mask, out[:-1])
            assert out.tolist() == [*values[mask].tolist(), 0]


@pytest.mark.parametrize("dtype", ["?", "u1", "i2", ">i2", "f2", "f4", ">f4", "f8", "c8"])
@pytest.mark.parametrize("layout", ["as it is", "reversed", "transposed", "mask transposed"])
def test_every_dtype_and_layout(dtype: str, layout: str) -> None:
    values = RNG.integers(0, 9, (30, 30, 7)).astype(dtype)
    mask = RNG.uniform(size=values.shape) < 0.3
    if layout == "reversed":
        values = values[:, ::-1]
    if layout == "transposed":
        values = values.transpose(1, 0, 2)
    if layout == "mask transposed":
        mask = mask.transpose(1, 0, 2)
    found = chosen(values, mask)
    assert found.dtype == values.dtype
    assert found.tobytes() == values[mask].tobytes()


def test_threads_write_beside_each_other() -> None:
    values = np.arange(1 << 21, dtype=np.int32).reshape(2, -1)
    mask = values % 3 == 1
    assert np.array_equal(chosen(values, mask), np.arange(1, 1 << 21, 3))


def test_a_chosen_array_is_ones_own() -> None:
    values = np.zeros(9, np.float32)
    chosen(values, np.ones(9, bool))[:] = 1
    assert not values.any()
