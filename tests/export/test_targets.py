"""Who can do which recipe, what is refused, and what is said; the libraries themselves run in `targets/check.py`."""

import ast
import json
from pathlib import Path

import pytest
import yaml

from prep_core.export import TARGETS, ExportError, export
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from tests.export.cases import CASES, DATASET, Case
from tests.strategies import unit_scan


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_case_is_done_by_whom_it_says_and_by_nobody_else(case: Case) -> None:
    done = []
    for target in TARGETS:
        try:
            export(case.recipe, target)
        except ExportError as error:
            assert all(reason.startswith("line ") or target == "nnunet" for reason in error.reasons)
        else:
            done.append(target)
    assert done == [target for target in TARGETS if target in case.targets]


@pytest.mark.parametrize("target", TARGETS)
def test_a_recipe_that_waits_for_its_training_set_is_refused(target: str) -> None:
    recipe = Recipe((Line("clip"), Line("zscore", over=DATASET)))
    with pytest.raises(ExportError, match="line 2: zscore is measured over a dataset; fit the recipe"):
        export(recipe, target)


@pytest.mark.parametrize("target", ["monai", "torchio"])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_code_is_whole(target: str, case: Case) -> None:
    if target not in case.targets:
        return
    tree = ast.parse(export(case.recipe, target).text)
    made = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    made |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    made |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    made |= {
        (a.asname or a.name) for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names
    }
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    assert used - made <= set(dir(__builtins__)) | set(__builtins__ if isinstance(__builtins__, dict) else ())
    assert "preprocess" in made


def entries(*lines: Line) -> list[dict[str, object]]:
    recipe = Recipe(lines)
    recipe = fit(recipe, [unit_scan("CZYX")]) if recipe.waiting else recipe
    return yaml.safe_load(export(recipe, "bioimageio").text)["preprocessing"]


def test_bioimageio_has_the_ids_and_kwargs_of_its_specification() -> None:
    single = {"id": "ensure_dtype", "kwargs": {"dtype": "float32"}}
    assert entries() == [single]
    assert entries(Line("clip", {"low": -1.0, "high": 2.0})) == [
        single,
        {"id": "clip", "kwargs": {"min": -1.0, "max": 2.0}},
        single,
    ]
    (_, scaled, clipped, _) = entries(Line("percentile_rescale", per="channel"))
    assert scaled["id"] == "scale_range"
    assert scaled["kwargs"] == {"axes": ["z", "y", "x"], "min_percentile": 1.0, "max_percentile": 99.8, "eps": 1e-12}
    assert clipped == {"id": "clip", "kwargs": {"min": 0.0, "max": 1.0}}
    (_, window, squashed, _) = entries(Line("window", {"center": 40.0, "width": 400.0, "function": "sigmoid"}))
    assert window == {"id": "scale_linear", "kwargs": {"gain": 0.01, "offset": -0.4}}
    assert squashed == {"id": "sigmoid"}
    (_, frozen, _) = entries(Line("zscore", over=DATASET, per="channel"))
    assert frozen["kwargs"].keys() == {"axis", "gain", "offset"}


def test_nnunet_has_the_entries_of_its_plans() -> None:
    line = Line("resample", {"spacing": (3.0, 1.0, 1.0), "antialias": False})
    recipe = fit(Recipe((Line("clip", {"low": 0.1, "high": 0.9}), Line("zscore", over=DATASET), line)), [unit_scan()])
    plans = json.loads(export(recipe, "nnunet").text)
    properties = plans["foreground_intensity_properties_per_channel"]["0"]
    assert (properties["percentile_00_5"], properties["percentile_99_5"]) == (0.1, 0.9)
    assert properties["mean"] == recipe.lines[1].fitted.numbers["mean"]
    configuration = plans["configurations"]["3d_fullres"]
    assert configuration["normalization_schemes"] == ["CTNormalization"]
    assert configuration["use_mask_for_norm"] == [False]
    assert configuration["spacing"] == [3.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("target", "lines", "reason"),
    [
        ("monai", [Line("resample")], "line 1: resample moves the grid"),
        ("torchio", [Line("gaussian")], "line 1: gaussian needs the voxel size"),
        ("torchio", [Line("n4")], "line 1: n4 needs the voxel size"),
        ("torchio", [Line("crop_or_pad"), Line("zscore")], "line 2: zscore would take the voxels that line 1 adds"),
        ("monai", [Line("select_channels", {"names": "nir"})], "line 1: select_channels names channels"),
        ("python", [Line("band_index")], "line 1: band_index finds its bands by the names"),
        ("python", [Line("zscore", inside="mask")], "line 1: zscore needs a mask"),
        ("bioimageio", [Line("log")], "line 1: log has no form in bioimage.io"),
        ("bioimageio", [Line("zscore", inside="foreground")], "line 1: zscore is measured inside foreground"),
        ("bioimageio", [Line("zscore", per="frame")], "line 1: zscore is measured per frame"),
        ("bioimageio", [Line("percentile_clip")], "line 1: percentile_clip is measured on the image"),
        ("nnunet", [Line("resample"), Line("zscore")], "line 1: resample is not the last line"),
        ("nnunet", [Line("zscore"), Line("resample")], "line 2: resample is the same in nnU-Net only with"),
        ("nnunet", [Line("zscore", inside="positive")], "it knows no line at all, zscore of each image"),
        ("nnunet", [Line("minmax", {"out_low": -1.0})], "it knows no line at all"),
    ],
)
def test_what_a_target_cannot_do_is_refused_with_the_line_and_the_reason(
    target: str, lines: list[Line], reason: str
) -> None:
    with pytest.raises(ExportError) as error:
        export(Recipe(tuple(lines)), target)
    assert any(found.startswith(reason) for found in error.value.reasons)


def test_every_line_at_fault_is_named_at_once() -> None:
    with pytest.raises(ExportError) as error:
        export(Recipe((Line("log"), Line("clip"), Line("gamma"))), "bioimageio")
    assert [reason[:13] for reason in error.value.reasons] == ["line 1: log h", "line 3: gamma"]


def test_differences_are_said() -> None:
    lines = (Line("percentile_rescale"),)
    assert any("torch.quantile" in note for note in export(Recipe(lines), "monai").notes)
    assert any("percentiles are equal" in note for note in export(Recipe(lines), "torchio").notes)
    assert "ddof 1" in " ".join(export(Recipe((Line("zscore"),)), "torchio").notes)
    assert "margins that are 0" in " ".join(export(Recipe((Line("zscore"),)), "nnunet").notes)
    assert export(Recipe((Line("clip"),)), "python").notes == ()


def test_the_table_of_the_docs_is_of_these_cases() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "export.md").read_text("utf-8")
    rows = page.split("<!-- targets: begin -->\n")[1].split("<!-- targets: end -->")[0].splitlines()[2:]
    shown = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [(name, [cell != "refused" for cell in cells]) for name, *cells in shown] == [
        (case.name, [target in case.targets for target in TARGETS]) for case in CASES
    ]
