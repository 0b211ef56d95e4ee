"""The command line with arguments that nobody means, a few of them, and that the judge would see a failure."""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from tests.fuzz import commands
from tests.fuzz.command_lines import VALUES, arguments
from tests.fuzz.commands import CODES, Said, call, is_sentence, judged, outcome_of
from tests.fuzz.sandbox import filled, outside

FEW = 70


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("sandbox"))


def test_calls_end_with_a_code_and_a_sentence(folder: Path) -> None:
    lists = [arguments(random.Random(f"suite/{number}")) for number in range(FEW)]
    # Each limit has a process of its own that reads, and starting one takes longer than all the calls.
    seen = [judged(words, folder) for words in lists if "--limit" not in words]
    assert [one for one in seen if one.failed] == []
    outcomes = Counter(one.outcome for one in seen)
    assert outcomes["exit 0"] > 5
    assert outcomes["exit 2"] > 20


def test_arguments_are_those_of_every_command_and_depend_on_chance_only() -> None:
    lists = [arguments(random.Random(number)) for number in range(400)]
    assert lists == [arguments(random.Random(number)) for number in range(400)]
    known = {"apply", "check", "diff", "explain", "export", "fit", "inspect", "presets", "steps", "suggest", "verify"}
    assert known <= {words[0] for words in lists if words}
    options = {word for words in lists for word in words if word.startswith("--")}
    assert {"--spacing", "--raw", "--fold", "--resume", "--unified"} <= options


def test_what_is_dangerous_keeps_its_own_values() -> None:
    for number in range(500):
        words = arguments(random.Random(f"dangerous/{number}"))
        followed = [value for word, value in pairwise(words) if word in ("-o", "--output")]
        assert set(followed) <= set(VALUES["output"])


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (Said(0, "fine", ""), "exit 0"),
        (Said(2, "", "usage: x\nx: error: argument --axes: expected one argument\n"), "exit 2"),
        (Said(2, "", ""), "bad sentence"),
        (Said(3, "", "failed\n"), "bad sentence"),
        (Said(2, "", "argument --spacing: invalid _spacing value: 'x'\n"), "bad sentence"),
        (Said(2, "", "cannot write None: no such folder\n"), "bad sentence"),
        (Said(2, "", "the file \x1b[31m cannot be read\n"), "bad sentence"),
        (Said(0, "", "Traceback (most recent call last):\n"), "noise"),
        (Said(0, "", "RuntimeWarning: overflow\n"), "noise"),
        (Said(1, "", "this sentence is a good one\n"), "unknown code"),
        (Said("words", "", "this sentence is a good one\n"), "unknown code"),
    ],
)
def test_what_counts_as_a_failure(said: Said, outcome: str) -> None:
    assert outcome_of(said)[0] == outcome
    assert (said.code in CODES) is (outcome != "unknown code")


def test_the_judge_sees_what_is_raised_and_what_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def raising(words: Sequence[str]) -> int:
        raise KeyError(words[0])

    def writing(_: Sequence[str]) -> int:
        Path("in/new").write_text("x")
        return 0

    monkeypatch.setattr(commands, "main", raising)
    assert judged(["x"], folder).outcome == "mistake of ours"
    monkeypatch.setattr(commands, "main", writing)
    assert judged(["x"], folder).outcome == "wrote elsewhere"
    (folder / "in" / "new").unlink()
    before = outside(folder)
    (folder / "out" / "new").write_text("x")
    assert outside(folder) == before


def test_a_sentence_is_one_that_says_something() -> None:
    assert is_sentence("in/missing cannot be read: No such file or directory")
    assert not is_sentence("KeyError: 'x' was not found anywhere")


def test_a_call_has_the_streams_of_a_shell() -> None:
    done = call(["steps", "clip"])
    assert done.code == 0
    assert done.out.startswith("clip")
    assert call(["--help"]).code == 0
