"""What the command line says when arguments or places are wrong: one line, in the words of who typed them."""

from contextlib import suppress
from pathlib import Path

import pytest

from prep_core.cli import main
from prep_core.recipe_presets import RECIPE_PRESETS


@pytest.fixture
def recipe(tmp_path: Path) -> str:
    path = tmp_path / "grey.yaml"
    path.write_text("prep: 1\nsteps:\n- {step: zscore}\n")
    return str(path)


def test_what_files_and_arguments_are_called_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["check", "a\nb\x1b[31m.yaml"], ["steps", "clip", "a\nb\x1b[31m.yaml"]):
        with suppress(SystemExit):
            assert main(words) == 2
        last = capsys.readouterr().err.splitlines()[-1]
        assert "a?b?[31m.yaml" in last


def test_a_spacing_that_is_none_is_refused_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["inspect", "x.npy", "--spacing", "1;2"])
    assert "argument --spacing: must be sizes in mm such as 2.5,0.7,0.7, got '1;2'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["presets", "{key}"], ["export", "{recipe}", "--to", "python"]], ids=["presets", "export"]
)
def test_an_output_in_no_folder_is_refused_by_the_name_it_was_given(
    words: list[str], recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [word.format(key=next(iter(RECIPE_PRESETS)), recipe=recipe) for word in words]
    output = tmp_path / "no" / "folder" / "a.yaml"
    assert main([*said, "-o", str(output)]) == 2
    asked = f"{output} cannot be written: there is no folder {output.parent}; make it first\n"
    assert capsys.readouterr().err == asked
    assert main([*said, "-o", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path} cannot be written: Is a directory\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grey.yaml"]
