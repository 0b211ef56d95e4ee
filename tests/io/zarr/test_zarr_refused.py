"""Zarr stores that are refused: before a chunk is unpacked, or for the chunk that is damaged."""

import bz2
import gzip
import lzma
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import numcodecs
import numpy as np
import pytest

from prep_core.io import Limits, ReadError, load
from tests.io.zarr.stores import SHARDS, VALUES, WAYS, array, changed, read


@pytest.mark.parametrize("how", [w for k, w in WAYS.items() if k != "v2 lz4"], ids=[k for k in WAYS if k != "v2 lz4"])
def test_a_chunk_that_is_cut_is_refused(how: dict[str, Any]) -> None:
    files = array(VALUES, **how)
    key = next(n for n in files if n.endswith(("/0.0.0", "/0/0/0")))
    with pytest.raises(ReadError, match=r"cells\.zarr \(chunk .*(truncated|corrupt)"):
        read({**files, key: files[key][:-5]})


def stored(packer: str, data: bytes) -> bytes:
    """`data` as the codec of that name stores it."""
    plain = {"gzip": gzip.compress, "zlib": zlib.compress, "bz2": bz2.compress, "lzma": lzma.compress}
    return plain[packer](data) if packer in plain else bytes(numcodecs.get_codec({"id": packer}).encode(data))


def unsized_zstd(blocks: int) -> bytes:
    """A frame of zeros that does not say its size: each block repeats a byte 128 Ki times (RFC 8878, 3.1.1)."""
    heads = [(2**17 << 3) | (1 << 1) | (i == blocks - 1) for i in range(blocks)]
    return bytes.fromhex("28b52ffd0058") + b"".join(head.to_bytes(3, "little") + b"\0" for head in heads)


PACKERS = ("blosc", "zstd", "gzip", "zlib", "lz4", "bz2", "lzma")


@pytest.mark.parametrize("packer", [*PACKERS, "unsized"])
@pytest.mark.parametrize("form", [2, 3])
def test_a_chunk_that_unpacks_to_more_than_it_may_costs_no_memory(packer: str, form: int) -> None:
    bomb = unsized_zstd(256) if packer == "unsized" else stored(packer, bytes(2**25))
    name = "zstd" if packer == "unsized" else packer
    files = array(VALUES[:4, :8, :8], zarr_format=form, compressors=None)
    key = next(n for n in files if n.endswith(("/0.0.0", "/0/0/0")))
    if form == 2:
        files = changed(files, ".zarray", compressor={"id": name})
    else:
        chain = [
            {"name": "bytes", "configuration": {"endian": "little"}},
            {"name": f"numcodecs.{name}", "configuration": {}},
        ]
        files = changed(files, "zarr.json", codecs=chain)
    tracemalloc.start()
    with pytest.raises(ReadError, match=r"chunk .*(corrupt|cannot be decoded)"):
        read({**files, key: bomb})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The dictionary of lzma alone takes 8 MB.
    assert peak < 10_000_000


def test_a_frame_that_does_not_say_its_size_is_read() -> None:
    values = np.zeros((2, 256, 256), np.uint8)
    files = array(values + 1, zarr_format=2, chunks=values.shape, compressors=numcodecs.Zstd())
    scan = read({**files, "cells.zarr/0.0.0": unsized_zstd(1)})
    np.testing.assert_array_equal(scan.data, values)


@pytest.mark.parametrize("packer", PACKERS)
def test_a_chunk_that_unpacks_to_less_than_it_must_is_refused(packer: str) -> None:
    files = array(VALUES[:4, :8, :8], zarr_format=2, compressors=None)
    short = {"cells.zarr/0.0.0": stored(packer, bytes(100))}
    words = r"\(chunk 0\.0\.0\) is .*(expected 512 unpacked bytes, found 100|unpacks to 100 bytes)"
    with pytest.raises(ReadError, match=words):
        read(changed({**files, **short}, ".zarray", compressor={"id": packer}))


PICKLE = [{"id": "pickle", "protocol": 5}]
BYTES = {"name": "bytes", "configuration": {"endian": "little"}}


@pytest.mark.parametrize(
    ("form", "changes", "words"),
    [
        (2, {"filters": PICKLE}, "codec pickle, which is not run here"),
        (2, {"compressor": {"id": "evil"}}, "codec evil, which is not run here"),
        (2, {"filters": [{"id": "vlen-utf8"}]}, "codec vlen-utf8"),
        (2, {"filters": [{"id": "zlib"}]}, "packs its chunks twice"),
        (2, {"compressor": {"id": "lzma", "format": 3}}, "lzma in a raw form"),
        (2, {"filters": [{"id": "delta", "dtype": "O"}]}, "Python objects"),
        (2, {"dtype": "|O"}, "Python objects, which are never loaded"),
        (2, {"dtype": "<U8"}, "not a numeric type"),
        (2, {"dtype": [["a", "<i2"]]}, "records, text or an unknown type"),
        (2, {"shape": [2**20] * 3}, "limit voxels"),
        (2, {"chunks": [2**20] * 3}, "with the padding of its chunks is too large"),
        (2, {"chunks": [4, 8]}, "chunks that do not fit its shape"),
        (2, {"chunks": [4, 0, 8]}, "chunks that do not fit its shape"),
        (2, {"shape": [2**9] * 3, "chunks": [1, 1, 1]}, "more than 100,000 chunks"),
        (2, {"shape": [10, -21, 30]}, "every dimension must be above zero"),
        (2, {"shape": "many"}, "no shape"),
        (3, {"codecs": [BYTES, {"name": "zstd"}, {"name": "gzip"}]}, "packs its chunks twice"),
        (3, {"codecs": [BYTES, {"name": "zfpy"}]}, "codec zfpy"),
        (3, {"codecs": 5}, "cannot be decoded as a grid of chunks"),
        (3, {"data_type": "string"}, "text or an unknown type"),
        (3, {"data_type": {"name": "struct"}}, "text or an unknown type"),
        (3, {"storage_transformers": [{"name": "x"}]}, "storage transformers"),
        (3, {"chunk_grid": {"name": "rectangular"}}, "cannot be decoded"),
    ],
)
def test_metadata_that_are_refused_before_a_chunk_is_read(form: int, changes: dict[str, Any], words: str) -> None:
    files = array(VALUES, zarr_format=form)
    unread = {n: b"" for n in files if not n.endswith((".zarray", ".zattrs", "zarr.json"))}
    with pytest.raises(ReadError, match=rf"cells\.zarr.*{words}"):
        read(changed({**files, **unread}, ".zarray" if form == 2 else "zarr.json", **changes))


def test_a_shard_whose_index_lies_is_refused() -> None:
    files = array(VALUES[:8, :16, :16], **SHARDS)
    key = next(n for n in files if n.endswith("/c/0/0/0"))
    data = bytearray(files[key])
    data[-4 - 16 * 8 : -4 - 16 * 8 + 8] = (10**6).to_bytes(8, "little")
    with pytest.raises(ReadError, match="its index points behind its end"):
        read({**files, key: bytes(data)})


def test_a_wrong_byte_under_a_checksum_is_refused() -> None:
    files = array(VALUES, **SHARDS)
    key = next(n for n in files if n.endswith("/c/0/0/0"))
    index = bytearray(files[key])
    index[-1] ^= 1
    with pytest.raises(ReadError, match="cannot be decoded as a Zarr chunk"):
        read({**files, key: bytes(index)})


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"shape": ' + "1" * 5000 + "}"])
def test_metadata_that_are_no_json_are_refused(text: str) -> None:
    with pytest.raises(ReadError, match=r"\.zarray (cannot be decoded|nests)"):
        load({"a.zarr/.zarray": text.encode(), "a.zarr/0.0": b"1"})


def test_a_store_without_its_hidden_files_is_refused() -> None:
    files = {n: d for n, d in array(VALUES, zarr_format=2).items() if "/.z" not in n}
    with pytest.raises(ReadError, match=r"cells\.zarr has no metadata of Zarr .* send the folder as a \.zip"):
        load(files)


def test_metadata_alone_are_no_store(tmp_path: Path) -> None:
    (tmp_path / "zarr.json").write_bytes(array(VALUES, zarr_format=3)["cells.zarr/zarr.json"])
    with pytest.raises(ReadError, match=r"zarr\.json is metadata of a Zarr store without its numbers"):
        load(tmp_path / "zarr.json")


def test_limits_hold_for_stores() -> None:
    with pytest.raises(ReadError, match="limit voxels = 100;"):
        read(array(VALUES), limits=Limits(voxels=100))
    with pytest.raises(ReadError, match="limit members = 3;"):
        read(array(VALUES), limits=Limits(members=3))
