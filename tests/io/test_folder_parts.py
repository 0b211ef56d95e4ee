"""What is read by itself in a folder of DICOM files: the same scans as of the folder as a whole, each by itself."""

from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import generate_uid

from prep_core.io import Limits, ReadError, Series, load, parts_of
from prep_core.scan import Scan
from tests.io.dicom.slices import as_bytes, dataset, plane, save, stack
from tests.io.guarded.test_wire import differences

REPORT = "1.2.840.10008.5.1.4.1.1.88.11"


def two_series(folder: Path) -> Path:
    """Three slices of a series, and two of another between them by name."""
    stack(folder, [0, 2, 4], SeriesNumber=4)
    for i in range(2):
        own = {"SeriesInstanceUID": generate_uid(entropy_srcs=["other"]), "SeriesNumber": 9}
        save(folder / f"IM001x{i}.dcm", dataset(plane(7 + i), ImagePositionPatient=[0, 0, i], **own))
    return folder


def report(path: Path) -> Path:
    ds = dataset(SOPClassUID=REPORT, Rows=None, Columns=None)
    del ds.PixelData
    return save(path, ds)


def read(part: str | Series) -> list[Scan]:
    return load(part if isinstance(part, Series) else Path(part))


def test_a_folder_with_one_series_is_one_part(tmp_path: Path) -> None:
    folder = stack(tmp_path / "head", [0, 2, 4])
    (folder / "notes.txt").write_text("nothing")
    report(folder / "report.dcm")
    (folder / ".hidden").write_bytes(b"x")
    assert parts_of(folder) == [str(folder)]


def test_series_that_share_a_folder_are_a_part_each(tmp_path: Path) -> None:
    folder = two_series(tmp_path / "head")
    assert parts_of(folder) == [
        Series(str(folder), ("IM000.dcm", "IM001.dcm", "IM002.dcm"), "head-series4", 1),
        Series(str(folder), ("IM001x0.dcm", "IM001x1.dcm"), "head-series9", 1),
    ]


def test_parts_give_the_scans_that_the_folder_gives(tmp_path: Path) -> None:
    folder = two_series(tmp_path / "head")
    save(folder / "deeper" / "IM000.dcm", dataset(plane(3)))
    save(folder / "deeper" / "scout.dcm", dataset(plane(3), ImageOrientationPatient=[1, 0, 0, 0, 0, -1]))
    np.save(folder / "array.npy", np.ones((4, 5), np.float32))
    report(folder / "DICOMDIR")
    whole = load(folder)
    found = [scan for part in parts_of(folder) for scan in read(part)]
    assert [scan.name for scan in found] == [scan.name for scan in whole]
    assert len(found) == 4
    for one, other in zip(found, whole, strict=True):
        np.testing.assert_array_equal(one.data, other.data)
        assert one.source.sha256 == other.source.sha256


def test_nothing_but_the_part_changes_in_a_scan(tmp_path: Path) -> None:
    folder = two_series(tmp_path / "head")
    found = [scan for part in parts_of(folder) for scan in read(part)]
    assert [list(differences(*pair)) for pair in zip(found, load(folder), strict=True)] == [[], []]
    assert all("2 series or stacks" in " ".join(scan.source.warnings) for scan in found)


def test_radiographs_of_one_folder_are_files_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "chest"
    paths = [save(folder / f"x{i}.dcm", dataset(SeriesInstanceUID=generate_uid())) for i in (1, 2, 10)]
    assert parts_of(folder) == [str(path) for path in paths]
    assert [scan.source.warnings for scan in load(paths[0])] == [scan.source.warnings for scan in read(str(paths[0]))]


def test_names_that_the_files_alone_would_not_have_are_kept(tmp_path: Path) -> None:
    """Identifiers as names of files look as if their last number was an extension."""
    folder = tmp_path / "chest"
    for i in range(3):
        save(folder / f"1.2.840.{i}", dataset(SeriesInstanceUID=generate_uid(), SeriesNumber=min(i, 1)))
    parts = parts_of(folder)
    assert [part.files for part in parts if isinstance(part, Series)] == [(f"1.2.840.{i}",) for i in range(3)]
    names = [scan.name for part in parts for scan in read(part)]
    assert names == ["1.2.840-series0", "1.2.840-series1", "1.2.840-series1-2"] == [s.name for s in load(folder)]


def test_what_lies_beside_a_series_is_a_part_of_its_own(tmp_path: Path) -> None:
    folder = stack(tmp_path / "head", [0, 2, 4])
    np.save(folder / "array.npy", np.ones((4, 5), np.float32))
    (folder / "broken.dcm").write_bytes(as_bytes(dataset())[:180])
    (folder / "cells.zarr").mkdir()
    (folder / "cells.zarr" / ".zgroup").write_text('{"zarr_format": 2}')
    series, *beside = parts_of(folder)
    assert series == Series(str(folder), ("IM000.dcm", "IM001.dcm", "IM002.dcm"), "head")
    assert beside == [str(folder / name) for name in ("cells.zarr", "array.npy", "broken.dcm")]
    (scan,) = read(series)
    assert (scan.name, scan.source.warnings) == (
        "head",
        load(stack(tmp_path / "x" / "head", [0, 2, 4]))[0].source.warnings,
    )
    with pytest.raises(ReadError, match=r"broken\.dcm"):
        read(beside[2])


def test_a_folder_of_reports_holds_no_part(tmp_path: Path) -> None:
    report(tmp_path / "a.dcm")
    assert parts_of(tmp_path) == []


def test_a_slice_that_is_cut_stays_with_its_series(tmp_path: Path) -> None:
    folder = stack(tmp_path / "head", [0, 2, 4])
    path = folder / "IM001.dcm"
    path.write_bytes(path.read_bytes()[:-10])
    assert parts_of(folder) == [str(folder)]


def test_a_series_says_where_it_is(tmp_path: Path) -> None:
    assert Series("a", ("b/1.dcm",), "n").path == str(Path("a/b/1.dcm"))
    assert Series("a", ("b/1.dcm", "b/2.dcm"), "n").path == str(Path("a/b"))
    assert Series("a", ("b/1.dcm", "c/2.dcm"), "n").path == "a"
    assert Series("a", ("b/1.dcm",), "n").absolute() == Series(str(Path("a").absolute()), ("b/1.dcm",), "n")


def test_a_series_that_is_not_there_or_too_long_is_refused(tmp_path: Path) -> None:
    series = Series(str(stack(tmp_path, [0, 2, 4])), ("IM000.dcm", "IM009.dcm"), "n")
    with pytest.raises(ReadError, match=r"IM009\.dcm does not exist"):
        load(series)
    with pytest.raises(ReadError, match="number of files"):
        load(series, limits=Limits(members=1))
