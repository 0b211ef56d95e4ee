"""Files, folders, archives and uploads: what is read out of them, what is refused, and how it is said."""

import gzip
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from prep_core.io import AxesNeeded, FormNeeded, Limits, ReadError, divide, encode, is_candidate, is_slice, load
from prep_core.scan import Scan
from tests.io.dicom.slices import as_bytes, dataset, plane, stack

SMALL = Scan(np.arange(12, dtype=np.uint8).reshape(3, 4), "YX")
NIFTI, TIF = encode(SMALL, "nii.gz"), encode(SMALL, "tif")


def packed(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"SIMPLE  =                    T" + b" " * 3000, "a FITS header has no END card"),
        (gzip.compress(b"SIMPLE  =                    T" + b" " * 3000, mtime=0), "a FITS header has no END card"),
        (b"\x89HDF\r\n\x1a\n" + bytes(3000), "cannot be decoded as HDF5"),
        (bytes(2048) + b"\x89HDF\r\n\x1a\n" + bytes(3000), "cannot be decoded as HDF5"),
        (b"MATLAB 7.3 MAT-file".ljust(512) + b"\x89HDF\r\n\x1a\n" + bytes(3000), "cannot be decoded as HDF5"),
        (b"MATLAB 5.0 MAT-file" + bytes(3000), "its MATLAB header is not whole"),
    ],
)
def test_the_first_bytes_choose_the_reader(content: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=rf"star\.bin .*{words}"):
        load(content, name="star.bin")


@pytest.mark.parametrize("content", [b"hello", b"\0" * 4096, b"%PDF-1.4", b"II*\0", b"\x89PNG\r\n\x1a\n", b"\x1f\x8b"])
def test_what_is_no_scan_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(ReadError, match=r"thing\.bin ") as refused:
        load(content, name="/home/jane/thing.bin")
    assert "\n" not in str(refused.value)
    assert "jane" not in str(refused.value)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ReadError, match=r"empty\.nii is empty \(0 bytes\)"):
        load(b"", name="empty.nii")


@pytest.mark.parametrize("name", ["missing.nii", "empty.tif", "text.dcm", "cut.npy", "cut.nii.gz", "bad.zip", "none"])
def test_no_error_holds_a_path(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty.tif").touch()
    (tmp_path / "text.dcm").write_text("text")
    (tmp_path / "cut.npy").write_bytes(encode(SMALL, "npy")[:-3])
    (tmp_path / "cut.nii.gz").write_bytes(NIFTI[:-20])
    (tmp_path / "bad.zip").write_bytes(packed({"a.tif": TIF})[:-10])
    (tmp_path / "none").mkdir()
    with pytest.raises(ReadError) as refused:
        load(tmp_path / name)
    assert str(tmp_path) not in str(refused.value)
    assert str(tmp_path.parent.name) not in str(refused.value)


def test_a_path_may_be_text(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(TIF)
    assert [s.name for s in load(str(tmp_path / "a.tif"))] == ["a"]


def test_content_decides_and_not_the_name() -> None:
    (scan,) = load(NIFTI, name="picture.png")
    assert scan.source.format == "NIfTI"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(file_bytes=10), r"limit file_bytes = 10; .*Limits\(file_bytes="),
        (Limits(voxels=11), r"limit voxels = 11; .*Limits\(voxels=16\)"),
        (Limits(decoded_bytes=11), r"limit decoded_bytes = 11; .*Limits\(decoded_bytes=16\)"),
    ],
)
@pytest.mark.parametrize("form", ["nii.gz", "tif", "npy", "nrrd"])
def test_limits_say_how_to_raise_them(limits: Limits, words: str, form: str) -> None:
    with pytest.raises(ReadError, match=words):
        load(encode(SMALL, form), name=f"scan.{form}", limits=limits)


def test_a_folder_of_many_things(tmp_path: Path) -> None:
    stack(tmp_path / "ct", [0, 2, 4])
    (tmp_path / "a.nii.gz").write_bytes(NIFTI)
    (tmp_path / "b.tif").write_bytes(TIF)
    (tmp_path / "broken.nii.gz").write_bytes(NIFTI[:-30])
    for name in ("notes.txt", "labels.csv", "report.json", ".hidden.tif"):
        (tmp_path / name).write_bytes(b"words")
    scans = load(tmp_path)
    assert sorted((s.name, s.axes) for s in scans) == [("a", "YX"), ("b", "YX"), ("ct", "ZYX")]
    assert all(any("broken.nii.gz" in w for w in s.source.warnings) for s in scans)
    assert not any("notes" in w or "labels" in w for s in scans for w in s.source.warnings)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.tif").write_bytes(TIF)
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link.tif").symlink_to(tmp_path / "outside.tif")
    with pytest.raises(ReadError, match="nothing to read"):
        load(tmp_path / "inside")


def test_an_upload_of_a_folder() -> None:
    slices = {
        f"study/ct/IM{i}.dcm": as_bytes(dataset(plane(100 * i), ImagePositionPatient=[0, 0, 9 - i])) for i in range(3)
    }
    scans = load({**slices, "study/b.tif": TIF, "study/readme.txt": b"words"}, name="upload")
    assert sorted((s.name, s.axes) for s in scans) == [("b", "YX"), ("ct", "ZYX")]
    (ct,) = (s for s in scans if s.name == "ct")
    assert ct.data[:, 0, 0].tolist() == [200, 100, 0]


def test_scans_of_one_name_get_distinct_names() -> None:
    assert [s.name for s in load({"x/a.tif": TIF, "y/A.tif": TIF, "z/a.nii.gz": NIFTI})] == ["a", "A-2", "a-3"]


def test_a_question_about_axes_is_not_swallowed_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(TIF)
    np.save(tmp_path / "b.npy", np.zeros((4, 30, 40)))
    with pytest.raises(AxesNeeded, match=r"b\.npy"):
        load(tmp_path)


def test_slices_and_candidates_are_told_apart(tmp_path: Path) -> None:
    stack(tmp_path, [0])
    (tmp_path / "a.tif").write_bytes(TIF)
    assert is_slice(tmp_path / "IM000.dcm")
    assert not is_slice(tmp_path / "a.tif")
    assert [is_candidate(n) for n in ("a.tif", "notes.txt", "no_extension")] == [True, False, True]


def test_an_upload_divides_into_what_can_be_read_by_itself() -> None:
    slices = {f"a/IM{i}": as_bytes(dataset(plane(i), ImagePositionPatient=[0, 0, i])) for i in (10, 2)}
    claims = {"b\\broken.dcm": b"this is no DICOM file"}
    store = {
        "c/cells.zarr/.zgroup": b"{}",
        "c/cells.zarr/0/.zarray": b"{}",
        "c/cells.zarr/0/0.0": b"1",
        "d.zarr/0": b"",
    }
    others = {"c/z.tif": TIF, "c/e.nii.gz": NIFTI, "c/f.raw": b"1234", "empty.tif": b""}
    left_out = {"c/.DS_Store": b"x", "c/readme.txt": b"words", "__MACOSX/c/._z.tif": b"x"}
    found = divide(others | left_out | store | claims | slices)
    assert [list(unit) for unit in found] == [
        ["a/IM2", "a/IM10", "b\\broken.dcm"],
        ["c/cells.zarr/0/0.0", "c/cells.zarr/0/.zarray", "c/cells.zarr/.zgroup"],
        ["d.zarr/0"],
        ["c/e.nii.gz"],
        ["c/f.raw"],
        ["c/z.tif"],
        ["empty.tif"],
    ]
    assert all((others | store | claims | slices)[name] == data for unit in found for name, data in unit.items())


def test_each_unit_reads_as_the_whole_does() -> None:
    upload = {"x/a.tif": TIF, "x/b.nii.gz": NIFTI, "IM0": as_bytes(dataset(plane(0)))}
    apart = [scan for unit in divide(upload) for scan in load(unit)]
    assert sorted(s.source.sha256 for s in apart) == sorted(s.source.sha256 for s in load(upload))


def test_bare_numbers_beside_scans_are_told_and_not_asked_about() -> None:
    (scan,) = load({"x/a.tif": TIF, "x/version.dat": b"1234"})
    assert any("beside it: version.dat has 4 bytes without a known header" in w for w in scan.source.warnings)
    with pytest.raises(FormNeeded, match=r"version\.dat"):
        load({"x/version.dat": b"1234", "x/readme.txt": b"words"})


def test_an_archive_among_other_files_is_not_unpacked() -> None:
    (scan,) = load({"a.tif": TIF, "b.zip": packed({"c.tif": TIF})})
    assert "beside it: b.zip is an archive among other files; load it by itself" in scan.source.warnings


def test_an_archive_of_arrays_and_others_gives_all_of_them() -> None:
    array = encode(SMALL, "npy")
    assert sorted(s.name for s in load(packed({"a.npy": array, "b.tif": TIF}), name="mixed.zip")) == ["a", "b"]
    assert [s.name for s in load(packed({"a.npy": array}), name="arrays.npz")] == ["arrays"]


def test_many_broken_files_beside_a_scan_are_counted() -> None:
    (scan,) = load({"x/a.tif": TIF} | {f"x/{i}.nii": b"broken" for i in range(9)})
    beside = [words for words in scan.source.warnings if words.startswith("beside it: ")]
    assert len(beside) == 6
    assert beside[-1] == "beside it: 4 more files cannot be read"


def test_dicom_files_none_of_which_can_be_read_are_counted() -> None:
    with pytest.raises(ReadError, match=r"0\.dcm is not a DICOM file.* \(nor can 2 more files beside it be read\)"):
        load({f"x/{i}.dcm": b"broken" for i in range(3)})


def test_colours_that_a_file_names_stay_colours() -> None:
    colours = Scan(np.arange(36, dtype=np.uint8).reshape(3, 3, 4), "CYX", channels=("R", "G", "B"))
    (scan,) = load(encode(colours, "nrrd"), axes="ZYX")
    assert scan.axes == "CYX"
    assert any("axes ZYX were not used" in words for words in scan.source.warnings)
