"""Where HDF5 keeps texts of any length, followed before the library does: it never ends on a damaged one."""

from prep_core.io.errors import ReadError

MAGIC = b"GCOL\x01\0\0\0"
HEADER = 16
"""Bytes before the first object of a collection, and before each object, with lengths of 4 or 8 bytes."""


def check_heaps(name: str, data: bytes, start: int) -> None:
    """Complain about a collection whose objects do not fill it (HDF5 file format, III.E).

    Parameters
    ----------
    name : str
        How the file is called in errors.
    data : bytes
    start : int
        Where its signature lies.

    Raises
    ------
    ReadError
    """
    # The version of the superblock decides where it says how long lengths are (II.A).
    length = _number(data, start + (14 if _number(data, start + 8, 1) < 2 else 10), 1)
    at = data.find(MAGIC)
    while at >= 0:
        if not _is_filled(data, at, length):
            raise ReadError(f"{name} is corrupt: a heap of texts in it (GCOL) contradicts itself; get a fresh copy")
        at = data.find(MAGIC, at + len(MAGIC))


def _is_filled(data: bytes, at: int, length: int) -> bool:
    end = at + _number(data, at + 8, length)
    at += HEADER
    while at + HEADER <= min(end, len(data)):
        size = _number(data, at + 8, length)
        # Object 0 is the room that is left, header included; the others are filled up to 8 bytes.
        step = HEADER + -(-size // 8) * 8 if _number(data, at, 2) else size
        if step < HEADER:
            return False
        at += step
    return at <= end <= len(data)


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "little")
