"""Ways to damage a file: pure functions of its bytes and of a seeded source of chance."""

import random
import re
import struct
import zlib
from collections.abc import Callable, Mapping

Mutation = Callable[[random.Random, bytes], bytes]

PNG = b"\x89PNG\r\n\x1a\n"
LONGEST_BLOCK = 256
HEADER = 600
"""Header numbers are looked for up to here, twice as often as behind it."""

WHOLE = (0, 1, -1, 127, 128, 255, 256, 32767, 65535, 2**24, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, -(2**63), 2**64 - 1)
REAL = (0.0, -0.0, -1.0, 1e-300, 1e300, float("nan"), float("inf"), float("-inf"))
WORDS = (b"0", b"-1", b"1", b"65536", b"2147483647", b"2147483648", b"9223372036854775807", b"1e309", b"nan", b"-inf")
WORDS += (b"", b"x", b"%s", b"../../x", b"9" * 400, b"0x10", b"1_0", b"\xff\xfe", b"\0")
NUMBER = re.compile(rb"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def flip_bits(chance: random.Random, data: bytes) -> bytes:
    """Turn 1 to 8 bits over."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        out[_place(chance, data)] ^= 1 << chance.randrange(8)
    return bytes(out)


def set_bytes(chance: random.Random, data: bytes) -> bytes:
    """Put 1 to 16 random bytes in a row."""
    return _overwrite(data, _place(chance, data), chance.randbytes(chance.randint(1, 16)))


def cut(chance: random.Random, data: bytes) -> bytes:
    """Keep the beginning, or lose it."""
    at = chance.randrange(len(data))
    return data[:at] if chance.random() < 0.8 else data[at:]


def delete_block(chance: random.Random, data: bytes) -> bytes:
    """Leave out a stretch."""
    start, end = _block(chance, data)
    return data[:start] + data[end:]


def insert_block(chance: random.Random, data: bytes) -> bytes:
    """Push random or equal bytes in."""
    at, size = _place(chance, data), chance.randint(1, LONGEST_BLOCK)
    new = chance.randbytes(size) if chance.random() < 0.5 else bytes([chance.choice((0, 32, 255))]) * size
    return data[:at] + new + data[at:]


def repeat_block(chance: random.Random, data: bytes) -> bytes:
    """Write a stretch several times."""
    start, end = _block(chance, data)
    return data[:start] + data[start:end] * chance.choice((2, 3, 100)) + data[end:]


def swap_blocks(chance: random.Random, data: bytes) -> bytes:
    """Exchange two stretches of the same length."""
    size = chance.randint(1, min(LONGEST_BLOCK, max(1, len(data) // 4)))
    first, second = _place(chance, data), _place(chance, data)
    one, two = data[first : first + size], data[second : second + size]
    return _overwrite(_overwrite(data, first, two), second, one)


def set_number(chance: random.Random, data: bytes) -> bytes:
    """Replace a binary number by an extreme one, of any width and byte order."""
    order, at = chance.choice("<>"), _place(chance, data)
    if chance.random() < 0.3:
        kind = chance.choice("fd")
        value = chance.choice(REAL)
        real = struct.pack(order + kind, value if kind == "d" or abs(value) < 1e38 else float("inf"))
        return _overwrite(data, at, real)
    width = chance.choice((1, 2, 4, 8))
    masked = chance.choice(WHOLE) & (2 ** (8 * width) - 1)
    return _overwrite(data, at - at % chance.choice((1, width)), masked.to_bytes(width, _NAMES[order]))


def set_word(chance: random.Random, data: bytes) -> bytes:
    """Replace a number that is written in text."""
    found = list(NUMBER.finditer(data, 0, 8 * HEADER))
    if not found:
        return set_number(chance, data)
    old = chance.choice(found)
    word = chance.choice(WORDS)
    # Formats with fields of a fixed width only come further with a word that fits.
    fitted = word.rjust(len(old.group()))[: len(old.group())] if chance.random() < 0.4 else word
    return data[: old.start()] + fitted + data[old.end() :]


def several(chance: random.Random, data: bytes) -> bytes:
    """Two or three of the others, one after the other."""
    for mutation in chance.choices(SINGLE, k=chance.randint(2, 3)):
        data = mutation(chance, data) or data
    return data


_NAMES: Mapping[str, str] = {"<": "little", ">": "big"}
SINGLE: tuple[Mutation, ...] = (
    flip_bits,
    set_bytes,
    cut,
    delete_block,
    insert_block,
    repeat_block,
    swap_blocks,
    set_number,
    set_word,
)
WEIGHTS = (3, 2, 1, 1, 1, 1, 1, 4, 4, 2)


def mutated(data: bytes, key: str) -> bytes:
    """`data` damaged in a way that depends on nothing but `data` and `key`."""
    chance = random.Random(key)
    (mutation,) = chance.choices((*SINGLE, several), WEIGHTS)
    out = mutation(chance, data)
    return mended(out) if out.startswith(PNG) and chance.random() < 0.7 else out


def mended(data: bytes) -> bytes:
    """A PNG with checksums that are right again (PNG, section 5.3), so that its decoder looks further than these."""
    out, at = bytearray(data), len(PNG)
    while at + 12 <= len(out):
        end = at + 8 + int.from_bytes(out[at : at + 4])
        out[end : end + 4] = zlib.crc32(out[at + 4 : end]).to_bytes(4) if end + 4 <= len(out) else b""
        at = end + 4
    return bytes(out)


def _place(chance: random.Random, data: bytes) -> int:
    end = min(len(data), HEADER) if chance.random() < 0.5 else len(data)
    return chance.randrange(max(end, 1))


def _block(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = _place(chance, data)
    return start, start + chance.randint(1, LONGEST_BLOCK)


def _overwrite(data: bytes, at: int, new: bytes) -> bytes:
    return (data[:at] + new + data[at + len(new) :])[: len(data)]
