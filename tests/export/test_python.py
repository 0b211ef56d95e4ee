"""The script that `--to python` writes, run by a Python that cannot import the project."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from prep_core.export import ExportError, export
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.steps import STEPS
from tests.export.cases import CASES, Case, counts, hounsfield
from tests.export.running import THIS, difference, run_there, write_cases
from tests.suited import ready, suited_scan


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("there")
    write_cases(folder, ["python"])
    run_there(THIS, folder, "-I")
    return folder


def module_of(recipe: Recipe) -> ModuleType:
    module = ModuleType("exported")
    exec(export(recipe, "python").text, vars(module))
    return module


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_script_gives_the_same_bits_without_the_project(there: Path, case: Case) -> None:
    assert "from prep_core" not in export(case.recipe, "python").text
    assert difference(there, case, "python") == 0


@pytest.mark.parametrize("name", STEPS)
def test_every_step_is_written_called_or_refused(name: str) -> None:
    scan = suited_scan(name)
    recipe = ready(Line(name), scan)
    try:
        preprocess = module_of(recipe).preprocess
    except ExportError as error:
        assert str(error).startswith("a script cannot do this recipe exactly: line 1: ")
        return
    spacing = scan.spacing if scan.spacing_known else None
    expected = recipe(scan.data, scan.axes, spacing)
    assert np.array_equal(preprocess(scan.data, scan.axes, spacing), expected, equal_nan=True)


@pytest.mark.parametrize("step", ["zscore", "percentile_rescale", "gaussian", "unsharp", "clahe", "decibel"])
def test_nan_is_padding_for_the_script_too(step: str) -> None:
    array = hounsfield().astype(np.float32) + 1500
    array[:, :5] = np.nan
    recipe = Recipe((Line(step), Line("minmax")))
    result = module_of(recipe).preprocess(array, "ZYX", (2.0, 1.0, 1.0))
    assert np.array_equal(result, recipe(array, "ZYX", (2.0, 1.0, 1.0)), equal_nan=True)


@pytest.mark.parametrize("step", ["median", "resample"])
def test_padding_that_the_script_cannot_leave_out_is_refused(step: str) -> None:
    array = hounsfield().astype(np.float32)
    array[0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="prep_core"):
        module_of(Recipe((Line(step),))).preprocess(array, "ZYX", (1.0, 1.0, 1.0))


def test_the_script_refuses_what_the_recipe_refuses() -> None:
    constant = np.ones((2, 8, 8), np.float32)
    with pytest.raises(ValueError, match="line 1: zscore has nothing to divide by"):
        module_of(Recipe((Line("zscore"),))).preprocess(constant)
    with pytest.raises(ValueError, match="must be from 0 to 1"):
        module_of(Recipe((Line("gamma"),))).preprocess(constant * 2)
    with pytest.raises(ValueError, match="no voxels"):
        module_of(Recipe((Line("minmax"),))).preprocess(constant * np.nan)
    with pytest.raises(ValueError, match="spacing"):
        module_of(Recipe((Line("gaussian"),))).preprocess(constant)


def test_lines_without_a_short_form_are_called_with_their_frozen_numbers() -> None:
    lines = (Line("rescale", {"divide": 2.0}), Line("white_stripe", over="dataset", inside="all"), Line("minmax"))
    recipe = fit(Recipe(lines), [replace(suited_scan("zscore"), data=counts()[:3] / 200)])
    exported = export(recipe, "python")
    assert "prep_core must be installed: it is called by line_2_white_stripe." in exported.notes
    array = counts()
    assert np.array_equal(module_of(recipe).preprocess(array), recipe(array))


def test_channels_are_known_by_their_names() -> None:
    array = np.random.default_rng(0).random((3, 5, 6)).astype(np.float32)
    names = ("Red", "nir", "green")
    recipe = Recipe(
        (Line("select_channels", {"names": "NIR, 0"}), Line("band_index", {"index": "custom", "a": "nir", "b": "red"}))
    )
    result = module_of(recipe).preprocess(array, "CYX", channels=names)
    assert np.array_equal(result, recipe(array, "CYX", channels=names))
    with pytest.raises(ValueError, match="no one channel is NIR"):
        module_of(recipe).preprocess(array, "CYX")


def test_names_from_a_file_never_become_code() -> None:
    bad = "x\"\"\"; import os; '''; import os; '\\"
    lines = (Line("select_channels", {"names": "a'\"\\"}), Line("nlm"))
    recipe = Recipe(lines, name=bad)
    for target in ("python", "bioimageio", "monai"):
        try:
            text = export(recipe, target).text
        except ExportError:
            continue
        assert not imports_os(text)
    text = export(Recipe((Line("nlm"),), name=bad), "monai").text
    assert bad in text
    assert not imports_os(text)


def imports_os(text: str) -> bool:
    """Whether a program that Python takes has an import of os."""
    imports = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import))
    return any(name.name == "os" for node in imports for name in node.names)
