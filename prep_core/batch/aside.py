"""The folder beside the results where files wait for their names, and which keeps a second run out.

Every file is written here to its end, and then moved: so a file under its final name is whole, whenever a run is
killed, and what a killed run leaves lies in one place.
"""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

ASIDE = ".unfinished"
"""The folder's name inside that of the results."""

LOCK = "run"

_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


class FolderError(ValueError):
    """The folder of the results cannot be used as it is asked for."""


@dataclass(frozen=True)
class Aside:
    """Where the files of one result wait for their names; `stem` is its own among those of the run."""

    folder: Path
    stem: str
    format: str

    @property
    def result(self) -> Path:
        return self.folder / f"{self.stem}.{self.format}"

    @property
    def mask(self) -> Path:
        return self.folder / f"{self.stem}.mask.{self.format}"

    @property
    def thumbnail(self) -> Path:
        return self.folder / f"{self.stem}.png"

    @property
    def record(self) -> Path:
        return self.folder / f"{self.stem}.json"


def put(path: Path, data: bytes) -> None:
    """Write `data` to `path`, down to the disk.

    Raises
    ------
    OSError
        With the path in it, also where the disk is full.
    """
    try:
        with path.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        error.filename = str(path)
        raise


@contextmanager
def reserved(folder: Path) -> Iterator[Path]:
    """A new folder inside `folder` for the files of one run, which is gone afterwards, with what killed runs left.

    Each run has a folder of its own, so that a worker of a killed run, if one still lives, disturbs no later one.

    Raises
    ------
    FolderError
        While another run writes into `folder`.
    """
    waiting = folder / ASIDE
    waiting.mkdir(parents=True, exist_ok=True)
    try:
        with _locked(waiting / LOCK, folder):
            for left in waiting.iterdir():
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
            own = Path(tempfile.mkdtemp(dir=waiting))
            try:
                yield own
            finally:
                shutil.rmtree(own, ignore_errors=True)
    finally:
        # It stays while another run uses it.
        with suppress(OSError):
            waiting.rmdir()


@contextmanager
def _locked(path: Path, folder: Path) -> Iterator[None]:
    """Hold the lock file `path`; the system lets go of it when this process ends, in whatever way."""
    if sys.platform == "win32":
        yield
        return
    with path.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # A file system that knows no locks cannot keep a second run out, and is used all the same.
            if error.errno not in _NO_LOCKS:
                raise _taken(folder) from None
        if not _is_at(path, stream):
            raise _taken(folder)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _is_at(path: Path, stream: IO[str]) -> bool:
    """Whether `stream` is still the file at `path`, and not one that an ending run has just removed."""
    return path.exists() and os.path.samestat(path.stat(), os.fstat(stream.fileno()))


def _taken(folder: Path) -> FolderError:
    return FolderError(
        f"another run writes into {folder} now; one folder takes one run at a time: wait for its end, or name another"
    )
