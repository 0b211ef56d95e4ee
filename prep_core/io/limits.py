"""How much a file may claim and give, checked on its header before a decoder sees it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Self

from prep_core.io.errors import ReadError

NEVER = 2**62
BLOCK_VOXELS = 2**25
IN_PARTS = "npy, NIfTI (.nii), TIFF and Zarr"
"""Formats of which parts can be read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a source may cost.  The defaults serve a page; a command line may allow more.

    Attributes
    ----------
    file_bytes : int
        Size of one file as it is stored.
    voxels : int
        Samples of one decoded scan.
    decoded_bytes : int
        Bytes of one decoded scan.
    members : int
        Files in an archive or a folder.
    archive_bytes : int
        Sum of the unpacked sizes of an archive.
    ratio : int
        Unpacked to packed size, looked at only above `ratio_from` bytes: label maps reach 500 to 1.
    ratio_from : int
    pages : int
        Pages of a TIFF file.
    seconds : int
        Time to decode one source, where that is done in a process of its own.
    memory_bytes : int
        Memory of that process.
    whole_bytes : int
        Bytes of one decoded scan above which it is read a part at a time, by those who can and where its format can;
        by default never.
    block_voxels : int
        Voxels of such a part that are worked on together.
    """

    file_bytes: int = 2**30
    voxels: int = 2**28
    decoded_bytes: int = 2**31
    members: int = 5_000
    archive_bytes: int = 2**32
    ratio: int = 200
    ratio_from: int = 2**28
    pages: int = 10_000
    seconds: int = 60
    memory_bytes: int = 6 * 2**30
    whole_bytes: int = NEVER
    block_voxels: int = BLOCK_VOXELS

    def with_words(self, words: Iterable[str]) -> Self:
        """These limits with others in their place, each written as "voxels=1000".

        Raises
        ------
        ValueError
            For a name that is no limit, or a number that is not whole and above 0.
        """
        names = [field.name for field in fields(self)]
        changes = {}
        for word in words:
            name, _, number = word.partition("=")
            if name not in names or not number.isdecimal() or int(number) < 1:
                raise ValueError(f"a limit is NAME=NUMBER, with one of {', '.join(names)} and a number, got {word!r}")
            changes[name] = int(number)
        return replace(self, **changes)

    def check(self, name: str, limit: str, value: int, what: str) -> None:
        """Complain where `value` is above the limit of that name.

        Raises
        ------
        ReadError
            With the limit, the value and how to raise it.
        """
        allowed: int = getattr(self, limit)
        if value > allowed:
            # Who reads a scan in parts where it can be done is told how it can be done.
            parts = f", or convert it to {IN_PARTS}, which are read in parts"
            advice = parts if limit in ("file_bytes", "voxels", "decoded_bytes") and self.whole_bytes < NEVER else ""
            raise ReadError(
                f"{name} is too large: {what} {value:,} is above the limit {limit} = {allowed:,}; "
                f"{raising(limit, _round_up(value))}{advice}"
            )

    def check_ratio(self, name: str, packed: int, unpacked: int) -> None:
        """Complain about a small file that claims to unpack to a very large one."""
        if unpacked > self.ratio_from:
            self.check(name, "ratio", unpacked // max(packed, 1), "its ratio of unpacked to packed bytes")

    def check_array(self, name: str, shape: Iterable[int], itemsize: int, packed: int | None = None) -> int:
        """Complain about a shape that is empty, negative or too large; return its size in bytes.

        `packed` is the number of bytes that it is to be decompressed from.
        """
        sizes = [int(n) for n in shape]
        if any(n <= 0 for n in sizes):
            raise ReadError(
                f"{name} has no voxels: its size is {_times(sizes)}, and every dimension must be above zero; "
                "export it again"
            )
        count = math.prod(sizes)
        self.check(name, "voxels", count, f"its declared size {_times(sizes)} in voxels")
        self.check(name, "decoded_bytes", count * itemsize, "its declared size in bytes")
        if packed is not None:
            self.check_ratio(name, packed, count * itemsize)
        return count * itemsize


def raising(limit: str, value: int) -> str:
    """How to raise `limit` to `value`, as the end of a sentence."""
    return f"if you trust it, read it with Limits({limit}={value}), or --limit {limit}={value} on the command line"


def _round_up(value: int) -> int:
    return int(2 ** math.ceil(math.log2(value)))


def _times(sizes: list[int]) -> str:
    return " x ".join(map(str, sizes)) or "a single number"
