"""Keys are in the order of the values, and counting by them is sorting, in both forms."""

import numpy as np
import pytest

from prep_core.kernels.keys import (
    NO_ROW,
    by_key_byte,
    by_threshold,
    counts_between,
    counts_of_bytes,
    keys_of,
    values_of,
)
from tests.kernels.twins import twins

RNG = np.random.default_rng(7)
LINE = np.array([-np.inf, -3.4e38, -1.5, -1e-45, -0.0, 0.0, 1e-45, 1.5, 3.4e38, np.inf, np.nan], np.float32)
HALVES = RNG.integers(0, 1 << 16, 40).astype(np.uint64)
NONE = np.zeros(0, np.uint16)


def bits_of(size: int) -> np.ndarray:
    """Half of them in a few upper halves, and there in few third bytes."""
    bits = RNG.integers(0, 1 << 32, size, dtype=np.uint32)
    bits[::2] = (np.resize(HALVES, bits[::2].size) << 16 | RNG.integers(0, 1 << 10, bits[::2].size, np.uint64)) & (
        (1 << 32) - 1
    )
    return bits


def rows_of(cells: np.ndarray, size: int) -> np.ndarray:
    rows = np.full(size, NO_ROW, np.uint16)
    rows[cells] = np.arange(cells.size)
    return rows


def test_keys_are_in_the_order_of_the_values() -> None:
    keys = keys_of(LINE)
    assert (np.diff(keys.astype(np.int64)) > 0).all()
    assert values_of(keys).tobytes() == LINE.tobytes()


@pytest.mark.parametrize("size", [0, 1, 4097, 300_001])
def test_twins_count_bytes(size: int) -> None:
    bits = bits_of(size)
    keys = keys_of(bits.view(np.float32)).astype(np.int64)
    uppers = np.unique(keys_of((HALVES << 16).astype(np.uint32).view(np.float32)) >> 16)
    rows = rows_of(uppers, 1 << 16)
    thirds = np.unique(rows[keys >> 16][np.isin(keys >> 16, uppers)].astype(int) << 8)[:30]
    next_rows = rows_of(thirds, uppers.size << 8)
    third = np.array([np.bincount(keys[keys >> 16 == u] >> 8 & 255, minlength=256) for u in uppers])
    prefixes = [(int(uppers[cell >> 8]) << 8) + int(cell & 255) for cell in thirds]
    fourth = np.array([np.bincount(keys[keys >> 8 == p] & 255, minlength=256) for p in prefixes]).reshape(-1, 256)
    for form in twins(by_key_byte):
        assert form(bits, rows, NONE, len(third)).tolist() == third.tolist()
        assert form(bits, rows, next_rows, len(fourth)).tolist() == fourth.tolist()
    assert counts_of_bytes(bits.view(np.float32)[::-1], rows, NONE, len(third)).tolist() == third.tolist()


@pytest.mark.parametrize("size", [0, 1, 4097, 300_001])
@pytest.mark.parametrize("many", [0, 1, 700])
def test_twins_count_between_thresholds(size: int, many: int) -> None:
    bits = bits_of(size)
    thresholds = np.sort(keys_of(bits_of(many).view(np.float32)))
    places = np.searchsorted(thresholds, keys_of(bits.view(np.float32)), side="right")
    for form in twins(by_threshold):
        assert form(bits, thresholds).tolist() == np.bincount(places, minlength=many + 1).tolist()


@pytest.mark.parametrize("including", [True, False])
@pytest.mark.parametrize("dtype", ["f4", ">f4", "f8", "i2"])
def test_limits_part_the_values_as_sorting_does(including: bool, dtype: str) -> None:
    finite = LINE[1:-2]
    values = np.repeat(finite, 3) if dtype != "i2" else np.arange(-4, 4)
    values = values.astype(dtype)
    wide = finite.astype(np.float64)
    limits = np.sort(np.concatenate([wide, wide[1:-1] * (1 + 1e-9), [-0.0, 0.1, -1e300, 1e300, 1e-60, -1e-60]]))
    for layout in (slice(None), slice(None, None, -2)):
        side = "left" if including else "right"
        places = np.searchsorted(limits, values[layout].astype(np.float32), side=side)
        wanted = np.bincount(places, minlength=limits.size + 1)
        assert counts_between(values[layout], limits, including).tolist() == wanted.tolist()
