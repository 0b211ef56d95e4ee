"""Series that share a folder, through a batch, a fit and the page: a task each, and none spoils another."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.uid import generate_uid

from prep_core import Recipe, fit, load
from prep_core.batch import TrainingFiles, loaded, parts_in, paths_in, process
from prep_core.batch.listed import rows_of
from prep_core.batch.part import called
from prep_core.cli import main
from prep_core.cohort import named_scans
from prep_core.engine import Here
from prep_core.io import Series
from prep_ui.dataset.folders import read_folder
from prep_ui.dataset.members import GoneError, Member, Open
from prep_ui.session.bounds import Bounds
from prep_ui.session.store import ScanStore
from tests.batch.batches import files, run
from tests.io.dicom.slices import dataset, plane, save
from tests.io.test_folder_parts import report, two_series

DAMAGED = (3, 8)
RECIPE = Recipe.from_yaml("prep: 1\nsteps:\n- {step: zscore}\n")
FITTED = Recipe.from_yaml("prep: 1\nsteps:\n- {step: minmax, over: dataset}\n")


class Counting:
    """An engine that keeps what it was given."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def each(self, task: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        self.items = list(items)
        return iter(Here().each(task, self.items))


@pytest.fixture
def chests(tmp_path: Path) -> Path:
    """Twelve radiographs with a table of contents; two of them end in the middle of their pixels."""
    folder = tmp_path / "in"
    for i in range(12):
        tags = {"SeriesInstanceUID": generate_uid(), "Modality": "DX", "ImagePositionPatient": None}
        path = save(folder / f"x{i:02d}.dcm", dataset(plane(i), **tags))
        if i in DAMAGED:
            path.write_bytes(path.read_bytes()[:-10])
    report(folder / "DICOMDIR")
    return folder


def test_damaged_radiographs_are_named_and_the_rest_is_done(chests: Path, tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(RECIPE.to_yaml())
    words = ["apply", str(tmp_path / "r.yaml"), str(chests), "-o", str(tmp_path / "out"), "--format", "npy"]
    assert main(words) == 8
    told = json.loads((tmp_path / "out" / "report.json").read_text())
    assert (told["done"], told["failed"]) == (10, 2)
    reasons = {scan["path"]: scan["error"] for scan in told["scans"] if not scan["ok"]}
    assert list(reasons) == [str(chests / f"x{i:02d}.dcm") for i in DAMAGED]
    assert all(f"{Path(path).name} is truncated" in reason for path, reason in reasons.items())


def test_each_radiograph_is_a_task(chests: Path, tmp_path: Path) -> None:
    engine = Counting()
    run([str(chests)], tmp_path / "out", RECIPE, engine=engine)
    assert [item.part for item in engine.items] == [str(chests / f"x{i:02d}.dcm") for i in range(12)]


def test_results_of_series_are_those_of_the_whole_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = two_series(tmp_path / "in" / "head")
    monkeypatch.chdir(tmp_path)
    engine = Counting()
    outcomes = run(["in"], tmp_path / "out", RECIPE, engine=engine)
    assert [item.part.absolute() == item.part for item in engine.items] == [True, True]
    assert [(o.path, o.name) for o in outcomes] == [("in/head", "head-series4"), ("in/head", "head-series9")]
    found = files(tmp_path / "out")
    for scan in load(folder):
        wanted = process(RECIPE, scan, "npy")
        assert found[f"{scan.name}.npy"] == wanted.data
        assert found[f"{scan.name}.prep.json"].decode() == wanted.sidecar
    assert all(outcome.kept for outcome in run(["in"], tmp_path / "out", RECIPE, resume=True))


def test_guarded_processes_read_series(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = two_series(tmp_path / "head")
    assert main(["inspect", str(folder), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert [scan["name"] for scan in told["scans"]] == ["head-series4", "head-series9"]
    assert [found.part for found in loaded([str(folder)])] == parts_in(str(folder))


def test_a_tree_is_divided_folder_by_folder(tmp_path: Path) -> None:
    two_series(tmp_path / "a")
    report(tmp_path / "b" / "report.dcm")
    save(tmp_path / "c" / "one.dcm", dataset())
    first, second, third = parts_in(str(tmp_path))
    assert [called(first), called(second), third] == ["a-series4", "a-series9", str(tmp_path / "c")]
    assert parts_in(str(tmp_path / "b")) == [str(tmp_path / "b")]


def test_a_list_sees_radiographs_by_themselves_and_a_shared_folder_as_one(chests: Path, tmp_path: Path) -> None:
    assert paths_in(str(chests)) == parts_in(str(chests))
    folder = two_series(tmp_path / "head")
    np.save(folder / "array.npy", np.ones((4, 5), np.float32))
    assert paths_in(str(folder)) == [str(folder)]
    entries = named_scans([str(folder)], paths_in)
    assert [row.part for row in rows_of(entries, {})] == parts_in(str(folder))


def test_a_fit_sees_every_series_once(tmp_path: Path) -> None:
    folder = two_series(tmp_path / "head")
    rows = rows_of(named_scans([str(folder)], paths_in), {})
    assert [str(row) for row in rows] == ["head-series4, scan 1 of 1", "head-series9, scan 1 of 1"]
    engine = Counting()
    (line,) = fit(FITTED, TrainingFiles(rows, load, engine)).lines
    assert line.fitted is not None
    assert (line.fitted.scans, line.fitted.voxels) == (2, 5 * plane().size)
    assert [row.part.folder for row in engine.items if isinstance(row.part, Series)] == [str(folder)] * 2


def test_the_page_reads_series_and_sees_when_a_file_changed(tmp_path: Path) -> None:
    folder = two_series(tmp_path / "head")
    for file in folder.iterdir():
        os.utime(file, (1, 1))
    read = read_folder(folder, load, lambda _: None)
    assert [scan.name for scan in read.scans] == ["head-series4", "head-series9"]
    assert len({scan.identity for scan in read.scans}) == 2
    members = [Member(scan.name, scan, "training") for scan in read.scans]
    source = Open(ScanStore(Bounds()), load)
    assert [scan.size("Z") for scan in source.each(members)] == [3, 2]
    (folder / "IM001x0.dcm").unlink()
    assert next(source.each(members[:1])).size("Z") == 3
    with pytest.raises(GoneError, match="head-series9 changed since the folder was read"):
        list(source.each(members[1:]))
