"""A part of a batch: what is read by itself, by one worker."""

from pathlib import Path

from prep_core.io import Series

Part = str | Series
"""A path, or a series that shares its folder with others."""


def path_of(part: Part) -> Path:
    """Where it lies: a file or a folder."""
    return Path(part.path if isinstance(part, Series) else part)


def source_of(part: Part) -> Path | Series:
    """What `load` takes for it."""
    return part if isinstance(part, Series) else Path(part)


def called(part: Part) -> str:
    """Its name in a sentence."""
    return part.name if isinstance(part, Series) and len(part.files) > 1 else path_of(part).name


def absolute(part: Part) -> Part:
    """For a worker, who may have another current folder."""
    return part.absolute() if isinstance(part, Series) else str(Path(part).absolute())
