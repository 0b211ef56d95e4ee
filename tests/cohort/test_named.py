"""Scans that are named one by one, held against a list of their roles before anything is opened."""

from pathlib import Path

import pytest

from prep_core.batch import paths_in
from prep_core.cohort import Leak, ListError, named_scans, training_scans_among
from tests.cohort.lists import listed, touched

SPLIT = "path,split,unit\na.npy,train,HU\nb.npy,val,\nc.npy,test,\nmore,train,dB\nheld,test,\n"


def unexpected(path: str) -> list[str]:
    raise AssertionError(f"looked into {path}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    touched(tmp_path, "more/x.npy", "more/deep/y.npy", "held/z.npy")
    return tmp_path


def test_training_scans_come_with_what_the_list_says_of_them(folder: Path) -> None:
    cohort = listed(folder, SPLIT)
    found = training_scans_among(cohort, [str(folder / "more"), str(folder / "a.npy")], paths_in)
    assert [(e.path.name, e.relative, e.answers["unit"]) for e in found] == [
        ("y.npy", "more/deep/y.npy", "dB"),
        ("x.npy", "more/x.npy", "dB"),
        ("a.npy", "a.npy", "HU"),
    ]


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        (
            ["a.npy", "b.npy"],
            r"scan 2 of 2 is validation, row 3 of list\.csv \(the header is row 1\); fitting on it would leak",
        ),
        (["c.npy"], "scan 1 of 1 is test, row 4"),
        (["a.npy", "held/z.npy"], "scan 2 of 2 is test, row 6"),
        (["linked.npy"], "scan 1 of 1 is validation, row 3"),
    ],
)
def test_a_scan_that_is_not_for_training_is_refused_by_number(paths: list[str], words: str, folder: Path) -> None:
    (folder / "linked.npy").symlink_to(folder / "b.npy")
    with pytest.raises(Leak, match=words):
        training_scans_among(listed(folder, SPLIT), [str(folder / path) for path in paths], paths_in)


@pytest.mark.parametrize(("path", "row"), [(".", 3), ("held", 6), ("held/deep", 6), ("sub", 2)])
def test_a_folder_that_holds_one_is_refused_before_anybody_looks_into_it(path: str, row: int, folder: Path) -> None:
    touched(folder, "sub/v.npy", "held/deep/w.npy")
    text = "path,split\nsub/v.npy,test\n" if path == "sub" else SPLIT
    with pytest.raises(Leak, match=rf"path 1 of 1 leads to a scan of \w+, row {row} of"):
        training_scans_among(listed(folder, text), [str(folder / path)], unexpected)


def test_a_scan_that_the_list_does_not_name_is_refused(folder: Path) -> None:
    with pytest.raises(
        ListError, match=r"scan 2 of 2 \(d\.npy\) is not in list\.csv; fitting on a scan of unknown role may"
    ):
        training_scans_among(listed(folder, SPLIT), [str(folder / "a.npy"), str(folder / "d.npy")], paths_in)


def test_every_array_of_a_file_brings_its_own_part(folder: Path) -> None:
    cohort = listed(folder, "path,part,split\na.npy,one,train\na.npy,two,train\nb.npy,one,train\nb.npy,two,test\n")
    found = training_scans_among(cohort, [str(folder / "a.npy")], paths_in)
    assert [e.answers["part"] for e in found] == ["one", "two"]
    with pytest.raises(Leak, match="scan 1 of 1 is test, row 5"):
        training_scans_among(cohort, [str(folder / "b.npy")], paths_in)


def test_a_scan_named_twice_is_refused(folder: Path) -> None:
    twice = [str(folder / "more"), str(folder / "a.npy"), str(folder / "more" / "x.npy")]
    for choose in (
        lambda: named_scans(twice, paths_in),
        lambda: training_scans_among(listed(folder, SPLIT), twice, paths_in),
    ):
        with pytest.raises(ListError, match="scan 4 of 4 is scan 2 again; name each scan once"):
            choose()


def test_without_a_list_scans_are_called_by_their_way_from_the_folder_of_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched(folder, "a.npy")
    found = named_scans([str(folder / "more"), str(folder / "a.npy")], paths_in)
    assert [e.relative for e in found] == ["more/deep/y.npy", "more/x.npy", "a.npy"]
    assert [e.where for e in found] == ["scan 1 of 3", "scan 2 of 3", "scan 3 of 3"]
    monkeypatch.chdir(folder / "more")
    assert [e.relative for e in named_scans(["../more", "../a.npy"], paths_in)] == [e.relative for e in found]
