"""The hostile and odd files beside the project: each is read right, read with a warning, or refused with the reason."""

import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from prep_core.cli import main
from prep_core.line import RecipeError
from prep_core.recipe import Recipe
from tests.corpus.one_by_one import CANARIES, judge_in

pytestmark = pytest.mark.shared_data

CASES = 240
NEEDS_AXES = "say it with --axes"
OUR_WORDS = {"version: 1": "prep: 1", "op: ": "step: ", "lo: ": "low: ", "hi: ": "high: "}
"""The recipes of the corpus are written in the words of another program; their mistakes are the same in ours."""

RECIPE = "prep: 1\nsteps:\n- {step: percentile_clip, low: 1, high: 99}\n"


@pytest.fixture(scope="module")
def corpus(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    with tarfile.open(shared_data.parent / "corpus" / "corpus.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    (folder / "judge.py").write_bytes((shared_data.parent / "corpus" / "judge.py").read_bytes())
    return folder


@pytest.fixture(scope="module")
def judge(corpus: Path) -> ModuleType:
    return judge_in(corpus)


def cases(corpus: Path, *kinds: str) -> list[dict[str, Any]]:
    everything = json.loads((corpus / "manifest.json").read_text())["cases"]
    assert len(everything) == CASES
    return [case for case in everything if case["kind"] in kinds]


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Command:
    """Call the command line; gives its exit code, and all that it and the processes that it starts wrote."""

    def call(*words: str) -> Said:
        capfd.readouterr()
        code = main(list(words))
        return Said(code, *capfd.readouterr())

    return call


def no_strangers(corpus: Path) -> None:
    """Nothing that a hostile file wanted to be written anywhere is there."""
    assert not [path for path in corpus.rglob("sec_*") if path.name.startswith(("sec_pwned_", "sec_canary"))]


def test_each_file_behaves_through_load(corpus: Path) -> None:
    one_by_one = [sys.executable, "-m", "tests.corpus.one_by_one", str(corpus)]
    done = subprocess.run(one_by_one, capture_output=True, text=True, check=False)
    verdicts = dict(json.loads(line) for line in done.stdout.splitlines())
    assert set(verdicts) == {case["id"] for case in cases(corpus, "file", "series", "archive")}, done.stderr[-2000:]
    assert {name: why for name, why in verdicts.items() if why} == {}
    assert not [canary for canary in CANARIES if canary in done.stderr]
    no_strangers(corpus)


def inspected(command: Command, paths: list[str], *options: str) -> tuple[dict[str, Any], str]:
    """What `inspect --json` says of each path, and all that it wrote to stderr."""
    done = command("inspect", "--json", *options, "--", *paths)
    return {record["path"]: record for record in json.loads(done.out)}, done.err


def by_record(judge: ModuleType, record: dict[str, Any]) -> Any:
    """A record of `inspect --json` in the words of the judge."""
    if not record["ok"]:
        return judge.Outcome(error=record["error"])
    scans = record["scans"]
    told = [words for scan in scans for words in scan["warnings"]]
    told += [f"{f['name']} {f['evidence']} {f['advice']}" for scan in scans for f in scan["findings"]]
    sizes = dict(zip(scans[0]["axes"], scans[0]["shape"], strict=True))
    depth = sizes.get("Z", sizes.get("T", 1))
    # The affine of a scan counts also where it has no Z axis.
    column = [row[0] for row in scans[0]["affine"][:3]]
    z = sum(v * v for v in column) ** 0.5
    y, x = scans[0]["spacing"][-2:]
    return judge.Outcome(warnings=told, size=[sizes["X"], sizes["Y"], depth], spacing=[x, y, z])


def test_each_file_behaves_on_the_command_line(corpus: Path, judge: ModuleType, command: Command) -> None:
    known = cases(corpus, "file", "series", "archive")
    records, complaints = inspected(command, [str(corpus / case["file"]) for case in known])
    stacks = [path for path, record in records.items() if NEEDS_AXES in str(record["error"])]
    again, more = inspected(command, stacks, "--axes", "ZYX")
    records |= {path: record for path, record in again.items() if record["ok"]}
    wrong = {}
    for case in known:
        record = records[str(corpus / case["file"])]
        # Values are compared through load; they are not part of what inspect prints.
        pixels = (case["truth"] or {}) | {"samples": []}
        ok, why = judge.judge(case | {"truth": pixels}, by_record(judge, record))
        spoken = json.dumps({key: record[key] for key in ("error", "scans")})
        leaks = [canary for canary in (*CANARIES, str(corpus)) if canary in spoken and case["category"] != "phi"]
        if leaks or not ok:
            wrong[case["id"]] = f"{leaks} {why}"
    assert wrong == {}
    assert "Traceback" not in complaints + more
    no_strangers(corpus)


def test_each_recipe_is_read_or_refused(corpus: Path) -> None:
    for case in cases(corpus, "recipe"):
        text = (corpus / case["file"]).read_text()
        for theirs, ours in OUR_WORDS.items():
            text = text.replace(theirs, ours)
        if case["expect"] == "value":
            recipe = Recipe.from_yaml(text)
            assert not recipe.lines or recipe.lines[0].params["sigma"] == 1e-3
            assert Recipe.from_yaml(recipe.to_yaml()) == recipe
        else:
            with pytest.raises(RecipeError, match=re.compile(case["mention"], re.IGNORECASE)):
                Recipe.from_yaml(text)


def test_no_text_of_a_person_leaves_the_program(corpus: Path, tmp_path: Path, command: Command) -> None:
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    for format in ("nii.gz", "npy", "tif", "nrrd"):
        done = command(
            *("apply", str(tmp_path / "recipe.yaml"), str(corpus / "dicom" / "phi_everywhere.dcm")),
            *("-o", str(tmp_path / format), "--format", format),
        )
        assert done.code == 0, done.err
        written = [path.read_bytes() for path in (tmp_path / format).rglob("*") if path.is_file()]
        assert len(written) == 5
        assert not [text for text in (*written, done.out.encode(), done.err.encode()) if b"PHICANARY" in text]


def test_a_batch_goes_on_past_broken_scans_and_resumes(corpus: Path, tmp_path: Path, command: Command) -> None:
    (case,) = cases(corpus, "dataset")
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    call = ("apply", str(tmp_path / "recipe.yaml"), str(corpus / case["file"]), "-o", str(tmp_path / "out"))
    first = command(*call)
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    failed = {Path(scan["path"]).name: scan["error"] for scan in report["scans"] if not scan["ok"]}
    assert first.code == 8
    assert set(failed) == set(case["truth"]["bad"])
    results = sorted((tmp_path / "out").glob("*.nii.gz"))
    assert len(results) == report["done"] == case["truth"]["n"] - len(failed)
    times = [path.stat().st_mtime_ns for path in results]
    again = command(*call, "--resume")
    assert again.code == 8
    assert [path.stat().st_mtime_ns for path in results] == times
    assert again.err.count("kept: ") == len(results)
