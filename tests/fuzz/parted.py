"""Files that are read a part at a time, as those larger than memory are: from the disk, an outline and then blocks."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from prep_core.io.answers import Answers
from prep_core.io.guarded.reader import GuardedReader
from prep_core.io.large.layout import layout
from prep_core.scan import Scan
from tests.fuzz.seeds import PLAIN, TIFF
from tests.fuzz.store_seeds import ZARR

FORMATS = ("npy", "npy-complex", "nifti", "nifti-big", "nifti2", "zarr", "zarr2", "zarr-ome")
FORMATS += ("tiff", "tiff-ome", "tiff-imagej", "tiff-big", "tiff-tiled", "tiff-rgb", "tiff-float", "tiff-lzw")
PARTED: Mapping[str, Callable[[], bytes | Mapping[str, bytes]]] = {
    f"in-parts-{format}": {**PLAIN, **TIFF, **ZARR}[format] for format in FORMATS
}
BLOCK = 100
"""Voxels of a block, about."""


def load_in_parts(reader: GuardedReader, source: bytes | Mapping[str, bytes], name: str, **answers: Any) -> list[Scan]:
    """The first and the last block of `source`, or all of it where its format cannot be read in parts.

    `reader` must take everything to be large: `Limits(whole_bytes=1)`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = _stored(Path(folder) / name, source)
        told = Answers(**answers)
        found = reader.outline(path, told)
        if found is None:
            return list(reader.load(path, **answers))
        regions = list(layout(found.scan.data.shape, found.grain, usual=BLOCK).inner())
        return [reader.block(path, told, found.scan, region) for region in (regions[0], regions[-1])]


def _stored(path: Path, source: bytes | Mapping[str, bytes]) -> Path:
    """The file, or the folder of the store, below `path`."""
    if isinstance(source, bytes):
        path.write_bytes(source)
        return path
    for name, data in source.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    (store,) = path.iterdir()
    return store
