"""The command `presets`."""

from pathlib import Path

import pytest

from prep_core import Recipe
from prep_core.cli import main
from prep_core.recipe_presets import RECIPE_PRESETS


def test_all_are_listed_with_their_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    out = capsys.readouterr().out
    rows = out.splitlines()
    assert [row for row in rows if not row.startswith(" ")] == list(RECIPE_PRESETS)
    assert all(f"  {preset.link}" in rows for preset in RECIPE_PRESETS.values())


def test_one_is_written_as_a_recipe_that_reads_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "recipe.yaml"
    assert main(["presets", "nnunet_ct", "-o", str(target)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "line 1 waits for its training set: measure it with fit before apply\n"
    assert Recipe.from_yaml(target.read_bytes()) == RECIPE_PRESETS["nnunet_ct"].recipe
    assert main(["presets", "cellpose"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert Recipe.from_yaml(out) == RECIPE_PRESETS["cellpose"].recipe


def test_an_unknown_one_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets", "cellpos"]) == 2
    assert capsys.readouterr().err.startswith("unknown preset 'cellpos'; there are nnunet_ct, ")
