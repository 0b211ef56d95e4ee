"""HDF5 files that point elsewhere, lie about their size, or are damaged."""

import gzip
import io
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from prep_core.io import Limits, PartNeeded, ReadError, load
from tests.io.hdf5.files import hdf5, holding, raw_chunk

RAMP = np.arange(12, dtype="u1").reshape(3, 4)
SECRET = 77


def virtual(file: Any, source: str, inside: str) -> None:
    file["own"] = RAMP
    layout = h5py.VirtualLayout((3, 4), "u1")
    layout[:] = h5py.VirtualSource(source, inside, (3, 4))
    file.create_virtual_dataset("sum", layout)


def beside(folder: Path) -> tuple[str, str]:
    """Two files with a number that must never be seen: HDF5, and bare bytes."""
    (folder / "other.h5").write_bytes(holding({"a": np.full((3, 4), SECRET, "u1")}))
    (folder / "bare.raw").write_bytes(bytes([SECRET]) * 12)
    return str(folder / "other.h5"), str(folder / "bare.raw")


def link(file: Any, other: str, _bare: str) -> None:
    file["own"], file["sum"] = RAMP, h5py.ExternalLink(other, "/a")


def through(file: Any, other: str, _bare: str) -> None:
    file["out"], file["sum"] = h5py.ExternalLink(other, "/"), h5py.SoftLink("/out/a")
    file["own"] = RAMP


def bare_bytes(file: Any, _other: str, bare: str) -> None:
    file.create_dataset("sum", (3, 4), "u1", external=[(bare, 0, 12)])
    file["own"] = RAMP


def virtual_through(file: Any, other: str, _bare: str) -> None:
    file["out"] = h5py.ExternalLink(other, "/")
    virtual(file, ".", "out/a")


ELSEWHERE = (
    link,
    through,
    bare_bytes,
    virtual_through,
    lambda file, other, _: virtual(file, other, "a"),
    lambda file, *_: virtual(file, ".", "own"),
    lambda file, *_: virtual(file, ".", "sum"),
)


@pytest.mark.parametrize("fill", ELSEWHERE)
def test_what_lies_elsewhere_is_never_followed(fill: Callable[..., None], tmp_path: Path) -> None:
    files = beside(tmp_path)
    data = hdf5(lambda file: fill(file, *files))
    with pytest.raises(PartNeeded, match=r"refers to data elsewhere .* never followed; it holds one array") as asked:
        load(data, name="master.h5")
    assert [part.name for part in asked.value.parts] == ["own"]
    with pytest.raises(PartNeeded, match="has no part 'sum'"):
        load(data, name="master.h5", part="sum")
    (scan,) = load(data, name="master.h5", part="own")
    np.testing.assert_array_equal(scan.data, RAMP)


def test_a_file_of_links_alone_is_refused() -> None:
    with pytest.raises(ReadError, match="refers to data elsewhere"):
        load(hdf5(lambda file: file.__setitem__("a", h5py.ExternalLink("x.h5", "/a"))), name="master.h5")


@pytest.mark.parametrize(
    ("chunk", "options", "words"),
    [
        (zlib.compress(bytes(2**26), 9), {"compression": "gzip"}, "expected 12 unpacked bytes, found more"),
        (zlib.compress(b"\7" * 5), {"compression": "gzip"}, "expected 12 unpacked bytes, found 5"),
        (zlib.compress(b"\7" * 5), {"compression": "gzip", "shuffle": True}, "expected 12 unpacked bytes"),
        (zlib.compress(bytes(12))[:-2], {"compression": "gzip"}, "zlib|truncated"),
        (b"not zlib", {"compression": "gzip"}, "cannot be decoded"),
        (b"\7" * 5, {}, "a chunk of 5 bytes should have 12"),
        (b"\7" * 13, {}, "a chunk of 13 bytes should have 12"),
        (b"\7", {"fletcher32": True}, "does not have its checksum"),
        (bytes(12) + b"\1\0\0\0", {"fletcher32": True}, "does not have its checksum"),
        (b"\xff\xff" * 40, {"compression": "lzf"}, "lzf"),
        (b"\7" * 5, {"code": 32015}, "zstd"),
        (b"\7" * 12, {"code": 32013}, r"filter zfp \(32013\), which is not read"),
        (b"\7" * 12, {"code": 999}, r"of an unknown kind \(999\)"),
        (b"\7" * 12, {"scaleoffset": 0}, r"filter scaleoffset \(6\)"),
        (b"\7" * 12, {"chunks": (2**14, 2**14), "maxshape": (None, None)}, "limit voxels"),
        (b"\7" * 12, {"chunks": (1, 1)}, "a chunk of 12 bytes should have 1"),
    ],
)
def test_chunks_that_lie_are_refused(chunk: bytes, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ReadError, match=words):
        load(raw_chunk((3, 4), chunk, **options), name="lie.h5", limits=Limits(voxels=2**20))


def test_a_right_checksum_does_not_make_a_short_chunk_whole() -> None:
    short = holding({"a": np.full((1, 5), 7, "u1")}, chunks=(1, 5), fletcher32=True)
    with h5py.File(io.BytesIO(short), "r") as file:
        chunk = file["a"].id.read_direct_chunk((0, 0))[1]
    assert len(chunk) == 9
    with pytest.raises(ReadError, match="expected 12 unpacked bytes, found 5"):
        load(raw_chunk((3, 4), chunk, fletcher32=True), name="short.h5")


def test_a_bomb_takes_no_memory() -> None:
    data = raw_chunk((3, 4), zlib.compress(bytes(2**26), 9), compression="gzip")
    tracemalloc.start()
    with pytest.raises(ReadError, match="found more"):
        load(data, name="bomb.h5")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**24


def test_compressed_twice_is_refused() -> None:
    def fill(file: Any) -> None:
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((3, 4))
        plist.set_deflate(4)
        plist.set_filter(h5py.h5z.FILTER_LZF, h5py.h5z.FLAG_OPTIONAL, (4, 261, 12))
        made = h5py.h5d.create(file.id, b"a", h5py.h5t.STD_U8LE, h5py.h5s.create_simple((3, 4)), plist)
        made.write_direct_chunk((0, 0), zlib.compress(bytes(12)))

    with pytest.raises(ReadError, match="compressed twice"):
        load(hdf5(fill))


@pytest.mark.parametrize(
    ("shape", "options", "limits", "words"),
    [
        ((2**15, 2**15), {}, Limits(), "limit voxels"),
        ((2**13, 2**13), {"chunks": (64, 64)}, Limits(ratio_from=2**20), "limit ratio"),
        ((2**10, 2**10), {"chunks": (1, 1)}, Limits(), "1048576 chunks, and up to 262144"),
    ],
)
def test_a_small_file_that_claims_a_large_array_is_refused(
    shape: tuple[int, int], options: dict[str, Any], limits: Limits, words: str
) -> None:
    def fill(file: Any) -> None:
        file.create_dataset("a", shape, "u1", **options)[:1, :1] = 1

    fill_nothing = not options
    data = hdf5(lambda f: f.create_dataset("a", shape, "u1")) if fill_nothing else hdf5(fill)
    assert len(data) < 10_000
    with pytest.raises(ReadError, match=words):
        load(data, name="claim.h5", limits=limits)


def test_what_was_never_written_is_refused_or_told() -> None:
    with pytest.raises(ReadError, match="declared and never written"):
        load(hdf5(lambda file: file.create_dataset("a", (60, 60), "u2")))

    def half(file: Any) -> None:
        file.create_dataset("a", (60, 60), "u2", chunks=(30, 30), fillvalue=7)[:30, :30] = 1

    (scan,) = load(hdf5(half))
    assert (int((scan.data == 7).sum()), int((scan.data == 1).sum())) == (2700, 900)
    assert any("3 of 4 chunks were never written and hold the fill value 7" in w for w in scan.source.warnings)


def deep(file: Any) -> None:
    for _ in range(100):
        file = file.create_group("g")


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (deep, "deeper than 64"),
        (lambda file: [file.create_dataset(f"d{i}", data=i) for i in range(40)], "limit members = 30"),
        (lambda file: [file.__setitem__(f"s{i}", h5py.SoftLink("/")) for i in range(40)], "limit members = 30"),
    ],
)
def test_a_walk_without_end_is_refused(fill: Callable[[Any], object], words: str) -> None:
    limits = Limits() if fill is deep else Limits(members=30)
    with pytest.raises(ReadError, match=words):
        load(hdf5(fill), name="maze.h5", limits=limits)


def test_numbers_that_do_not_fill_their_bytes_are_left_out() -> None:
    def fill(file: Any) -> None:
        kind = h5py.h5t.STD_U16LE.copy()
        kind.set_precision(12)
        made = h5py.h5d.create(file.id, b"a", kind, h5py.h5s.create_simple((3, 4)))
        made.write(h5py.h5s.ALL, h5py.h5s.ALL, RAMP.astype("u2"))

    with pytest.raises(ReadError, match="holds no array of numbers"):
        load(hdf5(fill))


def test_a_heap_of_texts_without_end_is_refused() -> None:
    def fill(file: Any) -> None:
        file.create_dataset("a", data=RAMP).attrs["units"] = "K"

    good = hdf5(fill)
    assert load(good)[0].unit == "K"
    heap = good.index(b"GCOL")
    # The first object holds "K" in 8 bytes; behind it is object 0, the room that is left.
    room = heap + 16 + 16 + 8
    assert good[room : room + 2] == b"\0\0"
    for at, value in ((room + 8, 0), (room + 8, 8), (room + 8, 2**40), (heap + 16 + 8, 2**40), (heap + 8, 2**40)):
        bad = bytearray(good)
        bad[at : at + 8] = value.to_bytes(8, "little")
        with pytest.raises(ReadError, match="a heap of texts"):
            load(bytes(bad), name="heap.h5")


@pytest.mark.parametrize("keep", [10, 500, 0.5, 0.9, 0.99])
def test_a_cut_file_is_refused(keep: float) -> None:
    data = holding({"a": np.arange(40_000, dtype="u2").reshape(200, 200)}, chunks=(50, 50), compression="gzip")
    with pytest.raises(ReadError, match=r"cut\.h5 "):
        load(data[: int(keep if keep > 1 else keep * len(data))], name="cut.h5")


def test_gzip_around_hdf5_is_refused_with_a_reason() -> None:
    with pytest.raises(ReadError, match=r"run\.h5"):
        load(gzip.compress(holding({"a": RAMP})), name="run.h5")
