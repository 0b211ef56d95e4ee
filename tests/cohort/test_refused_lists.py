"""Lists that are refused, each with a sentence that names the row and what to do."""

import json
import os
from pathlib import Path

import pytest

from prep_core.cohort import Leak, ListError, read_list, table
from tests.cohort.lists import listed, touched

DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "path,split\na.npy,train\nb.npy,trian\n",
            r"row 3 of list.csv \(the header is row 1\): the split must be train .* got 'trian'",
        ),
        ("path,split\na.npy,train\nb.npy,\n", r"row 3 of .* got an empty cell; correct it$"),
        ("path,split\na.npy," + "x" * 1000, r"row 2 of .* got 'x{40}\.\.\.'; correct it$"),
        ("path,split\n,train\n", "row 2 of .* has no path"),
        ("path,split\na.npy,train,x\n", "row 2 of .* has 3 cells, the header 2"),
        ("path,split\na.npy\n", "row 2 of .* has 1 cells, the header 2"),
        ("name,split\na.npy,train\n", "list.csv has no column path, file, image or scan, only 'name', 'split'"),
        ("path,path\na.npy,b.npy\n", "has 2 columns called 'path'"),
        ("path,split,SPLIT\na.npy,train,train\n", "has 2 columns called 'split'"),
        ("path,patient,group\na.npy,1,2\n", "has columns 'group' and 'patient': rename all but the one"),
        ("path,group\na.npy,1\nb.npy,\n", "row 3 of .* has an empty group"),
        ("path\n\n", "list.csv names no scan"),
        ("", "list.csv has no header in row 1"),
        ("\npath\na.npy", "list.csv has no header in row 1"),
        ('path,split\n"a.npy"x,train\n', r"row 2 of .* is no CSV \("),
        ("path\na\x00.npy\n", "control character"),
        ("path\n" + "x" * 200_000, "row 2 of .* is no CSV .*field larger than field limit"),
        (",".join(["path", *"c" * 1000]) + "\n", "has 1,001 columns; 1,000 are the most"),
        ("path,axes\na.npy,QQ\n", r"row 2 of .*: axes must be different letters of TCZYX with Y and X, got 'QQ'"),
        ("path,spacing\na.npy,wide\n", "row 2 of .*: spacing must be lengths in mm .* got 'wide'"),
        ("path,spacing\na.npy,0 1 1\n", "row 2 of .*: spacing must be 2 or 3 sizes in mm above 0"),
        ("path,modality\na.npy,XYZ\n", "row 2 of .*: modality must be one of"),
        ("path,raw\na.npy,int16\n", "row 2 of .*: raw must be TYPE"),
        ("path,unit\na.npy," + "u" * 201 + "\n", "row 2 of .*: unit has 201 characters"),
        (
            "path,subset\na.npy,train\nb.npy,val\n",
            "has no column 'split', but its column 'subset' reads like a split; say --split-column",
        ),
        ("path\na.npy\nnone.npy\nb.npy\nnor.npy\n", "rows 3 and 5 of .* name scans that do not exist"),
        (b"path\n\xff\xfe\n", "list.csv is not UTF-8 .byte 5.; save it as UTF-8"),
    ],
)
def test_a_csv_that_cannot_be_used(text: str | bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(ListError, match=words) as caught:
        listed(tmp_path, text)
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", r"list.json is no JSON \("),
        (DEEP, r"list.json is no JSON \("),
        ('{"a": 1}', "list.json is no list of scans"),
        ("3", "list.json is no list of scans"),
        ('["a.npy"]', "entry 1 of list.json is no object"),
        ('[{"path": "a.npy", "path": "b.npy"}]', "has the key 'path' twice"),
        ('[{"path": "a.npy", "fold": NaN}]', "holds NaN, which JSON does not have"),
        ('[{"path": "a.npy"}, {"path": ["a", "b"]}]', "entry 2 of list.json names a scan that does not exist"),
        ('[{"path": "a.npy", "split": "train"}, {"path": "b.npy"}]', "entry 2 of .* got an empty cell"),
        ('[{"path": "a.npy", "split": {"x": 1}}]', "entry 1 of .*: the split must be"),
        ("[]", "has no column path"),
        (json.dumps([{str(i): i} for i in range(1001)]), "has 1,001 columns"),
        ('[{"path": ' + "1" * 5000 + "}]", "is no JSON"),
    ],
)
def test_a_json_that_cannot_be_used(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ListError, match=words) as caught:
        listed(tmp_path, text, "list.json")
    assert len(str(caught.value)) < 400


def test_a_list_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_ROWS", 3)
    with pytest.raises(ListError, match="has more than 3 rows"):
        listed(tmp_path, "path\na.npy\nb.npy\nc.npy\nd.npy\n")
    assert len(listed(tmp_path, "path\na.npy\nb.npy\nc.npy\n").entries) == 3
    with pytest.raises(ListError, match="has more than 3 rows"):
        listed(tmp_path, json.dumps([{"path": name} for name in "abcd"]), "list.json")
    monkeypatch.setattr(table, "MAX_BYTES", 10)
    with pytest.raises(ListError, match=r"list.csv is too large: a list may have 10 bytes"):
        listed(tmp_path, "path\na.npy\n")


def test_a_list_that_is_none_is_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(ListError, match="does not exist or is not a file"):
            read_list(path)


def test_a_column_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="has no column 'role' for the split, only 'path', 'split'"):
        listed(tmp_path, "path,split\na.npy,train\n", split_column="role")


@pytest.mark.parametrize("again", ["a.npy", "./a.npy", "x/../a.npy", "link.npy", "hard.npy", "linked/a.npy"])
def test_a_scan_on_both_sides_is_a_leak_by_whatever_path(again: str, tmp_path: Path) -> None:
    touched(tmp_path, "a.npy", "x/b.npy")
    (tmp_path / "link.npy").symlink_to(tmp_path / "a.npy")
    (tmp_path / "linked").symlink_to(tmp_path)
    os.link(tmp_path / "a.npy", tmp_path / "hard.npy")
    with pytest.raises(Leak, match=r"rows 2 and 4 of .* are the same scan, once train and once validation"):
        listed(tmp_path, f"path,split\na.npy,train\nb.npy,train\n{again},val\n")
    with pytest.raises(ListError, match=r"rows 2 and 3 of .* are the same scan, and each scan counts once"):
        listed(tmp_path, f"path,split\na.npy,train\n{again},train\n")


def test_a_scan_inside_the_folder_of_another_row_is_refused(tmp_path: Path) -> None:
    touched(tmp_path, "case/deep/x.npy")
    (tmp_path / "alias").symlink_to(tmp_path / "case")
    (tmp_path / "alone.npy").symlink_to(tmp_path / "case" / "deep" / "x.npy")
    for inside in ("case/deep/x.npy", "alias/deep/x.npy", "case/deep", "alone.npy"):
        with pytest.raises(Leak, match=r"rows 2 and 3 of .* lie one inside the other, once test and once train"):
            listed(tmp_path, f"path,split\n{inside},test\ncase,train\n")


def test_one_part_of_a_file_and_the_whole_of_it_are_the_same_scan(tmp_path: Path) -> None:
    for parts in (("one", "one"), ("", "one"), ("one", "")):
        with pytest.raises(Leak, match=r"rows 2 and 3 .* are the same scan"):
            listed(tmp_path, f"path,part,split\na.npy,{parts[0]},train\na.npy,{parts[1]},test\n")


def test_a_group_on_both_sides_is_a_leak(tmp_path: Path) -> None:
    text = "path,patient,split\na.npy,p1,train\nb.npy,p2,val\nc.npy,p2,test\nd.npy,p1,{}\n"
    with pytest.raises(
        Leak, match=r"rows 2 and 5 of list.csv \(the header is row 1\) are of one group, in train and in test"
    ):
        listed(tmp_path, text.format("test"))
    assert len(listed(tmp_path, text.format("train")).training) == 2


def test_scans_that_nothing_is_measured_on_may_be_elsewhere(tmp_path: Path) -> None:
    cohort = listed(tmp_path, "path,split\na.npy,train\nelsewhere/v.npy,val\nelsewhere/w.npy,test\n")
    assert cohort.counts == {"train": 1, "validation": 1, "test": 1}
