"""`fit` on lists, splits and folds: which scans are measured, which are never opened, and what is refused."""

import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from prep_core import Recipe, read_list, training_scans
from prep_core.cli import main
from prep_core.run import fit

RECIPE = """prep: 1
steps:
- {step: percentile_clip, low: 5, high: 95, over: dataset}
- {step: zscore, over: dataset}
"""
ROLES = ("train",) * 8 + ("val",) * 2 + ("test",) * 2
PATIENTS = ("p1", "p1", "p2", "p3", "p4", "p4", "p5", "p6", "p7", "p8", "p9", "p9")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve scans of different sizes and brightness.  Those for validation are no scans, those for test not there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.yaml").write_text(RECIPE)
    rng = np.random.default_rng(5)
    for number, role in enumerate(ROLES):
        shape = (4 + number, 6)
        if role == "train":
            np.save(f"s{number:02}.npy", rng.normal(100 * number, 10, shape).astype(np.float32))
        elif role == "val":
            Path(f"s{number:02}.npy").write_bytes(b"no scan at all")
    write_list("list.csv", range(12))
    return tmp_path


def write_list(name: str, numbers: Iterable[int], header: str = "path,split,patient", more: str = "") -> None:
    cells = (f"s{n:02}.npy,{ROLES[n]},{PATIENTS[n]}{more.format(n=n)}" for n in numbers)
    Path(name).write_text("\n".join([header, *cells]) + "\n")


def run(*words: str) -> int:
    return main(["fit", "r.yaml", *words, "-o", "out.yaml"])


def expected(numbers: Iterable[int]) -> list[dict[str, float]]:
    """What NumPy says of the pixels of these scans, pooled."""
    pool = np.concatenate([np.load(f"s{n:02}.npy").ravel() for n in numbers])
    low, high = np.percentile(pool.astype(np.float64), [5, 95])
    clipped = np.clip(pool, np.float32(low), np.float32(high)).astype(np.float64)
    return [{"low": low, "high": high}, {"mean": clipped.mean(), "std": clipped.std()}]


def assert_fitted_on(path: str, numbers: Iterable[int]) -> None:
    numbers = list(numbers)
    recipe = Recipe.from_yaml(Path(path).read_text())
    for line, wanted in zip(recipe.lines, expected(numbers), strict=True):
        assert line.fitted is not None
        assert line.fitted.numbers == pytest.approx(wanted, rel=1e-7)
        assert line.fitted.scans == len(numbers)


def test_only_training_rows_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list.csv") == 0
    assert capsys.readouterr().err.startswith("8 scans to fit on (of 12 rows: 8 train, 2 validation, 2 test)\n")
    assert_fitted_on("out.yaml", range(8))
    # The others could not have been read without a complaint.
    assert run("s00.npy", "s08.npy") == 3
    assert run("s00.npy", "s10.npy") == 3


def test_a_list_elsewhere_names_scans_from_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "away").mkdir()
    monkeypatch.chdir(tmp_path / "away")
    assert main(["fit", "../r.yaml", "../list.csv", "-o", "../out.yaml"]) == 0
    monkeypatch.chdir(tmp_path)
    assert_fitted_on("out.yaml", range(8))


def test_the_order_of_the_rows_and_the_way_in_change_no_byte() -> None:
    assert run("list.csv") == 0
    wanted = Path("out.yaml").read_bytes()
    numbers = list(range(12))
    random.Random(3).shuffle(numbers)
    write_list("shuffled.csv", numbers)
    assert run("shuffled.csv") == 0
    assert Path("out.yaml").read_bytes() == wanted
    assert run(*(f"s{n:02}.npy" for n in range(8)), "--split", "list.csv") == 0
    assert Path("out.yaml").read_bytes() == wanted
    assert fit(Recipe.from_yaml(RECIPE), training_scans(read_list("list.csv").training)).to_yaml().encode() == wanted


def test_a_list_without_roles_is_all_training_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    Path("plain.csv").write_text("file\ns00.npy\ns01.npy\n")
    assert run("plain.csv") == 0
    told = "2 scans to fit on (plain.csv has no column split, so each of its 2 rows is for training)\n"
    assert capsys.readouterr().err.startswith(told)
    assert_fitted_on("out.yaml", range(2))


def test_folds_of_a_list_leave_their_scans_out_of_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    folds = (1, 1, 2, 2, 3, 3, 1, 2, "", "", "", "")
    rows = "".join(f"s{n:02}.npy,{ROLES[n]},{fold}\n" for n, fold in enumerate(folds))
    Path("folds.csv").write_text("path,split,fold\n" + rows)
    assert run("folds.csv", "--fold", "3") == 0
    assert "fold 2: 5 scans to fit on, 3 left out (of 12 rows" in capsys.readouterr().err
    for fold in (1, 2, 3):
        assert_fitted_on(f"out.fold{fold}.yaml", (n for n in range(8) if folds[n] != fold))
    # What is measured over all training scans before they are divided is another thing for every fold.
    everyone = expected(range(8))[1]["mean"]
    for fold in (1, 2, 3):
        fitted = Recipe.from_yaml(Path(f"out.fold{fold}.yaml").read_text()).lines[1].fitted
        assert fitted is not None
        assert abs(fitted.numbers["mean"] - everyone) > 10
    assert sorted(p.name for p in Path().glob("out*")) == ["out.fold1.yaml", "out.fold2.yaml", "out.fold3.yaml"]


def test_dealt_folds_leave_groups_whole_and_ignore_the_order_of_rows() -> None:
    assert run("list.csv", "--fold", "3") == 0
    files = [f"out.fold{k}.yaml" for k in range(3)] + ["out.folds.csv"]
    once = [Path(file).read_bytes() for file in files]
    left_out = dict(row.split(",")[:2] for row in Path("out.folds.csv").read_text().splitlines()[1:])
    assert sorted(left_out) == [f"s{n:02}.npy" for n in range(8)]
    assert left_out["s00.npy"] == left_out["s01.npy"]
    assert left_out["s04.npy"] == left_out["s05.npy"]
    for k in range(3):
        assert_fitted_on(f"out.fold{k}.yaml", (n for n in range(8) if left_out[f"s{n:02}.npy"] != str(k)))
    write_list("list.csv", reversed(range(12)))
    assert run("list.csv", "--fold", "3") == 0
    assert [Path(file).read_bytes() for file in files] == once
    assert run("out.folds.csv", "--fold", "3") == 0
    assert [Path(file).read_bytes() for file in files] == once


def test_scans_without_a_list_are_dealt_too() -> None:
    assert run("s00.npy", "s01.npy", "s02.npy", "--fold", "3") == 0
    left_out = dict(row.split(",") for row in Path("out.folds.csv").read_text().splitlines()[1:])
    for k in range(3):
        assert_fitted_on(f"out.fold{k}.yaml", (n for n in range(3) if left_out[f"s{n:02}.npy"] != str(k)))


def test_folds_of_a_recipe_with_arrays_are_bundles() -> None:
    Path("map.yaml").write_text("prep: 1\nsteps:\n- {step: standardize_map}\n")
    for n in range(4):
        np.save(f"m{n}.npy", np.full((3, 4), n * n, np.float32))
    maps = [f"m{n}.npy" for n in range(4)]
    assert main(["fit", "map.yaml", *maps, "--fold", "2", "-o", "maps.zip"]) == 0
    assert sorted(p.name for p in Path().glob("maps*")) == ["maps.fold0.zip", "maps.fold1.zip", "maps.folds.csv"]


def test_a_row_answers_for_its_scan_before_the_options_do() -> None:
    rng = np.random.default_rng(2)
    pair = {name: rng.normal(size=(2, 3, 4)).astype(np.float32) for name in ("one", "two")}
    np.savez("pair.npz", **pair)
    Path("parts.csv").write_text("path,part,axes\npair.npz,one,ZYX\npair.npz,two,\n")
    Path("z.yaml").write_text("prep: 1\nsteps:\n- {step: zscore, over: dataset}\n")
    assert main(["fit", "z.yaml", "parts.csv", "-o", "out.yaml", "--axes", "CYX"]) == 0
    fitted = Recipe.from_yaml(Path("out.yaml").read_text()).lines[0].fitted
    pool = np.concatenate([pair["one"].ravel(), pair["two"].ravel()]).astype(np.float64)
    assert fitted is not None
    assert fitted.numbers == pytest.approx({"mean": pool.mean(), "std": pool.std()}, rel=1e-9)
    assert fitted.scans == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["s00.npy", "s08.npy", "--split", "list.csv"],
            "scan 2 of 2 is validation, row 10 of list.csv (the header is row 1); ",
        ),
        (["s11.npy", "--split", "list.csv"], "scan 1 of 1 is test, row 13 of list.csv"),
        (["s00.npy", "more.npy", "--split", "list.csv"], "scan 2 of 2 (more.npy) is not in list.csv; "),
        ([".", "--split", "list.csv"], "path 1 of 1 leads to a scan of validation, row 10 of list.csv"),
        (["list.csv", "s00.npy"], "list.csv is a list of scans: name it alone, or scans with --split LIST"),
        (["list.csv", "list.csv"], "list.csv is a list of scans: name it alone"),
        (["list.csv", "--split", "list.csv"], "list.csv is a list of scans: name it alone"),
        (["s00.npy", "--split-column", "role"], "--split-column role is about a list"),
        (["list.csv", "--split-column", "role"], "list.csv has no column 'role' for the split"),
        (["s00.npy", "--split", "plain.csv"], "plain.csv has no column split; --split needs a list"),
        (["s00.npy", "s00.npy"], "scan 2 of 2 is scan 1 again; name each scan once"),
        (["list.csv", "--fold", "1"], "there must be 2 folds or more, got 1"),
        (["list.csv", "--fold", "7"], "7 folds need 7 groups or more for training, and there are 6"),
        (["none.csv"], "none.csv does not exist or is not a file"),
        (["held.csv"], "held.csv has no row for training (of 1 rows: 0 train, 1 validation, 0 test); "),
        (
            ["shared.csv"],
            "rows 2 and 3 of shared.csv (the header is row 1) are of one group, in train and in validation",
        ),
    ],
)
def test_what_may_leak_or_is_unclear_is_refused(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("plain.csv").write_text("path\ns00.npy\n")
    Path("held.csv").write_text("path,split\ns08.npy,val\n")
    Path("shared.csv").write_text("path,split,group\ns00.npy,train,g\ns08.npy,val,g\n")
    np.save("more.npy", np.eye(4))
    assert run(*words) == 2
    error = capsys.readouterr().err
    assert error.startswith(told)
    assert error.count("\n") == 1
    assert list(Path().glob("out*")) == []


def test_a_place_that_is_not_there_is_said_before_anything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "r.yaml", "list.csv", "-o", "none/out.yaml"]) == 2
    assert capsys.readouterr().err == "none/out.yaml cannot be written: there is no folder none; make it first\n"


def test_a_training_scan_that_cannot_be_read_is_named_by_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    Path("s03.npy").write_bytes(b"")
    assert run("list.csv") == 3
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("row 5 of list.csv: s03.npy is empty (0 bytes)")
    assert told.endswith("; nothing was fitted: a training set must be whole")
    assert not Path("out.yaml").exists()


def test_a_line_without_an_answer_names_the_scan(capsys: pytest.CaptureFixture[str]) -> None:
    Path("r.yaml").write_text("prep: 1\nsteps:\n- {step: lung_mask}\n- {step: zscore, over: dataset, inside: mask}\n")
    assert run("list.csv") == 3
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("line 1: lung_mask ")
    assert told.endswith(" (in s00.npy, row 2 of list.csv)")
