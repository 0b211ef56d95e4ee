"""Fuzzing that goes on where it stopped: what is kept, what is missing, and what the command prints."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from prep_core.io.reading import READERS
from tests.fuzz import __main__ as command
from tests.fuzz import kept
from tests.fuzz.families import FAMILIES
from tests.fuzz.kept import go_on, missing, stretches
from tests.fuzz.part import Part, Seen
from tests.fuzz.parts import PARTS
from tests.fuzz.readers import SEEDS


class Clock:
    """Time that goes on by a second each time that somebody looks."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 1
        return self.now


def seen(case: str) -> Seen:
    """Every seventh number fails."""
    failed = int(case) % 7 == 6
    return Seen(case, "broken" if failed else "read", f"words of {case}", int(case) / 100, failed)


def cases(first: int) -> Iterator[Seen]:
    number = first
    while True:
        yield seen(str(number))
        number += 1


PART = Part("things", "each read", 100.0, cases, seen)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "time", Clock())


def test_a_run_lasts_as_long_as_is_missing_and_is_kept_minute_by_minute(tmp_path: Path) -> None:
    file = tmp_path / "new" / "kept.jsonl"
    assert missing(file, "a", PART) == 100
    failed = list(go_on(file, "a", PART))
    done = stretches(file, "a")
    assert [stretch.first for stretch in done] == [0, done[0].count]
    assert 100 <= sum(stretch.seconds for stretch in done) < 110
    assert missing(file, "a", PART) == 0
    count = sum(stretch.count for stretch in done)
    assert [one.case for one in failed] == [str(n) for n in range(count) if n % 7 == 6]
    assert [case for stretch in done for case in stretch.failed] == [one.case for one in failed]
    assert done[0].outcomes["read"] + done[0].outcomes["broken"] == done[0].count
    assert done[-1].slowest == (count - 1) / 100
    assert list(go_on(file, "a", PART)) == []


def test_a_run_that_was_stopped_goes_on_with_new_cases(tmp_path: Path) -> None:
    file = tmp_path / "kept.jsonl"
    list(go_on(file, "a", replace(PART, seconds=20.0)))
    list(go_on(file, "b", replace(PART, seconds=20.0)))
    list(go_on(file, "a", PART))
    first, *more = stretches(file, "a")
    assert more[0].first == first.first + first.count
    assert len(stretches(file, "b")) == 1
    assert len(file.read_text().splitlines()) == 2 + len(more)
    assert json.loads(file.read_text().splitlines()[0])["part"] == "a"


def test_the_command_prints_what_failed_and_how_to_see_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "PARTS", {"a": replace(PART, seconds=10.0)})
    assert command.main(["--kept", str(tmp_path / "kept.jsonl")]) == 1
    out = capsys.readouterr().out
    assert "broken in 0.1 s: --repeat 'a' '6'\n    words of 6\n" in out
    assert out.endswith("a: done\n")
    assert command.main(["--repeat", "a", "6"]) == 1
    assert command.main(["--repeat", "a", "5"]) == 0
    with pytest.raises(SystemExit, match="2"):
        command.main(["b"])
    assert "there is no part 'b'; the parts are a" in capsys.readouterr().err


def test_every_reader_and_every_format_has_its_ten_minutes() -> None:
    formats = [format for family in FAMILIES.values() for format in family]
    assert sorted(formats) == sorted(SEEDS)
    assert {reader.format for reader in READERS} < set(FAMILIES)
    assert all(PARTS[family].seconds == 600 for family in FAMILIES)
    assert sum(PARTS[name].seconds for name in set(PARTS) - set(FAMILIES)) == 600
