"""A recipe as a function of an array, as training code calls it."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply, fit
from prep_core.scan import voxel_affine
from prep_core.steps import STEPS
from tests.strategies import unit_scan
from tests.suited import ready, suited_scan
from tests.training_examples import examples

PLAIN = ("NumPy", "Worker processes")
ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", STEPS)
def test_an_array_gives_the_bytes_of_its_scan(name: str) -> None:
    scan = suited_scan(name)
    affine = voxel_affine(scan.spacing) if scan.spacing_known else voxel_affine()
    scan = replace(scan, affine=affine, mask=None)
    recipe = ready(Line(name), scan)
    if recipe.lines[0].inside == "mask":
        recipe = Recipe((Line("threshold_mask"), *recipe.lines))
    told = {"unit": scan.unit, "modality": scan.modality, "valid": scan.valid, "channels": scan.channels}
    spacing = scan.spacing if scan.spacing_known else None
    result = recipe(scan.data, scan.axes, spacing, **told)
    expected = apply(recipe, scan).data.tobytes()
    assert result.tobytes() == expected
    # Nothing else holds what may be written to.
    result[:] = 0
    assert recipe(scan.data, scan.axes, spacing, **told).tobytes() == expected


def test_the_answer_is_new_and_may_be_written_to() -> None:
    array = np.ones((2, 3), np.float32)
    array.flags.writeable = False
    result = Recipe()(array, "YX")
    result[:] = 2
    assert array.max() == 1
    turned = Recipe((Line("reorient"),))(np.ones((2, 3, 4)), spacing=(1, 1, 1))
    assert turned.flags.c_contiguous
    assert turned.flags.writeable


def test_a_channel_axis_of_one_changes_nothing() -> None:
    recipe = Recipe((Line("percentile_rescale"), Line("gaussian"), Line("zscore", per="plane")))
    array, spacing = unit_scan().data, (2.0, 1.0, 1.5)
    assert np.array_equal(recipe(array[None], "CZYX", spacing)[0], recipe(array, "ZYX", spacing))


def test_padding_and_nan_are_left_out() -> None:
    array = unit_scan().data.copy()
    recipe = Recipe((Line("zscore"),))
    inner = recipe(array[:, 4:])
    array[:, :3] = 1000
    array[:, 3] = np.nan
    valid = np.ones(array.shape, bool)
    valid[:, :3] = False
    assert np.array_equal(recipe(array, valid=valid)[:, 4:], inner)


def test_a_line_that_waits_for_its_training_set_says_so() -> None:
    with pytest.raises(StepError, match="line 2: zscore is measured over a dataset; fit the recipe"):
        Recipe((Line("clip"), Line("zscore", over="dataset")))(np.eye(3), "YX")


@pytest.mark.parametrize(
    ("axes", "spacing", "words"),
    [
        ("YX", None, "axes must name all 3 axes"),
        ("ZYX", (1.0, 1.0), "a length for each of Z, Y, X"),
        ("XYZ", None, "in that order"),
    ],
)
def test_what_does_not_fit_the_array_is_said(axes: str, spacing: tuple[float, ...] | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Recipe()(np.ones((2, 3, 4)), axes, spacing)


def test_a_fitted_recipe_can_be_pickled() -> None:
    scan = unit_scan()
    recipe = fit(Recipe((Line("zscore", over="dataset"), Line("clahe"))), [scan])
    copy = pickle.loads(pickle.dumps(recipe))
    assert copy == recipe
    assert copy(scan.data).tobytes() == recipe(scan.data).tobytes()


@pytest.mark.parametrize("title", PLAIN)
def test_the_examples_run(title: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(examples()[title], "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-W", "error", str(program)], check=True, env=environment, cwd=tmp_path)


def test_every_other_example_is_a_program() -> None:
    assert len(examples()) == 5
    for title, code in examples().items():
        compile(code, title, "exec")
