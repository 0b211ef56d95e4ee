"""Sums are those of whole numbers without end, in both forms."""

from fractions import Fraction

import numpy as np
import pytest

from prep_core.kernels.sums import WORDS, byte_sums, code_sums, exact_totals, float_sums
from tests.kernels.twins import twins

HUGE = np.finfo(np.float32).max
TINY = np.float32(2.0**-149)
RNG = np.random.default_rng(2)


def fractions(values: np.ndarray) -> tuple[int, int]:
    """The sum and that of the squares, in units of 2^-149 and 2^-298."""
    exact = [Fraction(value) for value in values.astype(np.float64).tolist()]
    total, squares = sum(exact, Fraction()) * 2**149, sum((v * v for v in exact), Fraction()) * 2**298
    assert total.denominator == squares.denominator == 1
    return int(total), int(squares)


def words_of(values: np.ndarray) -> list[bytes]:
    """What both forms write."""
    found = [np.empty((2, WORDS), np.uint32) for _ in range(2)]
    for form, words in zip(twins(float_sums), found, strict=True):
        assert form(values, words) is True
    return [words.tobytes() for words in found]


VALUES = {
    "nothing": np.zeros(0),
    "zeros": np.array([0.0, -0.0, 0.0]),
    "one": np.array([-0.1]),
    "the ends": np.array([HUGE, -HUGE, TINY, 1.0]),
    "one that is lost in scaling": np.array([HUGE, TINY]),
    "the largest": np.full(4097, HUGE),
    "the smallest": np.full(5000, -TINY),
    "noise": RNG.normal(1000, 3, 9001),
    "small ones among large ones": 10 ** RNG.uniform(-30, 30, 4500) * RNG.choice([-1, 1], 4500),
    "below the normal numbers": np.ldexp(RNG.normal(size=5000), -140),
    "around the smallest scale": np.ldexp(RNG.normal(size=5000), RNG.integers(-104, -98, 5000)),
    "every bit": RNG.integers(0, 0x7F7FFFFF, 5000, dtype=np.uint32).view(np.float32),
}


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_twins_write_the_sums_of_fractions(values: np.ndarray) -> None:
    values = values.astype(np.float32)
    plain, loop = words_of(values)
    assert plain == loop
    assert exact_totals(values) == fractions(values)
    half = len(plain) // 2
    assert tuple(int.from_bytes(w, "little", signed=True) for w in (plain[:half], plain[half:])) == fractions(values)


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 4096, 9000])
def test_what_is_not_finite_is_found(odd: float, place: int) -> None:
    values = np.ones(9001, np.float32)
    values[place] = odd
    words = np.zeros((2, WORDS), np.uint32)
    assert [form(values, words) for form in twins(float_sums)] == [False, False]
    with pytest.raises(ValueError, match=r"has values beyond float32 \(3.4e38\), which cannot be added up"):
        exact_totals(values)


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_twins_add_up_integers(sign: int, size: int) -> None:
    for kernel, bits in ((byte_sums, 8), (code_sums, 16)):
        codes = np.resize(np.arange(1 << bits), size).astype(f"u{bits // 8}")
        values = codes.view(f"i{bits // 8}" if sign else codes.dtype).astype(object)
        for form in twins(kernel):
            found = form(codes, sign << bits - 1)
            assert found.dtype == np.int64
            assert found.tolist() == [values.sum(), (values**2).sum()]


@pytest.mark.parametrize("dtype", ["?", "u1", "i1", "u2", "i2", ">i2", "i4", "f2", "f4", ">f4", "f8"])
def test_every_dtype_and_layout(dtype: str) -> None:
    values = RNG.integers(-30_000, 30_000, 1001).astype(dtype)
    for layout in (slice(None), slice(None, None, -1), slice(3, None, 7)):
        assert exact_totals(values[layout]) == fractions(values[layout])


def test_the_sums_of_several_threads_add_up() -> None:
    values = np.resize(np.float32([0.1, -7.5, 3e30, 1e-40]), 1 << 21)
    total, squares = fractions(values[:4])
    assert exact_totals(values) == (total << 19, squares << 19)
