"""Zarr stores in memory, written by the zarr library, and the metadata of OME-Zarr written by hand."""

import json
import warnings
from collections.abc import Mapping
from typing import Any

import numcodecs
import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import BloscCodec, GzipCodec, TransposeCodec, ZstdCodec
from zarr.storage import MemoryStore

from prep_core.io import load
from prep_core.scan import Scan

Files = dict[str, bytes]

RNG = np.random.default_rng(7)
VALUES = RNG.integers(-3000, 3000, (10, 21, 30)).astype(np.int16)
SHARDS = {"zarr_format": 3, "shards": (8, 16, 16)}

WAYS: Mapping[str, dict[str, Any]] = {
    "v2": {"zarr_format": 2},
    "v2 plain": {"zarr_format": 2, "compressors": None},
    "v2 blosc": {"zarr_format": 2, "compressors": numcodecs.Blosc("lz4", 5, numcodecs.Blosc.BITSHUFFLE)},
    "v2 zlib": {"zarr_format": 2, "compressors": numcodecs.Zlib(), "order": "F"},
    "v2 gzip": {"zarr_format": 2, "compressors": numcodecs.GZip()},
    "v2 bz2": {"zarr_format": 2, "compressors": numcodecs.BZ2()},
    "v2 lzma": {"zarr_format": 2, "compressors": numcodecs.LZMA()},
    "v2 lz4": {"zarr_format": 2, "compressors": numcodecs.LZ4()},
    "v2 delta": {"zarr_format": 2, "filters": [numcodecs.Delta("<i2", "<i4"), numcodecs.Shuffle(4)]},
    "v2 folders": {"zarr_format": 2, "chunk_key_encoding": {"name": "v2", "separator": "/"}},
    "v3": {"zarr_format": 3},
    "v3 blosc": {"zarr_format": 3, "compressors": BloscCodec(typesize=2)},
    "v3 gzip": {"zarr_format": 3, "compressors": GzipCodec()},
    "v3 plain": {"zarr_format": 3, "compressors": None},
    "v3 turned": {"zarr_format": 3, "filters": [TransposeCodec(order=(2, 0, 1))]},
    "v3 numcodecs": {
        "zarr_format": 3,
        "compressors": [
            {"name": "numcodecs.shuffle", "configuration": {"elementsize": 2}},
            {"name": "numcodecs.zlib", "configuration": {"level": 1}},
        ],
    },
    "v3 shards": SHARDS,
    "v3 shards, index first": {
        **SHARDS,
        "shards": {"shape": (8, 16, 16), "index_location": "start"},
        "compressors": ZstdCodec(checksum=True),
    },
}
"""How a store can be written, by name."""


def array(values: NDArray[Any], root: str = "cells.zarr", path: str = "", **how: Any) -> Files:
    """The files of a store with one array."""
    kept: dict[str, Any] = {}
    with warnings.catch_warnings():
        # The library warns that version 3 does not list the codecs of numcodecs; stores in the wild have them.
        warnings.simplefilter("ignore")
        made = zarr.create_array(
            MemoryStore(kept), name=path or None, shape=values.shape, dtype=values.dtype, **{"chunks": (4, 8, 8), **how}
        )
        made[...] = values
    return {f"{root}/{key}": value.to_bytes() for key, value in kept.items()}


def changed(files: Mapping[str, bytes], key: str, **changes: Any) -> Files:
    """The same files with other entries in the metadata under `key`."""
    (name,) = (n for n in files if n.endswith(key))
    return {**files, name: json.dumps({**json.loads(files[name]), **changes}).encode()}


def multiscale(levels: Mapping[str, list[float]], axes: Any = "zyx", unit: str | None = "micrometer") -> dict[str, Any]:
    """Metadata of version 0.4 for `levels`: the path of each with its scale."""
    kinds = {"t": "time", "c": "channel"}
    named = [
        {"name": a, "type": kinds.get(a, "space"), **({"unit": unit} if unit and a not in kinds else {})} for a in axes
    ]
    datasets = [
        {"path": path, "coordinateTransformations": [{"type": "scale", "scale": scale}]}
        for path, scale in levels.items()
    ]
    return {"version": "0.4", "axes": named, "datasets": datasets}


def picture(
    values: NDArray[Any], attributes: Mapping[str, Any], levels: int = 1, root: str = "cells.ome.zarr", form: int = 2
) -> Files:
    """A group of `levels` arrays, each half the size of the one before, with `attributes`."""
    files: Files = {}
    for i in range(levels):
        smaller = np.ascontiguousarray(values[..., :: 2**i, :: 2**i])
        files |= array(smaller, root, str(i), chunks=smaller.shape, zarr_format=form)
    if form == 2:
        return {**files, f"{root}/.zgroup": b'{"zarr_format": 2}', f"{root}/.zattrs": json.dumps(attributes).encode()}
    group = {"zarr_format": 3, "node_type": "group", "attributes": attributes}
    return {**files, f"{root}/zarr.json": json.dumps(group).encode()}


def read(files: Files, **answers: Any) -> Scan:
    """The one scan in a store, its axes told."""
    (scan,) = load(files, **{"axes": "ZYX", **answers})
    return scan
