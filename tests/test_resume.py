"""apply --resume keeps only what is whole and was made in the same way; records hold no number that JSON lacks."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from prep_core import Recipe
from prep_core.batch import apply_all
from prep_core.provenance import to_json

CLIP = Recipe.from_yaml("prep: 1\nsteps:\n- {step: clip, low: 0, high: 1}\n")
OTHER = Recipe.from_yaml("prep: 1\nsteps:\n- {step: clip, low: 0, high: 2}\n")


def kept(recipe: Recipe, folder: Path) -> bool:
    """Whether the result in `folder` was kept; a result is there afterwards in any case."""
    (outcome,) = apply_all(recipe, [str(folder / "a.npy")], folder / "out", "npy", resume=True)
    assert outcome.ok
    assert (folder / "out" / "a.npy").is_file()
    return outcome.kept


@pytest.fixture
def done(tmp_path: Path) -> Path:
    np.save(tmp_path / "a.npy", np.linspace(-1, 3, 64).reshape(8, 8))
    assert not kept(CLIP, tmp_path)
    return tmp_path


def test_a_whole_result_is_kept(done: Path) -> None:
    assert kept(CLIP, done)


def test_another_recipe_is_applied_anew(done: Path) -> None:
    assert not kept(OTHER, done)
    assert np.load(done / "out" / "a.npy").max() == 2


def test_a_mask_is_written_beside_the_results_and_missed_where_it_is_gone(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.linspace(-1, 3, 64).reshape(8, 8))
    recipe = Recipe.from_yaml("prep: 1\nsteps:\n- {step: threshold_mask, low: 0, high: 2}\n")
    assert not kept(recipe, tmp_path)
    mask = tmp_path / "out" / "masks" / "a.npy"
    np.testing.assert_array_equal(
        np.load(mask), (np.load(tmp_path / "a.npy") >= 0) & (np.load(tmp_path / "a.npy") <= 2)
    )
    record = json.loads((tmp_path / "out" / "a.prep.json").read_text())["output"]["mask"]
    assert record == {"file": "masks/a.npy", "sha256": hashlib.sha256(mask.read_bytes()).hexdigest()}
    assert kept(recipe, tmp_path)
    mask.unlink()
    assert not kept(recipe, tmp_path)
    assert mask.is_file()


def change_input(done: Path) -> None:
    np.save(done / "a.npy", np.zeros((8, 8)) + np.eye(8))


def cut_result(done: Path) -> None:
    (done / "out" / "a.npy").write_bytes((done / "out" / "a.npy").read_bytes()[:-1])


def lose_sidecar(done: Path) -> None:
    (done / "out" / "a.prep.json").unlink()


def break_sidecar(done: Path) -> None:
    (done / "out" / "a.prep.json").write_text("{")


def age_libraries(done: Path) -> None:
    path = done / "out" / "a.prep.json"
    record = json.loads(path.read_text())
    record["versions"]["numpy"] = "1.0"
    path.write_text(json.dumps(record))


@pytest.mark.parametrize("change", [change_input, cut_result, lose_sidecar, break_sidecar, age_libraries])
def test_what_is_not_the_same_is_made_anew(done: Path, change: Callable[[Path], None]) -> None:
    change(done)
    assert not kept(CLIP, done)
    assert kept(CLIP, done)


def test_numbers_that_are_not_finite_become_null() -> None:
    record = {"a": [1.5, float("nan")], "b": {"c": (float("inf"), -0.0)}}
    assert json.loads(to_json(record)) == {"a": [1.5, None], "b": {"c": [None, 0.0]}}
