"""docs/batch.md: its program runs, and its example of the report has the keys of a real one."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.batch.batches import RECIPE, run, write_scans

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "batch.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "recipe.yaml").write_text(RECIPE.to_yaml())
    write_scans(tmp_path / "scans", "ab")
    (tmp_path / "scans" / "z.npy").write_bytes(b"nothing")
    return tmp_path


def test_the_program_runs_as_it_stands(folder: Path) -> None:
    (code,) = blocks("python")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    told = done.stdout.splitlines()
    assert told[:2] == ["scans/a.npy a.npy", "scans/b.npy b.npy"]
    assert told[2].startswith("scans/z.npy z.npy ")


def test_the_example_has_the_keys_of_a_report(folder: Path) -> None:
    (example,) = (json.loads(block) for block in blocks("json"))
    run([str(folder / "scans")], folder / "out")
    report = json.loads((folder / "out" / "report.json").read_text())
    done, failed = report["scans"][0], report["scans"][-1]
    assert list(example) == list(done)
    assert all(list(example[key]) == list(done[key]) for key in ("figures", "outlier"))
    assert list(example["cut"][0]) == list(done["cut"][0])
    listed = re.search(r"`report.json` holds (.*?):\n\n", TEXT, re.DOTALL)
    assert listed is not None
    assert re.findall(r"`(\w+)`", listed[1]) == list(report)
    assert all(f"`{key}`" in TEXT for key in failed)
