"""Archives: what is read out of them, and the hostile ones that are refused before they cost anything."""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.io import Limits, ReadError, encode, load
from prep_core.scan import Scan

SMALL = Scan(np.arange(12, dtype=np.uint8).reshape(3, 4), "YX")
NIFTI, TIF = encode(SMALL, "nii.gz"), encode(SMALL, "tif")
DEEP = "/".join(["folder" * 4] * 12)
BLOCK = 512


def zipped(members: Mapping[str, bytes], mode: int = 0) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            # zipfile itself turns the separator of the system into a slash; the name in the file must stay.
            info.filename = name
            info.external_attr, info.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return stream.getvalue()


def tarred(
    members: Mapping[str, bytes],
    form: int = tarfile.PAX_FORMAT,
    kind: bytes = tarfile.REGTYPE,
    words: Mapping[str, str] | None = None,
) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.pax_headers = kind, "/etc/passwd", dict(words or {})
            info.size = len(data) if kind in (tarfile.REGTYPE, tarfile.GNUTYPE_SPARSE) else 0
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


KINDS: Mapping[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "zip": zipped,
    "tar": tarred,
    "gnu": lambda members: tarred(members, tarfile.GNU_FORMAT),
    "gz": lambda members: gzip.compress(tarred(members)),
    "bz2": lambda members: bz2.compress(tarred(members)),
    "xz": lambda members: lzma.compress(tarred(members)),
}
every_kind = pytest.mark.parametrize("pack", KINDS.values(), ids=KINDS)


@every_kind
def test_an_archive_gives_its_scans(pack: Callable[[Mapping[str, bytes]], bytes]) -> None:
    members = {
        "case/b.tif": TIF,
        "case/a.nii.gz": NIFTI,
        f"{DEEP}/deep.tif": TIF,
        "windows\\c.tif": TIF,
        "readme.txt": b"words",
        "__MACOSX/case/._b.tif": b"x",
        "case\\.hidden\\d.tif": TIF,
        ".hid": b"x",
    }
    scans = load(pack(members), name="case.bin")
    assert sorted(s.name for s in scans) == ["a", "b", "c", "deep"]
    assert all(np.array_equal(s.data, SMALL.data) and s.source.warnings == () for s in scans if s.name == "a")


def test_a_ustar_archive_of_folders() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        folder = tarfile.TarInfo("case")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        info = tarfile.TarInfo("case/a.tif")
        info.size = len(TIF)
        archive.addfile(info, io.BytesIO(TIF))
    assert [s.name for s in load(stream.getvalue())] == ["a"]


UNSAFE = {
    "../out.tif": "unsafe path",
    "/etc/out.tif": "unsafe path",
    "C:\\out.tif": "unsafe path",
    "a/b/../../../out.tif": "unsafe path",
    "a\\..\\..\\out.tif": "unsafe path",
    "inner.zip": "nested archive",
    "inner.tar.gz": "nested archive",
    "inner.TGZ": "nested archive",
    "notes.txt": "nothing to read",
}


@every_kind
@pytest.mark.parametrize(("name", "words"), UNSAFE.items())
def test_names_that_are_refused(pack: Callable[[Mapping[str, bytes]], bytes], name: str, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        load(pack({name: TIF}), name="bad")


@every_kind
def test_a_name_twice_is_refused_however_it_is_written(pack: Callable[[Mapping[str, bytes]], bytes]) -> None:
    with pytest.raises(ReadError, match=r"same name a\.tif"):
        load(pack({"x/a.tif": TIF, "x\\a.tif": TIF}))


@pytest.mark.parametrize(
    ("kind", "limits", "words"),
    [
        *((kind, Limits(members=2), "limit members = 2") for kind in KINDS),
        *((kind, Limits(archive_bytes=100), "limit archive_bytes = 100") for kind in KINDS),
        *((kind, Limits(ratio=1, ratio_from=100), "limit ratio = 1") for kind in ("zip", "gz", "bz2", "xz")),
    ],
)
def test_archives_above_the_limits_are_refused(kind: str, limits: Limits, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        load(KINDS[kind]({f"{i}.tif": b"\0" * 9000 for i in range(3)}), limits=limits)


def test_an_empty_archive_has_nothing_to_read() -> None:
    with pytest.raises(ReadError, match="nothing to read"):
        load(zipped({}))


@pytest.mark.parametrize(
    ("mode", "words"),
    [(stat.S_IFLNK | 0o777, "symbolic link"), (stat.S_IFIFO, "device"), (stat.S_IFCHR, "device")],
)
def test_zip_members_that_are_no_files(mode: int, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        load(zipped({"link.tif": b"/etc/passwd"}, mode), name="bad.zip")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (tarfile.SYMTYPE, "symbolic link"),
        (tarfile.LNKTYPE, "hard link"),
        (tarfile.FIFOTYPE, "device"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.BLKTYPE, "device"),
        (tarfile.GNUTYPE_SPARSE, "sparse"),
        (b"M", "device or another thing"),
    ],
)
def test_tar_members_that_are_no_files(kind: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        load(tarred({"link.tif": TIF}, tarfile.GNU_FORMAT, kind))


def test_a_sparse_member_by_its_extended_header() -> None:
    with pytest.raises(ReadError, match="sparse"):
        load(tarred({"a.tif": TIF}, words={"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}))


def test_an_encrypted_zip_is_refused() -> None:
    data = bytearray(zipped({"a.tif": TIF}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    with pytest.raises(ReadError, match="encrypted"):
        load(bytes(data), name="secret.zip")


def test_a_zip_member_larger_than_it_says_is_refused() -> None:
    data = bytearray(zipped({"a.tif": b"\0" * 100_000}))
    for mark, size in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + size
        data[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(ReadError, match="corrupt in its archive"):
        load(bytes(data), name="forged.zip")


def test_zip_members_that_share_bytes_are_refused() -> None:
    data = bytearray(zipped({"a.tif": TIF, "b.tif": TIF}))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    with pytest.raises(ReadError, match="members overlap"):
        load(bytes(data), name="overlap.zip")


def with_size(data: bytes, size: int) -> bytes:
    """A tar archive whose first header says another size, with the checksum that fits."""
    header = bytearray(data[:BLOCK])
    header[124:136] = b"%011o\0" % size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data[BLOCK:]


@pytest.mark.parametrize("change", [5 * BLOCK * 100, -BLOCK])
def test_a_tar_header_that_lies_about_the_size(change: int) -> None:
    with pytest.raises(ReadError, match=r"truncated|corrupt"):
        load(with_size(tarred({"a.tif": TIF, "b.tif": TIF}), len(TIF) + change), name="lie.tar")


def test_an_honest_header_of_the_same_make_is_read() -> None:
    assert len(load(with_size(tarred({"a.tif": TIF, "b.tif": TIF}), len(TIF)))) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (tarred({"a.tif": TIF})[: 2 * BLOCK], "truncated"),
        (tarred({"a.tif": TIF}).rstrip(b"\0").ljust(BLOCK * (1 - -len(TIF) // BLOCK), b"\0"), "truncated"),
        (tarred({"a.tif": TIF})[:150] + b"9" + tarred({"a.tif": TIF})[151:], "corrupt"),
        (tarred({"a.tif": TIF}) * 2, "behind its end"),
        (gzip.compress(tarred({"a.tif": TIF}), mtime=0)[:-9], "truncated"),
        (lzma.compress(tarred({"a.tif": TIF}))[:-9], "truncated"),
        (bz2.compress(tarred({"a.tif": TIF}))[:-9], "truncated"),
        (tarred({"a.tif": b""}, words={"size": "-1"}), "corrupt tar"),
        (tarred({"a.tif": TIF}, words={"comment": "x" * 70_000}), "header of 70,"),
        (bz2.compress(NIFTI), "no tar archive"),
        (lzma.compress(NIFTI), "no tar archive"),
    ],
)
def test_damaged_tar_archives_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=rf"bad\.tar .*{words}"):
        load(data, name="bad.tar")


def test_gzip_that_holds_no_archive_goes_on_to_the_readers() -> None:
    (scan,) = load(NIFTI, name="odd.tar.gz")
    assert scan.source.format == "NIfTI"


@given(at=st.integers(0, 10**6), flip=st.integers(1, 255))
def test_one_wrong_byte_never_changes_a_voxel_unseen(at: int, flip: int) -> None:
    data = bytearray(gzip.compress(tarred({"a.npy": encode(SMALL, "npy")}), mtime=0))
    # The ten bytes of the gzip header hold a date and a system, which change nothing.
    data[10 + at % (len(data) - 10)] ^= flip
    with pytest.raises(ReadError):
        load(bytes(data), name="a.tgz")


def test_a_bomb_costs_no_memory() -> None:
    inside = tarred({"a.npy": bytes(2**26)})
    bomb = gzip.compress(inside, 9)
    assert len(bomb) < 100_000
    tracemalloc.start()
    with pytest.raises(ReadError, match="ratio"):
        load(bomb, name="bomb.tgz", limits=Limits(ratio_from=2**24))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


def test_a_member_of_an_announced_size_is_refused_unread() -> None:
    huge = with_size(tarred({"a.npy": b"0"}), 2**32)
    with pytest.raises(ReadError, match=r"bomb\.tar is too large: its unpacked size 4,"):
        load(gzip.compress(huge), name="bomb.tar")
