"""Folds: each scan is left out once, groups stay together, and the same scans give the same folds everywhere."""

import random
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.cohort import Entry, Leak, ListError, dealt, folds_csv, folds_of, read_list
from tests.cohort.lists import listed


def entries(names: list[str], groups: list[str] | None = None) -> list[Entry]:
    return [
        Entry(i, f"row {i}", Path(name), name, group=group)
        for i, (name, group) in enumerate(zip(names, groups or [""] * len(names), strict=True), start=2)
    ]


def assignment(given_to: tuple[Entry, ...]) -> dict[str, str]:
    return {entry.relative: entry.fold for entry in given_to}


NAMES = st.lists(st.text("abcdefgh/._", min_size=1, max_size=6), min_size=5, max_size=30, unique=True)


@given(NAMES, st.integers(2, 5), st.randoms())
def test_scans_are_dealt_in_the_order_of_their_hashes(names: list[str], count: int, shuffle: random.Random) -> None:
    by_hash = sorted(names, key=lambda name: sha256(name.encode()).digest())
    wanted = {name: str(i % count) for i, name in enumerate(by_hash)}
    shuffle.shuffle(names)
    assert assignment(dealt(entries(names), count)) == wanted


@given(st.lists(st.sampled_from("pqrstuv"), min_size=3, max_size=40), st.integers(2, 7))
def test_each_scan_is_left_out_once_and_groups_stay_together(groups: list[str], count: int) -> None:
    them = entries([f"{i}.npy" for i in range(len(groups))], groups)
    if len(set(groups)) < count:
        with pytest.raises(ListError, match=rf"{count} folds need {count} groups .* there are {len(set(groups))}"):
            dealt(them, count)
        return
    folds = folds_of(dealt(them, count), count)
    assert sorted(e.number for fold in folds for e in fold.left_out) == [e.number for e in them]
    for fold in folds:
        assert {e.group for e in fold.left_out} & {e.group for e in fold.training} == set()
        assert {e.number for e in fold.left_out} | {e.number for e in fold.training} == {e.number for e in them}
    sizes = [len({e.group for e in fold.left_out}) for fold in folds]
    assert max(sizes) - min(sizes) <= 1


def test_four_scans_by_hand() -> None:
    # sha256sum of the bare letters begins: a ca97, b 3e23, c 2e7d, d 18ac; so d, c, b, a.
    assert assignment(dealt(entries(list("abcd")), 3)) == {"d": "0", "c": "1", "b": "2", "a": "0"}


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["0", "1", "2"], [0, 1, 2]),
        (["1", "2", "10"], [1, 2, 10]),
        (["2.0", "1.0", "2.0"], [1, 2]),
        (["north", "south", "east"], [0, 1, 2]),
        (["1", "2", "rest"], [0, 1, 2]),
    ],
)
def test_the_folds_of_a_list_are_used(words: list[str], numbers: list[int], tmp_path: Path) -> None:
    cohort = listed(tmp_path, "path,fold\n" + "".join(f"{s}.npy,{w}\n" for s, w in zip("abc", words, strict=True)))
    folds = cohort.folds(len(numbers))
    assert [fold.number for fold in folds] == numbers
    for fold in folds:
        assert {e.fold for e in fold.left_out} == {fold.word}
        assert fold.word not in {e.fold for e in fold.training}
        assert len(fold.left_out) + len(fold.training) == 3
    assert cohort.fold(1, of=len(numbers)) == folds[1]


def test_only_training_scans_have_folds(tmp_path: Path) -> None:
    text = "path,split,fold\na.npy,train,1\nb.npy,train,2\nc.npy,val,\nd.npy,test,3\n"
    folds = listed(tmp_path, text).folds(2)
    assert [[e.path.name for e in fold.left_out] for fold in folds] == [["a.npy"], ["b.npy"]]


@pytest.mark.parametrize(
    ("text", "count", "words"),
    [
        ("path\na.npy\nb.npy\n", 1, "must be 2 folds or more, got 1"),
        ("path\na.npy\nb.npy\n", 0, "must be 2 folds or more, got 0"),
        ("path\na.npy\nb.npy\n", 3, "3 folds need 3 scans or more for training, and there are 2"),
        ("path,fold\na.npy,1\nb.npy,2\n", 3, r"3 folds were asked for, and the list has 2 \('1', '2'\); ask for 2"),
        ("path,fold\na.npy,1\nb.npy,\n", 2, "row 3 of list.csv has an empty fold"),
    ],
)
def test_folds_that_cannot_be(text: str, count: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(ListError, match=words):
        listed(tmp_path, text).folds(count)


def test_a_group_in_two_folds_is_a_leak(tmp_path: Path) -> None:
    cohort = listed(tmp_path, "path,subject,fold\na.npy,p,1\nb.npy,q,2\nc.npy,p,2\n")
    with pytest.raises(
        Leak, match=r"row 2 of list\.csv and row 4 of list\.csv are of one group, in the folds '1' and '2'"
    ):
        cohort.folds(2)


def test_a_fold_that_there_is_not(tmp_path: Path) -> None:
    cohort = listed(tmp_path, "path\na.npy\nb.npy\n")
    for number in (-1, 2):
        with pytest.raises(ListError, match=f"a number from 0 to 1, got {number}"):
            cohort.fold(number, of=2)


def test_dealt_folds_are_a_list_that_gives_them_back(tmp_path: Path) -> None:
    text = "path,patient\n" + "".join(f"{s}.npy,p{i // 2}\n" for i, s in enumerate("abcdef"))
    cohort = listed(tmp_path, text)
    (tmp_path / "out").mkdir()
    written = folds_csv(dealt(cohort.training, 3), tmp_path / "out")
    (tmp_path / "out" / "folds.csv").write_text(written)
    again = read_list(tmp_path / "out" / "folds.csv")
    first, *_ = written.splitlines()[1:]
    assert first.split(",")[0] == "../a.npy"
    for one, other in zip(cohort.folds(3), again.folds(3), strict=True):
        assert [e.path.name for e in one.left_out] == [e.path.name for e in other.left_out]
        assert [e.group for e in one.left_out] == [e.group for e in other.left_out]


def test_no_path_of_a_written_list_is_a_formula(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("path\n=1+1.npy\n@a.npy\n")
    for name in ("=1+1.npy", "@a.npy"):
        (tmp_path / name).touch()
    written = folds_csv(dealt(read_list(tmp_path / "list.csv").training, 2), tmp_path)
    assert sorted(row.split(",")[0] for row in written.splitlines()[1:]) == ["./=1+1.npy", "./@a.npy"]
