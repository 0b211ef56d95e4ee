"""Bytes that lie in memory once, while several processes look at them: written by one, then sealed against any change.

Linux has them (memfd_create); elsewhere bytes travel through pipes.
"""

import mmap
import os
import socket
import sys
import weakref
from collections.abc import Iterable, Sequence
from functools import cached_property
from io import BufferedReader, RawIOBase, UnsupportedOperation
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

if sys.platform == "linux":
    import fcntl

IS_THERE = sys.platform == "linux"
"""Whether this system has segments."""

SHARED_FROM = 2**23
"""Bytes from which a content goes to another process as a segment, not through a pipe."""

AT_ONCE = 200
"""Descriptors in one message; Linux takes at most 253."""


class Segment:
    """Bytes that nobody can change any more.  They have no name, and are gone when the last process has let go.

    Parameters
    ----------
    descriptor : int
        Of sealed memory; it is closed with this object.
    sha256 : str
        Of the bytes, where it was taken while they were written.
    """

    def __init__(self, descriptor: int, sha256: str = "") -> None:
        self.descriptor = descriptor
        self.sha256 = sha256
        self._size = os.fstat(descriptor).st_size
        weakref.finalize(self, os.close, descriptor)

    @classmethod
    def of(cls, parts: Iterable[bytes]) -> Self:
        """The bytes of `parts`, one after the other."""
        with Draft() as draft:
            for part in parts:
                draft.append(part)
            return cls(draft.sealed())

    def __len__(self) -> int:
        return self._size

    @cached_property
    def view(self) -> memoryview:
        """All bytes, from where they lie."""
        if not self._size:
            return memoryview(b"")
        # Before Linux 6.7 a sealed segment cannot be mapped as shared, not even for reading; private costs no copy.
        return memoryview(mmap.mmap(self.descriptor, self._size, mmap.MAP_PRIVATE, mmap.PROT_READ))

    def open(self) -> BufferedReader:
        """A stream of the bytes, which reads from the start."""
        return BufferedReader(_Stream(self))

    def place_of(self, array: NDArray[Any]) -> int | None:
        """At which byte `array` begins, where all of it lies here without gaps; else None."""
        if not self._size or not array.flags.c_contiguous:
            return None
        at = array.ctypes.data - np.frombuffer(self.view, np.uint8).ctypes.data
        return at if 0 <= at <= self._size - array.nbytes else None


class Draft:
    """Memory that is written; what is not sealed by then is free at the end of the `with`."""

    def __init__(self) -> None:
        self._descriptor = os.memfd_create("prep", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        self._close = weakref.finalize(self, os.close, self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def append(self, data: bytes) -> None:
        """Add `data` behind what is there."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def sealed(self) -> int:
        """Let nobody change it from now on.

        Returns
        -------
        int
            A descriptor for `Segment`.
        """
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(self._descriptor, fcntl.F_ADD_SEALS, seals)
        return os.dup(self._descriptor)


class _Stream(RawIOBase):
    """A segment from one place on; each stream has a place of its own."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = os.preadv(self._segment.descriptor, [buffer], self._at)
        self._at += count
        return count

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        starts = (0, self._at, len(self._segment))
        if whence not in (os.SEEK_SET, os.SEEK_CUR, os.SEEK_END):
            raise UnsupportedOperation(f"whence must be 0, 1 or 2, got {whence}")
        at = starts[whence] + offset
        if at < 0:
            raise ValueError(f"a place must be 0 or more, got {at}")
        self._at = at
        return at

    def tell(self) -> int:
        return self._at


def lend(through: socket.socket, segments: Sequence[Segment]) -> None:
    """Let the process at the other end look at `segments`."""
    for start in range(0, len(segments), AT_ONCE):
        some = [segment.descriptor for segment in segments[start : start + AT_ONCE]]
        socket.send_fds(through, [b"s"], some)


def borrowed(through: socket.socket, digests: Sequence[str]) -> tuple[Segment, ...]:
    """The segments that the other side lends, with their digests.

    Raises
    ------
    EOFError
        When it is gone.
    """
    found: list[int] = []
    while len(found) < len(digests):
        word, descriptors, _, _ = socket.recv_fds(through, 1, AT_ONCE)
        if not word:
            raise EOFError
        found += descriptors
    return tuple(map(Segment, found, digests))
