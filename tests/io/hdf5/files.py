"""HDF5 files for tests, written by h5py in memory."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray


def hdf5(fill: Callable[[Any], object], **options: Any) -> bytes:
    """The file that `fill` writes into."""
    stream = io.BytesIO()
    with h5py.File(stream, "w", **options) as file:
        fill(file)
    return stream.getvalue()


def holding(arrays: Mapping[str, Any], **options: Any) -> bytes:
    """A file with these arrays, all stored with the same options."""

    def fill(file: Any) -> None:
        for path, array in arrays.items():
            file.create_dataset(path, data=array, **options)

    return hdf5(fill)


def raw_chunk(
    shape: tuple[int, ...], chunk: bytes, dtype: str = "u1", mask: int = 0, code: int = 0, **options: Any
) -> bytes:
    """One array of one chunk, whose stored bytes are `chunk`; `code` is a filter that h5py itself may not have."""

    def fill(file: Any) -> None:
        options.setdefault("chunks", shape)
        if code:
            plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            plist.set_chunk(shape)
            plist.set_filter(code, h5py.h5z.FLAG_OPTIONAL, ())
            kind, space = h5py.h5t.py_create(np.dtype(dtype)), h5py.h5s.create_simple(shape)
            made = h5py.h5d.create(file.id, b"a", kind, space, plist)
        else:
            made = file.create_dataset("a", shape, dtype, **options).id
        made.write_direct_chunk((0,) * len(shape), chunk, mask)

    return hdf5(fill)


def matlab73(arrays: Mapping[str, tuple[NDArray[Any], str]]) -> bytes:
    """A file as MATLAB 7.3 writes it: 512 bytes before HDF5, a class on each array, the last axis first."""

    def fill(file: Any) -> None:
        for path, (array, kind) in arrays.items():
            file.create_dataset(path, data=array.T).attrs["MATLAB_class"] = np.bytes_(kind)

    data = bytearray(hdf5(fill, userblock_size=512))
    data[:128] = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(116) + bytes(8) + b"\x00\x02IM"
    return bytes(data)
