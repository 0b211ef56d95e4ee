"""Loops of `prep_core.kernels.sums`.

A block of float32 is scaled so that none of its values reaches 2^24.  Each is then a whole part of 24 bits and a
fraction of 24 more, unless it is so much smaller than the largest that bits of it are left; those few are added one by
one.  Sums of such digits and of their products over a block have less than 63 bits.
"""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import BOOL, FLOAT32, INT64, UINT8, UINT16, UINT32, helper, loop, reads, writes

_BLOCK = 1 << 12
_BITS = 24
_DIGIT = np.float32(1 << _BITS)
_ABSOLUTE = np.uint32(0x7FFFFFFF)
_INFINITE = np.uint32(0x7F800000)
_WORD = 0xFFFFFFFF
_POWERS = np.ldexp(np.float32(1), np.arange(-126, 128))
_ZERO = np.int32(0)


@loop(BOOL, reads(FLOAT32), writes(UINT32, 2))
def float_sums(values: Any, words: Any) -> Any:
    bits = values.view(np.uint32)
    sums = np.zeros((2, words.shape[1]), np.int64)
    high, low = np.empty(_BLOCK, np.int32), np.empty(_BLOCK, np.int32)
    for start in range(0, values.size, _BLOCK):
        block = bits[start : start + _BLOCK]
        largest = _largest(block)
        if largest >= _INFINITE:
            return False
        # Below 2^-101 the fraction reaches down to the smallest float32.
        exponent = max(np.int64(largest >> 23) - 126, -101)
        left = _digits(values[start : start + _BLOCK], exponent, high, low)
        _add_digits(high[: block.size], low[: block.size], exponent, sums)
        if left:
            _add_left(block, high, low, sums)
        _carry(sums)
    for row in range(2):
        for k in range(words.shape[1]):
            words[row, k] = sums[row, k] & _WORD
    return True


@loop(writes(INT64), reads(UINT8), INT64)
def byte_sums(codes: Any, sign: Any) -> Any:
    return _integer_sums(codes, sign)


@loop(writes(INT64), reads(UINT16), INT64)
def code_sums(codes: Any, sign: Any) -> Any:
    return _integer_sums(codes, sign)


@helper
def _integer_sums(codes: Any, sign: Any) -> Any:
    total = squares = 0
    for code in codes:
        value = (np.int64(code) ^ sign) - sign
        total += value
        squares += value * value
    return np.array([total, squares])


@helper
def _largest(bits: Any) -> Any:
    largest = np.uint32(0)
    for i in range(bits.size):
        largest = max(largest, bits[i] & _ABSOLUTE)
    return largest


@helper
def _digits(values: Any, exponent: Any, high: Any, low: Any) -> Any:
    """Write the digits of each value, or two zeros where bits of it are left; whether there are such values."""
    scale, back = _POWERS[_BITS - exponent + 126], _POWERS[exponent - _BITS + 126]
    left = _ZERO
    for i in range(values.size):
        scaled = values[i] * scale
        whole = np.int32(scaled)
        fraction = (scaled - np.float32(whole)) * _DIGIT
        part = np.int32(fraction)
        exact = (fraction == np.float32(part)) & (scaled * back == values[i])
        high[i] = whole if exact else _ZERO
        low[i] = part if exact else _ZERO
        left |= np.int32(not exact)
    return left


@helper
def _add_digits(high: Any, low: Any, exponent: Any, sums: Any) -> None:
    high_sum, low_sum, high_squares, products, low_squares = _digit_sums(high, low)
    place = 149 + exponent - 2 * _BITS
    _add(sums[0], low_sum, place)
    _add(sums[0], high_sum, place + _BITS)
    _add(sums[1], low_squares, 2 * place)
    _add(sums[1], products, 2 * place + _BITS + 1)
    _add(sums[1], high_squares, 2 * place + 2 * _BITS)


@helper
def _digit_sums(high: Any, low: Any) -> Any:
    zero: Any = np.int64(0)
    high_sum, low_sum, high_squares, products, low_squares = zero, zero, zero, zero, zero
    for i in range(high.size):
        one, other = np.int64(high[i]), np.int64(low[i])
        high_sum += one
        low_sum += other
        high_squares += one * one
        products += one * other
        low_squares += other * other
    return high_sum, low_sum, high_squares, products, low_squares


@helper
def _add_left(bits: Any, high: Any, low: Any, sums: Any) -> None:
    """Add the values that have two zeros for digits."""
    for i in range(bits.size):
        if high[i] == 0 and low[i] == 0:
            exponent = np.int64(bits[i] & _ABSOLUTE) >> 23
            mantissa = np.int64(bits[i] & np.uint32(0x7FFFFF)) | (np.int64(exponent > 0) << 23)
            place = exponent - np.int64(exponent > 0)
            _add(sums[0], mantissa if bits[i] <= _ABSOLUTE else -mantissa, place)
            _add(sums[1], mantissa * mantissa, 2 * place)


@helper
def _add(words: Any, number: Any, place: Any) -> None:
    """Add number * 2^place, of less than 63 bits, to the sum of words * 2^(32 k)."""
    k, shift = place >> 5, place & 31
    lower, upper = (number & _WORD) << shift, (number >> 32) << shift
    words[k] += lower & _WORD
    words[k + 1] += (lower >> 32) + (upper & _WORD)
    words[k + 2] += upper >> 32


@helper
def _carry(sums: Any) -> None:
    """Make every word but the last one of 32 bits."""
    for row in range(2):
        for k in range(sums.shape[1] - 1):
            sums[row, k + 1] += sums[row, k] >> 32
            sums[row, k] &= _WORD
