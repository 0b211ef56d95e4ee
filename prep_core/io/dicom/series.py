"""Which DICOM files form one stack, and names that tell the stacks apart."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from pydicom import Dataset

from prep_core.io.dicom.open import Headed
from prep_core.io.dicom.pixels import frame_count
from prep_core.io.dicom.place import orientation
from prep_core.io.dicom.tags import number, word, words
from prep_core.io.names import scan_name

LARGEST = 100_000
"""Numbers of series above this are no numbers of series."""


Given = TypeVar("Given", bound=Headed)


def series_of(files: Sequence[Given]) -> list[list[Given]]:
    """Files that form one stack: the same series, size, colours and orientation.  A film is always alone."""
    groups: dict[Any, list[Given]] = {}
    for i, opened in enumerate(files):
        ds = opened.ds
        key: tuple[Any, ...] = (word(ds, "SeriesInstanceUID"), lying(ds))
        key += tuple(number(ds, keyword, 1) for keyword in ("Rows", "Columns", "SamplesPerPixel"))
        key += (word(ds, "PhotometricInterpretation"),)
        alone = frame_count(ds) > 1 or not word(ds, "SeriesInstanceUID") or "PerFrameFunctionalGroupsSequence" in ds
        groups.setdefault((i, *key) if alone else key, []).append(opened)
    return list(groups.values())


def lying(ds: Dataset) -> tuple[Any, ...]:
    """What slices of one stack have in common: their orientation, rounded, and the number of the stack."""
    return (*np.round(np.concatenate(orientation(ds)), 2).tolist(), word(ds, "StackID"))


def names_of(groups: Sequence[Sequence[Headed]]) -> list[str]:
    """A name for each group: that of its file or folder, with its kind and number where several share it."""
    base = [scan_name(g[0].file.name if len(g) == 1 else g[0].file.folder) for g in groups]
    shared = Counter(base)
    return [
        name if shared[name] == 1 else f"{name}-{_label(group[0].ds)}" for name, group in zip(base, groups, strict=True)
    ]


def _label(ds: Dataset) -> str:
    """Numbers and kinds only: descriptions of a series are free text and can name a person."""
    number_of = number(ds, "SeriesNumber", -1)
    label = f"series{int(number_of)}" if 0 <= number_of < LARGEST else "series"
    return f"{label}-localizer" if "LOCALIZER" in words(ds, "ImageType") else label
