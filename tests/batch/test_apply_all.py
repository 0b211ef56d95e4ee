"""The coordinator: names in the order of the paths, results kept or made anew, and one broken scan stops nothing."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prep_core import Recipe, apply, load
from prep_core.batch import FolderError, apply_all, process
from prep_core.batch import apply_one as one
from prep_core.batch.aside import ASIDE
from prep_core.engine import Lost
from prep_core.scan import Scan
from tests.batch.batches import RECIPE, Backwards, files, image, run, write_scans

MASKED = Recipe.from_yaml("prep: 1\nsteps:\n- {step: threshold_mask, low: 0, high: 1}\n")
CASES = ("a/scan", "b/scan", "c/other", "d/scan")


def test_results_are_those_of_process(tmp_path: Path) -> None:
    (path,) = write_scans(tmp_path / "in", ["a"])
    run([path], tmp_path / "out", MASKED)
    (scan,) = load(path)
    result = process(MASKED, scan, "npy")
    found = files(tmp_path / "out")
    assert found["a.npy"] == result.data
    assert found["masks/a.npy"] == result.mask
    assert found["a.prep.json"].decode() == result.sidecar
    assert set(found) == {
        "a.npy",
        "a.prep.json",
        "masks/a.npy",
        "thumbnails/a.png",
        "report.json",
        "report.html",
    }


def test_the_order_of_answers_changes_nothing(tmp_path: Path) -> None:
    paths = [*write_scans(tmp_path / "in", CASES), str(tmp_path / "missing.npy")]
    forwards = run(paths, tmp_path / "forwards")
    assert run(paths, tmp_path / "backwards", engine=Backwards()) == forwards
    assert [outcome.file for outcome in forwards] == ["scan.npy", "scan_2.npy", "other.npy", "scan_3.npy", ""]
    assert files(tmp_path / "forwards") == files(tmp_path / "backwards")


def test_all_is_kept_and_the_reports_are_the_same(tmp_path: Path) -> None:
    paths = [*write_scans(tmp_path / "in", CASES), str(tmp_path / "missing.npy")]
    run(paths, tmp_path / "out")
    before = files(tmp_path / "out")
    again = run(paths, tmp_path / "out", resume=True)
    assert [outcome.kept for outcome in again] == [True, True, True, True, False]
    assert files(tmp_path / "out") == before


def test_a_scan_that_is_mended_moves_no_other(tmp_path: Path) -> None:
    """The second of three scans of one name fails at first; its name stays free for it."""
    paths = write_scans(tmp_path / "in", ["a/scan", "b/scan", "c/scan"])
    good = Path(paths[1]).read_bytes()
    Path(paths[1]).write_bytes(b"\x93NUMPY nothing")
    assert [outcome.file for outcome in run(paths, tmp_path / "out")] == ["scan.npy", "", "scan_3.npy"]
    Path(paths[1]).write_bytes(good)
    again = run(paths, tmp_path / "out", resume=True)
    assert [(outcome.file, outcome.kept) for outcome in again] == [
        ("scan.npy", True),
        ("scan_2.npy", False),
        ("scan_3.npy", True),
    ]
    run(paths, tmp_path / "fresh")
    assert files(tmp_path / "out") == files(tmp_path / "fresh")


@pytest.mark.parametrize("change", [[1, 2, 0], [2, 1], [0, 0, 1]])
def test_other_paths_give_what_they_give_in_an_empty_folder(tmp_path: Path, change: list[int]) -> None:
    """Scans of one name in another order: none may be taken for another, nor lie beside a sidecar of another."""
    paths = write_scans(tmp_path / "in", ["a/scan", "b/scan", "c/scan"])
    run(paths, tmp_path / "out")
    chosen = [paths[i] for i in change]
    outcomes = run(chosen, tmp_path / "out", resume=True)
    run(chosen, tmp_path / "fresh")
    fresh, found = files(tmp_path / "fresh"), files(tmp_path / "out")
    assert {name: found[name] for name in fresh} == fresh
    for outcome, i in zip(outcomes, change, strict=True):
        wanted = apply(RECIPE, Scan(image(i), "YX")).data
        np.testing.assert_array_equal(np.load(tmp_path / "out" / outcome.file), wanted)


def test_a_kept_result_whose_name_changed_is_made_anew(tmp_path: Path) -> None:
    """A file of two scans shifts the names behind it in a way that no path tells."""
    paths = write_scans(tmp_path / "in", ["a/scan", "b/scan-2"])

    def read(path: Path, **answers: Any) -> list[Scan]:
        (scan,) = load(path, **answers)
        return [scan, replace(scan, name="scan-2", data=scan.data + 1)] if path.parent.name == "a" else [scan]

    once = run(paths[1:], tmp_path / "out", read=read)
    assert [outcome.file for outcome in once] == ["scan-2.npy"]
    # Backwards, so that the old result is found before the other scan takes its name.
    both = run(paths, tmp_path / "out", read=read, resume=True, engine=Backwards())
    assert [(o.file, o.kept) for o in both] == [("scan.npy", False), ("scan-2.npy", False), ("scan-2_2.npy", False)]
    run(paths, tmp_path / "fresh", read=read)
    assert files(tmp_path / "out") == files(tmp_path / "fresh")


def test_scans_of_one_file_are_results_of_their_own(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", first=image(1), second=image(2))
    outcomes = run([str(tmp_path / "two.npz")], tmp_path / "out", read=_both)
    assert len({outcome.file for outcome in outcomes if outcome.ok}) == 2
    assert all(outcome.kept for outcome in run([str(tmp_path / "two.npz")], tmp_path / "out", read=_both, resume=True))


def _both(path: Path, **answers: Any) -> list[Scan]:
    return [scan for part in ("first", "second") for scan in load(path, **{**answers, "part": part})]


def test_a_lost_worker_costs_one_scan(tmp_path: Path) -> None:
    class Losing:
        def each(self, task: Any, items: Iterable[Any]) -> Iterator[tuple[int, Any]]:
            for place, item in enumerate(items):
                yield place, Lost("the worker was killed by signal 9") if place == 1 else task(item)

    outcomes = run(write_scans(tmp_path / "in", "abc"), tmp_path / "out", engine=Losing())
    assert [outcome.error for outcome in outcomes] == ["", "b.npy: the worker was killed by signal 9", ""]
    assert json.loads(files(tmp_path / "out")["report.json"])["failed"] == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [(ZeroDivisionError("by what"), "a fault of the program, not of the scan: ZeroDivisionError: by what"),
     (MemoryError(), "b needs more memory than there is; crop it or take larger voxels")],
)  # fmt: skip
def test_a_fault_in_one_scan_costs_that_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    real = one.work

    def work(recipe: Recipe, scan: Scan, format: str) -> Any:
        if scan.name == "b":
            raise fault
        return real(recipe, scan, format)

    monkeypatch.setattr(one, "work", work)
    outcomes = run(write_scans(tmp_path / "in", "abc"), tmp_path / "out")
    assert [outcome.error for outcome in outcomes] == ["", words, ""]


def test_a_full_disk_ends_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def put(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(one, "put", put)
    with pytest.raises(OSError, match="No space left"):
        run(write_scans(tmp_path / "in", "ab"), tmp_path / "out")
    assert files(tmp_path / "out") == {}
    assert not (tmp_path / "out" / ASIDE).exists()


def test_results_are_no_scans_of_the_next_batch(tmp_path: Path) -> None:
    write_scans(tmp_path / "in", "ab")
    for _ in range(2):
        outcomes = run([str(tmp_path)], tmp_path / "out", MASKED)
        assert [outcome.path for outcome in outcomes] == [str(tmp_path / "in" / f"{n}.npy") for n in "ab"]


@pytest.mark.parametrize("path", ["in/a.npy", "in", "in/masks"])
def test_scans_that_a_result_could_replace_are_refused(tmp_path: Path, path: str) -> None:
    write_scans(tmp_path / "in", ["a", "masks/m", "deeper/b"])
    before = files(tmp_path / "in")
    with pytest.raises(
        FolderError, match="lies where the results go and could be replaced by one; name another folder"
    ):
        run([str(tmp_path / path)], tmp_path / "in")
    assert files(tmp_path / "in") == before
    assert run([str(tmp_path / "in" / "deeper")], tmp_path / "in")[0].ok


def test_an_interrupted_run_has_no_report_and_goes_on(tmp_path: Path) -> None:
    paths = write_scans(tmp_path / "in", "abcd")
    run(paths, tmp_path / "out")
    wanted = files(tmp_path / "out")
    outcomes = apply_all(RECIPE, paths, tmp_path / "out", "npy")
    for _ in range(2):
        next(outcomes)
    outcomes.close()
    assert "report.json" not in files(tmp_path / "out")
    assert not (tmp_path / "out" / ASIDE).exists()
    assert all(outcome.kept for outcome in run(paths, tmp_path / "out", resume=True))
    assert files(tmp_path / "out") == wanted


def test_progress_counts_parts(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    run(write_scans(tmp_path / "in", "abc"), tmp_path / "out", progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_thumbnail_that_is_gone_or_damaged_is_made_anew(tmp_path: Path) -> None:
    paths = write_scans(tmp_path / "in", "ab")
    run(paths, tmp_path / "out")
    before = files(tmp_path / "out")
    (tmp_path / "out" / "thumbnails" / "a.png").unlink()
    (tmp_path / "out" / "thumbnails" / "b.png").write_bytes(before["thumbnails/b.png"][:-300])
    assert not any(outcome.kept for outcome in run(paths, tmp_path / "out", resume=True))
    assert files(tmp_path / "out") == before
