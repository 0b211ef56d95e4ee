"""The command `suggest`."""

from pathlib import Path

import numpy as np
import pytest

from prep_core import Recipe, load, suggest
from prep_core.cli import main


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.npy"
    np.save(path, np.random.default_rng(0).uniform(100, 900, (3, 32, 32)).astype(np.float32))
    return path


def test_the_recipe_goes_to_stdout_with_its_reasons(scan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", str(scan), "--axes", "ZYX", "--modality", "MR"]) == 0
    out, err = capsys.readouterr()
    wanted = suggest(load(scan, axes="ZYX", modality="MR")[0])
    assert out == wanted.to_yaml()
    assert Recipe.from_yaml(out) == wanted.recipe
    assert "#    Why: 99 % of the values of the foreground lie from" in out
    assert err == ""


def test_the_recipe_is_written_and_what_waits_is_told(scan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = scan.with_name("recipe.yaml")
    assert main(["suggest", str(scan), "--axes", "CYX", "--modality", "MSI", "-o", str(target)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "Taken as bands" in err
    assert "line 1 waits for its training set" in err
    assert Recipe.from_yaml(target.read_text()).lines[0].step == "percentile_rescale"


def test_of_several_scans_the_first_is_taken_and_told(scan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(scan.with_name("second.npy"), np.ones((3, 32, 32), np.float32))
    assert main(["suggest", str(scan.parent), "--axes", "ZYX"]) == 0
    assert "holds several scans; this is for the first, scan" in capsys.readouterr().err


@pytest.mark.parametrize("values", [np.full((8, 8), np.nan, np.float32), None], ids=["empty", "broken"])
def test_a_scan_that_says_nothing_fails(
    values: np.ndarray | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.npy"
    path.write_bytes(b"not an array") if values is None else np.save(path, values)
    assert main(["suggest", str(path)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "bad" in err
