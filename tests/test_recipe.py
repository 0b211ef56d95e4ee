"""What a recipe file may say, and what is said about one that says something else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.line import Line, RecipeError
from prep_core.recipe import Recipe
from prep_core.recipe_yaml import MAX_LINES, as_name
from prep_core.run import fit
from tests.strategies import unit_scan

HEAD = "prep: 1\nsteps:\n"

COMPLAINTS = {
    "": "the recipe is empty",
    "- 1\n- 2": "must be a mapping at the top",
    "steps: []": "prep must be 1, got None",
    "prep: 2\nsteps: []": "prep must be 1, got 2",
    "prep: true\nsteps: []": "prep must be 1, got True",
    "prep: 1\nsteps: 5": "steps must be a list of lines, got int",
    "prep: 1\nauthor: me\nsteps: []": "unknown key author; it has prep, name, modality, steps, trained_on, lock",
    HEAD + "- 5": "line 1: must be a mapping that begins with step: NAME",
    HEAD + "- {step: clip}\n- {step: frobnicate}": "line 2: unknown step 'frobnicate'; there are magnitude",
    HEAD + "- {step: clahee}": "line 1: unknown step 'clahee'; did you mean clahe?",
    HEAD + "- {step: decibel, percentile: 250}": ("line 1: decibel percentile must be float from 0 to 100 %, got 250"),
    HEAD + "- {step: clip, lo: 1}": "line 1: clip has no parameter lo; it has low, high",
    HEAD + "- {step: clip, low: 5, high: 1}": "line 1: clip low must be below high, got low 5 and high 1",
    HEAD + "- {step: clip, low: '5'}": "line 1: clip low must be float from -1e+09 to 1e+09 image units, got '5'",
    HEAD + "- {step: clip, low: true}": "got True",
    HEAD + "- {step: window, function: cubic}": (
        "window function must be one of linear_exact, linear, sigmoid, got 'cubic'"
    ),
    HEAD + "- {step: window, function: linear, width: 0.5}": "width must be at least 1 for function linear",
    HEAD + "- {step: resample, spacing: [1, 2]}": "resample spacing must be 3 floats",
    HEAD + "- {step: clip, over: dataset}": "clip measures nothing, so it has no over",
    HEAD + "- {step: zscore, per: patient}": "zscore per must be one of all, channel, frame, plane, got 'patient'",
    HEAD + "- {step: zscore, fitted: {mean: 1}}": "zscore fitted must hold numbers, scans, voxels and after",
    HEAD + "- {step: clip, low: .nan}": "text line 3: .nan is ambiguous",
    HEAD + "- {step: clip, low: 1e999}": "1e999 is not a finite number",
    HEAD + "- {step: clip, low: 1, low: 2}": "text line 3: duplicate key 'low'",
    HEAD + "- {step: clip, low: 010}": "010 is ambiguous",
    HEAD + "- {step: clip, high: 1:30}": "1:30 is ambiguous",
    "prep: 1\nsteps: &a [*a]": "anchors and aliases",
    "prep: 1\nsteps: !!python/object/apply:os.system [ls]": "tag .* is not allowed",
    "prep: 1\nsteps: []\n---\nprep: 1": "text line 3: a recipe is exactly one document",
    "prep: 1\nsteps: [1": "text line 2: not valid YAML",
    "prep: 1\nsteps: []\nname: [x]": "name must be one line of text",
    "prep: 1\nname: " + "x" * 2_100_000: "a recipe may have 2097152 bytes",
    "prep: 1\nsteps: [" + "1," * 120_000 + "1]": "text line 2: a recipe may have 120000 keys and values",
    HEAD + "- {step: clip}\n" * (MAX_LINES + 1): "a recipe may have 50 lines",
    'prep: 1\nname: "\\U00110000"': "text line 2: not valid YAML: an escaped character or a version is too large",
    'prep: 1\nname: "\\UFFFFFFFF"': "text line 2: not valid YAML: an escaped character or a version is too large",
    f"%YAML 1.{'9' * 5000}\n---\n": "text line 1: not valid YAML: an escaped character or a version is too large",
    'prep: 1\nname: "\\ud800"': "text line 2: '.*ud800' holds half of a character; write the whole character",
    "prep: 1\n\nname: a\0b": "text line 3: the character U.0000 is not allowed; remove it$",
    'prep: 1\nsteps: []\n? "a\\nb"\n: 1': "a key must be one line of at most 80 characters, got 'a.*nb'",
    "k" * 90 + ": 1": "text line 1: a key must be one line of at most 80 characters",
    "".join(f"k{i}: 1\n" for i in range(2000)): "text line 1001: a mapping may have 1000 keys, this has more",
    HEAD + "- {step: " + "x" * 3000 + "}": "^line 1: unknown step 'x{56}...; there are magnitude",
    HEAD
    + "- {step: clip, "
    + ", ".join(f"k{i}: 1" for i in range(500))
    + "}": "no parameter k0, k1, k10, .*k1...; it has low, high$",
    f"prep: !{'x' * 3000} 1": "text line 1: the tag !x{56}... is not allowed; a recipe holds plain values only$",
    f"prep: {'x' * 3000}": "prep must be 1, got 'x{56}...; a recipe begins with prep: 1$",
    "prep: 1\nsteps: " + "[" * 40 + "]" * 40: "nested deeper than 12",
}


@pytest.mark.parametrize(("text", "complaint"), COMPLAINTS.items(), ids=range(len(COMPLAINTS)))
def test_a_complaint_names_line_step_parameter_rule_and_value(text: str, complaint: str) -> None:
    with pytest.raises(RecipeError, match=complaint.replace("[", r"\[").replace("+", r"\+").replace("?", r"\?")):
        Recipe.from_yaml(text)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(RecipeError, match="not UTF-8 text: byte 0"):
        Recipe.from_yaml(b"\xff\xfe")


@given(text=st.text(max_size=300))
def test_any_text_is_a_recipe_or_a_complaint(text: str) -> None:
    try:
        Recipe.from_yaml(text)
    except RecipeError as error:
        assert str(error)


def test_every_default_is_written_out_and_numbers_are_those_of_yaml_1_2() -> None:
    recipe = Recipe.from_yaml(HEAD + "- {step: rescale, divide: 1e-3}\n- {step: zscore}")
    assert recipe.lines[0].params == {"subtract": 0.0, "divide": 0.001}
    assert "over: image\n  per: all\n  inside: all" in recipe.to_yaml()


def test_numbers_fitted_below_other_lines_are_refused() -> None:
    fitted = fit(Recipe((Line("window"), Line("zscore", over="dataset"))), [unit_scan()])
    with pytest.raises(RecipeError, match="line 2: zscore was fitted below other lines; fit the recipe again"):
        Recipe.from_yaml(fitted.to_yaml().replace("width: 400.0", "width: 401.0"))


def test_editing_drops_only_what_is_no_longer_true() -> None:
    lines = (Line("zscore", over="dataset"), Line("clip"), Line("minmax", over="dataset"))
    fitted = fit(Recipe(lines), [unit_scan()])
    first, _, last = fitted.lines
    edited = fitted.edited((first, Line("clip", {"high": 2}), last))
    assert edited.lines[0].fitted == first.fitted
    assert edited.lines[2].fitted is None
    assert edited.trained_on == fitted.trained_on
    assert fitted.edited([replace(first, fitted=None)]).trained_on is None


def test_the_digest_ignores_the_name_and_sees_every_number() -> None:
    one = Recipe((Line("clip"),), name="a")
    assert one.digest == Recipe((Line("clip"),), name="b").digest
    assert one.digest != Recipe((Line("clip", {"high": np.nextafter(1.0, 2).item()}),)).digest


@pytest.mark.parametrize("name", ["Y", "no", "1e3", "010", "1:30", ".nan", "null", "~", "true", "12", "0x1F", "plain"])
def test_a_name_that_looks_like_another_value_comes_back_as_text(name: str) -> None:
    assert Recipe.from_yaml(Recipe(name=name).to_yaml()).name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("mine", "mine"), ("  a\n\tb ", "a b"), ("\ufeff\x07", "recipe"), ("a\x1b[31m", "a[31m"), ("x" * 300, "x" * 200)],
)
def test_any_text_can_be_made_a_name_that_comes_back(text: str, name: str) -> None:
    assert as_name(text) == name
    assert Recipe.from_yaml(Recipe(name=as_name(text)).to_yaml()).name == name


@pytest.mark.parametrize("name", ["a\nb", "\x07", "\ud800", "x" * 201])
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    with pytest.raises(RecipeError, match="name must be one line of text of at most 200 characters"):
        Recipe(name=name)
    with pytest.raises(RecipeError, match="modality must be one line of text of at most 200 characters"):
        Recipe(modality=name)
