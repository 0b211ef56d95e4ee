"""Counting by a table is counting one by one, in both forms and whatever the layout."""

from typing import Any

import numpy as np
import pytest

from prep_core.kernels.counting import (
    HALF,
    by_byte,
    by_code,
    by_lower,
    by_upper,
    counts_of_integers,
    counts_of_lower,
    counts_of_upper,
)
from tests.kernels.twins import twins

SIZES = (0, 1, 3, 4, 4097, (1 << 15) + 3, (1 << 18) + 1)
"""Below and above the sizes of blocks and from which there are lanes, and not divided by four."""

RNG = np.random.default_rng(5)
ODD = np.array([0.0, -0.0, 1e-45, -1e-45, np.inf, -np.inf, np.nan, 3.4e38, 1.5, -1.5], np.float32)
UPPERS = np.array([0x3FC0, 0x8000, 0, 0x7F80])


def runs(size: int) -> np.ndarray:
    """32 bits, half of them in a run of one value, and all codes of 8 bits."""
    bits = RNG.integers(0, 1 << 32, size, dtype=np.uint32)
    bits[: size // 2] = np.float32(1.5).view(np.uint32)
    return bits


def counted(codes: Any, size: int) -> list[int]:
    values, counts = np.unique(codes, return_counts=True)
    table = np.zeros(size, np.int64)
    table[values] = counts
    return table.tolist()


@pytest.mark.parametrize("size", SIZES)
def test_twins_count_what_unique_counts(size: int) -> None:
    bits = runs(size)
    for kernel, codes, table in (
        (by_byte, bits.astype(np.uint8), 256),
        (by_code, bits.astype(np.uint16), HALF),
        (by_upper, bits, HALF),
    ):
        for form in twins(kernel):
            found = form(codes)
            assert found.dtype == np.int64
            assert found.tolist() == counted(codes >> 16 if kernel is by_upper else codes, table)


@pytest.mark.parametrize("size", SIZES)
def test_twins_count_the_lower_halves_of_wanted_upper_halves(size: int) -> None:
    bits = runs(size)
    bits[: size // 3] ^= RNG.integers(0, HALF, size // 3, dtype=np.uint32)
    rows = np.full(HALF, 4, np.uint16)
    rows[UPPERS] = range(4)
    wanted = [counted(bits[bits >> 16 == upper] & 0xFFFF, HALF) for upper in UPPERS]
    for form in twins(by_lower):
        found = form(bits, rows, 4)
        assert found.dtype == np.uint32
        assert found.tolist() == wanted


@pytest.mark.parametrize("dtype", ["?", "u1", "i1", "u2", "i2", ">i2"])
def test_integers_of_every_dtype_and_layout(dtype: str) -> None:
    values = RNG.integers(0, 1 << 16, 999).astype(np.dtype(dtype))
    wide = values.astype(np.int64)
    for layout in (slice(None), slice(None, None, -1), slice(1, None, 7), slice(0)):
        lowest, counts = counts_of_integers(values[layout])
        assert lowest == (0 if dtype == "?" else np.iinfo(values.dtype).min)
        assert counts.tolist() == counted(wide[layout] - lowest, 256**values.itemsize)


@pytest.mark.parametrize("dtype", ["f4", ">f4", "f8", "i4"])
def test_halves_of_every_number_and_layout(dtype: str) -> None:
    values = np.resize(ODD if dtype != "i4" else np.arange(-5, 5), 1000).astype(dtype)
    for layout in (slice(None), slice(None, None, -3), slice(0)):
        bits = values[layout].astype(np.float32).view(np.uint32)
        assert counts_of_upper(values[layout]).tolist() == counted(bits >> 16, HALF)
        cells, counts = counts_of_lower(values[layout], UPPERS)
        found = {(int(UPPERS[cell >> 16]) << 16) + int(cell & 0xFFFF): n for cell, n in zip(cells, counts, strict=True)}
        wanted, many = np.unique(bits[np.isin(bits >> 16, UPPERS)], return_counts=True)
        assert found == dict(zip(wanted.tolist(), many.tolist(), strict=True))


def test_many_values_are_counted_as_few_are() -> None:
    """By a table and by sorting, by one thread and by several."""
    values = np.resize(ODD, (1 << 21) + 5)
    cells, counts = counts_of_lower(values, UPPERS)
    few, once = counts_of_lower(ODD, UPPERS)
    assert cells.tolist() == few.tolist()
    assert (counts // (values.size // ODD.size)).tolist() == once.tolist()
    assert counts_of_upper(values).sum() == values.size
