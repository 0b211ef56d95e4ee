"""The figures of the fuzzing say what is kept, and the corpus is opened as a page opens it."""

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fuzz.kept import Stretch
from tests.fuzz.part import Part, Seen
from tests.fuzz.readers import Result
from tests.reliability import fuzzing
from tests.reliability.fuzzing import figure_of, figures
from tests.reliability.hostile_corpus import corpus_figures
from tests.ui.dashboard import npy


def cases(first: int) -> Iterator[Seen]:
    while True:
        first += 1
        yield repeat(str(first))


def repeat(case: str) -> Seen:
    return Seen(case, "read", "", 0.5, case == "bad")


PART = Part("things", "each read", 0.2, cases, repeat)
DONE = (
    Stretch("a", "2026-01-02", 0, 3, 0.1, 2.0, {"read": 2, "refused": 1}),
    Stretch("a", "2026-01-03", 3, 2, 0.1, 1.0, {"read": 1, "crash": 1}, ("good",)),
)


def test_a_figure_adds_up_what_is_kept_and_tries_again_what_failed() -> None:
    figure = figure_of("a", PART, DONE)
    assert figure.holds
    assert figure.measured == (
        "5 in 0 s, 3 read, 1 refused, 1 made their decoder crash in its child and were refused, "
        "the slowest took 2.0 s, 1 failed once and no more, 0 failed"
    )
    bad = Stretch("a", "2026-01-04", 5, 1, 0.1, 1.0, {"read": 1}, ("bad",))
    worse = figure_of("a", PART, (*DONE, bad))
    assert not worse.holds
    assert worse.measured.endswith("1 failed once and no more, 1 failed (bad)")


def test_a_part_that_was_tried_for_too_short_a_time_does_not_hold() -> None:
    long = Part("things", "each read", 600.0, cases, repeat)
    assert not figure_of("a", long, DONE).holds
    assert not figure_of("a", PART, ()).holds


def test_the_figures_are_those_of_the_corpus_and_of_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "corpus_figures", lambda told: [])
    lines: list[str] = []
    found = figures(lines.append, tmp_path / "kept.jsonl", {"a": PART, "b": PART})
    assert [figure.claim for figure in found] == ["a: things for 0 s", "b: things for 0 s"]
    assert all(figure.holds for figure in found)
    assert len((tmp_path / "kept.jsonl").read_text().splitlines()) >= 2
    assert lines[-1].startswith("b: ")


def packed(folder: Path, files: dict[str, tuple[str, bytes]]) -> Path:
    """A corpus of these files, by name with their kind."""
    for name, (_, data) in files.items():
        (folder / name).write_bytes(data)
    described = [{"id": name, "file": name, "kind": kind} for name, (kind, _) in files.items()]
    (folder / "manifest.json").write_text(json.dumps({"cases": described}))
    archive = folder / "corpus.tar.xz"
    with tarfile.open(archive, "w:xz") as written:
        for name in (*files, "manifest.json"):
            written.add(folder / name, name)
    return archive


def test_the_corpus_is_read_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "a.npy": ("file", npy(np.zeros((4, 5), np.int16))),
        "cut.npy": ("file", npy(np.zeros((4, 5), np.int16))[:-3]),
        "good.yaml": ("recipe", b"prep: 1\nsteps: []\n"),
        "bad.yaml": ("recipe", b"prep: 1\nsteps: [*a]\n"),
    }
    archive = packed(tmp_path, files)
    (figure,) = corpus_figures(lambda line: None, archive)
    assert figure.holds
    assert figure.measured.startswith("4 cases: 2 read, 2 refused in a sentence, 0 crashed")
    monkeypatch.setattr(
        "tests.reliability.hostile_corpus.read", lambda reader, path, name: Result("bad sentence", "", 0.1)
    )
    (figure,) = corpus_figures(lambda line: None, archive)
    assert not figure.holds
    assert figure.measured.endswith("2 failed: a.npy (bad sentence), cut.npy (bad sentence)")


def test_what_a_hostile_file_wrote_is_seen(tmp_path: Path) -> None:
    archive = packed(tmp_path, {"good.yaml": ("recipe", b"prep: 1\nsteps: []\n"), "sec_pwned_1": ("recipe", b"")})
    (figure,) = corpus_figures(lambda line: None, archive)
    assert not figure.holds
    assert figure.measured.endswith("1 failed: sec_pwned_1")


def test_without_a_corpus_that_is_said(tmp_path: Path) -> None:
    lines: list[str] = []
    assert corpus_figures(lines.append, tmp_path / "corpus.tar.xz") == []
    assert lines == ["there is no corpus.tar.xz beside the project: that part is left out"]
