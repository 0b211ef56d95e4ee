"""Packed bytes: what zlib packs comes back, and what the standard library refuses is refused in its words."""

import gzip
import io
import zlib
from collections.abc import Callable

import numpy as np
import pytest

from prep_core.io import ReadError
from prep_core.io.gzip_bytes import inflate, unpack

PLAIN = np.random.default_rng(3).integers(0, 9, 3000, np.uint8).tobytes()
PACKED, DEFLATED = gzip.compress(PLAIN, mtime=0), zlib.compress(PLAIN)


def gunzipped(data: bytes, want: int) -> str:
    """The name of the fault that the standard library finds, or how many bytes it gives, one more than `want` at most.

    That is an implementation of the same checks which is not ours.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            return str(len(stream.read(want + 1)))
    except (EOFError, OSError, zlib.error) as fault:
        return type(fault).__name__


def sentence(found: str, want: int) -> str:
    """What is said of it."""
    if found.isdecimal():
        short = int(found) < want
        words = f"truncated: expected {want} unpacked bytes, found {found}"
        return words if short else f"corrupt: expected {want} unpacked bytes, found more"
    return f"cannot be decoded as gzip ({found}): it is truncated, corrupt or of an unsupported kind"


@pytest.mark.parametrize("level", range(10))
@pytest.mark.parametrize("size", [0, 1, 3000, 2**20, 2**20 + 1])
def test_what_was_packed_comes_back(size: int, level: int) -> None:
    plain = (PLAIN * (size // 3000 + 1))[:size]
    assert unpack("scan", gzip.compress(plain, level), size) == plain
    assert inflate("scan", zlib.compress(plain, level), size) == plain


def test_members_and_zeros_behind_them_are_read() -> None:
    two = PACKED + gzip.compress(b"and more")
    assert unpack("scan", two, 3008) == PLAIN + b"and more"
    assert unpack("scan", PACKED + bytes(20), 3000) == PLAIN


WRONG: dict[str, tuple[bytes, int]] = {
    "shorter": (PACKED, 3001),
    "longer": (PACKED, 2999),
    "a bomb": (gzip.compress(bytes(10**6)), 10),
    "more members": (PACKED + PACKED, 3000),
    "junk behind": (PACKED + b"junk", 3000),
    "long junk behind": (PACKED + b"junk" * 9, 3000),
    "other sum": (PACKED[:-8] + bytes(4) + PACKED[-4:], 3000),
    "other length": (PACKED[:-1] + b"\1", 3000),
    "without its end": (PACKED[:-1], 3000),
    "cut": (PACKED[:200], 3000),
    "header alone": (PACKED[:10], 3000),
    "half a header": (PACKED[:5], 3000),
    "nothing": (b"", 3000),
    "no gzip": (b"neither" * 9, 3000),
    "other method": (PACKED[:2] + b"\7" + PACKED[3:], 3000),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_damaged_is_refused_in_the_words_of_the_standard_library(name: str) -> None:
    data, want = WRONG[name]
    found = gunzipped(data, want)
    assert found != str(want)
    with pytest.raises(ReadError) as refused:
        unpack("scan", data, want)
    assert str(refused.value).startswith(f"scan {'is ' if found.isdecimal() else ''}{sentence(found, want)}")


def test_no_bit_can_turn_unseen() -> None:
    for at in range(80, 8 * len(PACKED), 97):
        turned = bytearray(PACKED)
        turned[at // 8] ^= 1 << at % 8
        found = gunzipped(bytes(turned), 3000)
        with pytest.raises(ReadError) as refused:
            unpack("scan", bytes(turned), 3000)
        assert sentence(found, 3000) in str(refused.value)


@pytest.mark.parametrize(
    ("change", "want", "words"),
    [
        (lambda data: data[:-1], 3000, "its zlib checksum is missing"),
        (lambda data: data[:-4] + b"abcd", 3000, r"cannot be decoded as zlib \(error\)"),
        (lambda data: data[:100], 3000, "is truncated: expected 3000 unpacked bytes"),
        (lambda data: data, 2999, "is corrupt: expected 2999 unpacked bytes, found more"),
        (lambda data: data, 3001, "is truncated: expected 3001 unpacked bytes, found 3000"),
        (lambda data: b"\0" + data, 3000, r"cannot be decoded as zlib \(error\)"),
    ],
)
def test_a_damaged_zlib_stream_is_refused(change: Callable[[bytes], bytes], want: int, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        inflate("scan", change(DEFLATED), want)


def test_bytes_behind_a_zlib_stream_are_passed_over() -> None:
    assert inflate("scan", DEFLATED + b"more", 3000) == PLAIN
