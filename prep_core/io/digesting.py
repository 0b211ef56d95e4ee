"""A file that is read once in a stream, while its digest is taken."""

import hashlib
from io import RawIOBase
from typing import Any, BinaryIO, cast

from prep_core.io.files import File


class Digesting(RawIOBase):
    """The bytes of a file from its beginning, which are hashed on their way."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._sha = hashlib.sha256()
        self._size = 0
        with file.reading():
            self._stream = file.open()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with self._file.reading():
            count: int = cast(Any, self._stream).readinto(buffer)
        self._sha.update(memoryview(buffer)[:count])
        self._size += count
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()

    def sha256(self) -> str:
        """Of the file, all of which was read.

        Raises
        ------
        ReadError
            When it had another length than before.
        """
        self._file.refuse_other(self._size == self._file.size)
        return self._sha.hexdigest()


class Digested:
    """Opens a file, also again where that is needed, and knows the digest of what was read last."""

    def __init__(self, file: File, start: int = 0) -> None:
        self._file = file
        self._start = start
        self._last: Digesting | None = None

    def open(self) -> BinaryIO:
        """The file from `start` on."""
        self._last = Digesting(self._file)
        self._last.read(self._start)
        return cast(BinaryIO, self._last)

    def sha256(self) -> str:
        """As `Digesting.sha256`."""
        if self._last is None:
            raise ValueError("a file must be opened before its digest is known")
        return self._last.sha256()
