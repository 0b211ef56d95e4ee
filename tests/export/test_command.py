"""The command `export`, as typed."""

from pathlib import Path

import pytest

from prep_core.cli import main
from prep_core.export import export
from prep_core.line import Line
from prep_core.recipe import Recipe

RECIPE = Recipe((Line("window"), Line("zscore")))


@pytest.fixture
def recipe(tmp_path: Path) -> str:
    file = tmp_path / "recipe.yaml"
    file.write_text(RECIPE.to_yaml(), "utf-8")
    return str(file)


def test_text_goes_to_standard_output_and_notes_beside_it(recipe: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", recipe, "--to", "monai"]) == 0
    told = capsys.readouterr()
    exported = export(RECIPE, "monai")
    assert told.out == exported.text
    assert told.err.splitlines() == list(exported.notes)


def test_a_file_is_written_where_one_is_named(recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "preprocess.py"
    assert main(["export", recipe, "--to", "python", "-o", str(out)]) == 0
    assert out.read_text("utf-8") == export(RECIPE, "python").text
    assert capsys.readouterr().out == ""


def test_a_refusal_names_the_line_and_writes_nothing(
    recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "plans.json"
    assert main(["export", recipe, "--to", "nnunet", "-o", str(out)]) == 2
    assert "nnU-Net cannot do this recipe exactly" in capsys.readouterr().err
    assert not out.exists()
