"""The command apply as a shell sees it: many scans with corrupt ones, warnings, an interruption, a second run."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from prep_core.batch import Outcome
from prep_core.batch.aside import reserved
from prep_core.cli import applying, main
from tests.batch.batches import RECIPE, files, write_scans

CORRUPT = (7, 20, 33, 59)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty scans, four of them corrupt, each in its own way."""
    (tmp_path / "r.yaml").write_text(RECIPE.to_yaml())
    paths = write_scans(tmp_path / "in", [f"s{i:02d}" for i in range(60)])
    contents = [b"", b"\x93NUMPY nothing", Path(paths[33]).read_bytes()[:-7], b"a text"]
    for i, content in zip(CORRUPT, contents, strict=True):
        Path(paths[i]).write_bytes(content)
    return tmp_path


def call(folder: Path, out: str = "out", *more: str) -> list[str]:
    return ["apply", str(folder / "r.yaml"), str(folder / "in"), "-o", str(folder / out), "--format", "npy", *more]


def test_corrupt_scans_are_named_and_the_rest_is_done(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(call(folder)) == 8
    report = json.loads((folder / "out" / "report.json").read_text())
    assert (report["done"], report["failed"]) == (56, 4)
    bad = [str(folder / "in" / f"s{i:02d}.npy") for i in CORRUPT]
    reasons = {scan["path"]: scan["error"] for scan in report["scans"] if not scan["ok"]}
    assert list(reasons) == bad
    rows = csv.DictReader(StringIO((folder / "out" / "failed.csv").read_text()))
    assert [(row["path"], row["reason"]) for row in rows] == list(reasons.items())
    assert len(list((folder / "out").glob("*.npy"))) == 56
    told = capsys.readouterr().err.splitlines()
    assert [line for line in told if line.startswith("failed: ")] == [
        f"failed: {reason}" for reason in reasons.values()
    ]
    assert told[-1] == f"56 done, 4 failed: see {folder / 'out' / 'report.html'}"

    before = files(folder / "out")
    assert main(call(folder, "out", "--resume")) == 8
    assert capsys.readouterr().err.count("kept: ") == 56
    assert files(folder / "out") == before


def outcomes_of(*found: Outcome | BaseException) -> Any:
    def apply_all(*_: Any, **__: Any) -> Iterator[Outcome]:
        for one in found:
            if isinstance(one, BaseException):
                raise one
            yield one

    return apply_all


def test_warnings_are_told_and_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    warned = Outcome("b", "b", "b.npy", warnings=("one thing", "another"))
    monkeypatch.setattr(applying, "apply_all", outcomes_of(Outcome("a", "a", "a.npy"), warned))
    assert main(call(folder)) == 0
    assert capsys.readouterr().err.splitlines() == [
        "a.npy",
        "b.npy",
        "warning: b.npy: one thing",
        "warning: b.npy: another",
        f"2 done, 0 failed, 1 with warnings: see {folder / 'out' / 'report.html'}",
    ]


def test_an_interruption_says_how_to_go_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(applying, "apply_all", outcomes_of(Outcome("a", "a", "a.npy"), KeyboardInterrupt()))
    assert main(call(folder)) == 9
    assert capsys.readouterr().err.splitlines() == [
        "a.npy",
        "interrupted after 1 scan; what is written is whole; the same command with --resume goes on",
    ]


def test_a_folder_in_use_and_scans_among_results_are_wrong_calls(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "out").mkdir()
    with reserved(folder / "out"):
        assert main(call(folder)) == 2
    assert capsys.readouterr().err == (
        f"another run writes into {folder / 'out'} now; one folder takes one run at a time: "
        "wait for its end, or name another\n"
    )
    before = files(folder / "in")
    assert main(call(folder, "in")) == 2
    assert "lies where the results go" in capsys.readouterr().err
    assert files(folder / "in") == before
