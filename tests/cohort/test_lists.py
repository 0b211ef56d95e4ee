"""Lists of scans as people write them: what is read, and from where."""

import csv
import json
from pathlib import Path

import pytest

from prep_core.cohort import read_list
from prep_core.io import RawForm
from tests.cohort.lists import listed, names, touched

THREE = [(2, "a.npy", "train"), (3, "b.npy", "validation"), (4, "c.npy", "test")]


@pytest.mark.parametrize(
    "text",
    [
        "path,split\na.npy,train\nb.npy,val\nc.npy,test\n",
        "path;split\na.npy;train\nb.npy;val\nc.npy;test\n",
        "path\tsplit\na.npy\ttrain\nb.npy\tval\nc.npy\ttest",
        '"path", "split"\r\n"a.npy", "train"\r\n"b.npy", "val"\r\n"c.npy", "test"\r\n',
        b"\xef\xbb\xbfpath,split\na.npy,train\nb.npy,val\nc.npy,test\n",
        'age,Split,comment,FILE\n40,Train,,a.npy\n41,VALID,"two\nlines, quoted",./b.npy\n42,held-out,=1+1,c.npy\n',
        'path,split,"one; two; three; four"\na.npy,train,\nb.npy,val,;;;\nc.npy,test,\n',
        "path,split\ra.npy,training\rb.npy,dev\rc.npy,testing\r",
    ],
)
def test_every_kind_of_csv_is_read(text: str | bytes, tmp_path: Path) -> None:
    cohort = listed(tmp_path, text)
    assert names(cohort) == THREE
    assert cohort.has_split
    assert cohort.counts == {"train": 1, "validation": 1, "test": 1}
    assert [entry.path.name for entry in cohort.training] == ["a.npy"]


@pytest.mark.parametrize("form", [lambda scans: scans, lambda scans: {"about": "us", "scans": scans}])
def test_json_is_read_and_counted_from_1(form: object, tmp_path: Path) -> None:
    assert callable(form)
    scans = [
        {"path": "a.npy", "split": "train", "fold": 1, "spacing": [2, 0.5, 0.5], "tags": {"x": [1]}},
        {"split": "validation", "path": "b.npy", "fold": None},
    ]
    cohort = listed(tmp_path, json.dumps(form(scans)), "list.json")
    assert names(cohort) == [(1, "a.npy", "train"), (2, "b.npy", "validation")]
    first, second = cohort.entries
    assert (first.where, first.fold, dict(first.answers)) == ("entry 1 of list.json", "1", {"spacing": (2, 0.5, 0.5)})
    assert (second.fold, dict(second.answers)) == ("", {})


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = 'path,split\na.npy,train\n\n,\n"b.npy","train"\n'
    assert names(listed(tmp_path, text)) == [(2, "a.npy", "train"), (5, "b.npy", "train")]
    notes = 'path,split,note\na.npy,train,"one\ntwo"\nb.npy,train,\n'
    assert names(listed(tmp_path, notes)) == [(2, "a.npy", "train"), (3, "b.npy", "train")]


def test_a_list_made_by_the_csv_module_comes_back(tmp_path: Path) -> None:
    hard = ["sp ace/a,b.npy", 'q"uote.npy', "semi;colon.npy", "ünïcode/=formula.npy", "@at.npy"]
    touched(tmp_path, *hard)
    with (tmp_path / "list.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("path", "split"))
        writer.writerows((name, "train") for name in hard)
    assert [entry.relative for entry in read_list(tmp_path / "list.csv").entries] == hard


def test_relative_paths_start_at_the_folder_of_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touched(tmp_path, "lists/near.npy", "far/away.npy")
    absolute = tmp_path / "lists" / "near.npy"
    (tmp_path / "lists" / "one.csv").write_text(f"path\n{absolute}\n../far/away.npy\n")
    monkeypatch.chdir(tmp_path)
    near, far = read_list("lists/one.csv").entries
    assert (near.path, near.relative) == (absolute, "near.npy")
    assert (far.path.resolve(), far.relative) == ((tmp_path / "far" / "away.npy").resolve(), "../far/away.npy")


def test_without_a_column_of_roles_every_row_is_for_training(tmp_path: Path) -> None:
    cohort = listed(tmp_path, "image,label\na.npy,x.npy\nb.npy,y.npy\n")
    assert not cohort.has_split
    assert len(cohort.training) == 2


def test_the_column_of_roles_can_be_named(tmp_path: Path) -> None:
    text = "path,split,set_2024\na.npy,test,train\nb.npy,train,val\n"
    assert names(listed(tmp_path, text, split_column="Set_2024"))[0] == (2, "a.npy", "train")
    assert names(listed(tmp_path, text))[0] == (2, "a.npy", "test")


def test_a_row_answers_for_its_scan(tmp_path: Path) -> None:
    text = "path,axes,spacing,unit,modality,part,raw\na.npy,ZYX,2.5 1 1,HU,CT,one,int16:4x5x6:big\nb.npy,,,,,,\n"
    first, second = listed(tmp_path, text).entries
    assert dict(first.answers) == {
        "axes": "ZYX",
        "spacing": (2.5, 1.0, 1.0),
        "unit": "HU",
        "modality": "CT",
        "part": "one",
        "raw": RawForm("int16", (4, 5, 6), "big"),
    }
    assert dict(second.answers) == {}


@pytest.mark.parametrize("cell", ["3,0.8,0.8", "3;0.8;0.8", "3 0.8 0.8", "3x0.8x0.8", "3, 0.8, 0.8"])
def test_voxel_sizes_are_read_as_people_write_them(cell: str, tmp_path: Path) -> None:
    (entry,) = listed(tmp_path, f'path,spacing\na.npy,"{cell}"\n').entries
    assert entry.answers["spacing"] == (3.0, 0.8, 0.8)


@pytest.mark.parametrize(
    ("cell", "fold"), [("0", "0"), ("3.0", "3"), ("007", "7"), ("10", "10"), ("a.0", "a.0"), ("1.5", "1.5")]
)
def test_whole_numbers_of_folds_lose_what_data_frames_add(cell: str, fold: str, tmp_path: Path) -> None:
    assert listed(tmp_path, f"path,fold\na.npy,{cell}\n").entries[0].fold == fold


def test_arrays_of_one_file_are_scans_of_their_own(tmp_path: Path) -> None:
    text = "path,part,split\na.npy,one,train\na.npy,two,test\n"
    assert names(listed(tmp_path, text)) == [(2, "a.npy", "train"), (3, "a.npy", "test")]
