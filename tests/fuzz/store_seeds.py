"""Files that hold several arrays: HDF5, MATLAB, and Zarr stores, of whose files each mutation damages one."""

import io
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import h5py
import numpy as np
import scipy.io

from tests.io.zarr import stores

VALUES = (np.arange(4 * 8 * 8, dtype=np.uint16) * 7).reshape(4, 8, 8)


def ome_zarr() -> stores.Files:
    """A picture of two levels with its scales."""
    attributes = {"multiscales": [stores.multiscale({"0": [2.0, 0.5, 0.5], "1": [2.0, 1.0, 1.0]})]}
    return stores.picture(VALUES, attributes, levels=2)


def hdf5(**how: Any) -> bytes:
    """Two images in a group, and words beside them."""
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.create_dataset("a/first", data=VALUES, track_times=False, **how)
        file["a/second"] = VALUES.astype(np.float32)
        file["a/first"].attrs["DIMENSION_LABELS"] = ["z", "y", "x"]
        file["words"] = ["some", "words"]
    return stream.getvalue()


def matlab(**how: Any) -> bytes:
    """The same as MATLAB 5 writes it, without the date in its header."""
    stream = io.BytesIO()
    scipy.io.savemat(stream, {"first": VALUES, "second": VALUES.astype(float), "words": "some"}, **how)
    return b"MATLAB 5.0 MAT-file".ljust(116) + stream.getvalue()[116:]


HDF5: Mapping[str, Callable[[], bytes]] = {
    "hdf5": hdf5,
    "hdf5-chunks": partial(hdf5, chunks=(2, 4, 4)),
    "hdf5-gzip": partial(hdf5, compression="gzip", shuffle=True, fletcher32=True),
    "hdf5-lzf": partial(hdf5, compression="lzf"),
}

MATLAB: Mapping[str, Callable[[], bytes]] = {
    "matlab": matlab,
    "matlab-zlib": partial(matlab, do_compression=True),
}

ZARR: Mapping[str, Callable[[], stores.Files]] = {
    "zarr": partial(stores.array, VALUES),
    "zarr2": partial(stores.array, VALUES, zarr_format=2),
    "zarr-ome": ome_zarr,
}
