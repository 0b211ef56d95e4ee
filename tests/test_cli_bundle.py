"""The command line with a recipe that has arrays: fit writes a bundle, check and apply read it."""

import json
from pathlib import Path

import numpy as np
import pytest

from prep_core import Recipe, apply, load
from prep_core.bundle import from_bundle
from prep_core.cli import main

RECIPE = "prep: 1\nsteps:\n- {step: clip, low: 0, high: 1000}\n- {step: standardize_map}\n"


@pytest.fixture
def scans(tmp_path: Path) -> list[str]:
    rng = np.random.default_rng(0)
    paths = [tmp_path / f"scan{i}.npy" for i in range(4)]
    for path in paths:
        np.save(path, rng.normal(100, 20, (20, 30)).astype(np.float32))
    return [str(path) for path in paths]


@pytest.fixture
def fitted(scans: list[str], tmp_path: Path) -> str:
    (tmp_path / "r.yaml").write_text(RECIPE)
    assert main(["fit", str(tmp_path / "r.yaml"), *scans[:3], "-o", str(tmp_path / "r.zip")]) == 0
    return str(tmp_path / "r.zip")


def test_fit_writes_a_bundle_and_says_what_it_measured(
    fitted: str, scans: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert from_bundle(Path(fitted).read_bytes()).waiting == ()
    capsys.readouterr()
    assert main(["fit", fitted, *scans, "-o", fitted]) == 0
    words = "line 2: standardize_map mean 1 x 20 x 30, divisor 1 x 20 x 30 (4 scans, 2400 voxels)"
    assert capsys.readouterr().err.splitlines()[-1] == words


def test_a_name_of_yaml_is_refused_before_a_scan_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.yaml").write_text(RECIPE)
    out = tmp_path / "fitted.yaml"
    assert main(["fit", str(tmp_path / "r.yaml"), str(tmp_path / "missing.npy"), "-o", str(out)]) == 2
    words = capsys.readouterr().err
    assert words.startswith("line 2: standardize_map is measured as arrays, which YAML cannot hold; name the output ")
    assert words.endswith("fitted.zip\n")
    assert not out.exists()


def test_check_and_fit_read_a_bundle(fitted: str, scans: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", fitted]) == 0
    digest = from_bundle(Path(fitted).read_bytes()).digest
    assert capsys.readouterr().out.startswith(f"valid: 2 lines, digest {digest}\n")
    again = fitted.replace("r.zip", "again.zip")
    assert main(["fit", fitted, *scans[:3], "-o", again]) == 0
    assert Path(again).read_bytes() == Path(fitted).read_bytes()


def test_a_broken_bundle_is_a_wrong_recipe(fitted: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(fitted).write_bytes(Path(fitted).read_bytes()[:-40])
    assert main(["check", fitted]) == 2
    assert capsys.readouterr().err.startswith("the bundle is damaged (")


def test_apply_with_a_bundle_gives_the_same_bytes_and_resumes(fitted: str, scans: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    call = ["apply", fitted, scans[3], "-o", str(out), "--format", "npy", "--resume"]
    assert main(call) == 0
    recipe = from_bundle(Path(fitted).read_bytes())
    (scan,) = load(scans[3])
    assert np.array_equal(np.load(out / "scan3.npy"), apply(recipe, scan).data)
    record = json.loads((out / "scan3.prep.json").read_text())
    arrays = recipe.lines[1].fitted.arrays
    assert record["lines"][1]["measured"]["arrays"] == {n: f"sha256:{a.sha256}" for n, a in arrays.items()}
    assert record["recipe"]["digest"] == recipe.digest
    assert Recipe.from_yaml(record["recipe"]["yaml"], recipe.arrays) == recipe


def test_resume_keeps_a_result_only_for_the_same_arrays(
    fitted: str, scans: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = str(tmp_path / "other.zip")
    assert main(["fit", fitted, *scans, "-o", other]) == 0
    capsys.readouterr()
    for recipe, words in ((fitted, "scan3.npy"), (fitted, "kept: scan3.npy"), (other, "scan3.npy")):
        assert main(["apply", recipe, scans[3], "-o", str(tmp_path / "out"), "--format", "npy", "--resume"]) == 0
        assert capsys.readouterr().err.splitlines()[0] == words
