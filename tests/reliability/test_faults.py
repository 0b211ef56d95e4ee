"""How faults are counted, and those that take no more than a moment; the others stand in their own tests too."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.reliability import faults
from tests.reliability.aftermath import is_sentence, wrong
from tests.reliability.faults import FAULTS
from tests.reliability.figure import Figure
from tests.reliability.shifted_clock import shifted


def second_time_wrong(folder: Path, turn: int) -> list[str]:
    (folder / str(turn)).touch()
    return wrong({"a file was left": turn != 1, "folders differ": len(list(folder.iterdir())) == turn + 1})


def test_a_fault_that_goes_wrong_once_is_told_with_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    known: Mapping[str, tuple[str, faults.Fault]] = {
        "odd": ("an odd fault", second_time_wrong),
        "none": ("no fault", lambda folder, turn: []),
    }
    monkeypatch.setattr(faults, "FAULTS", known)
    told: list[str] = []
    found = faults.measured(known, 3, told.append)
    assert found == [
        Figure("an odd fault", "3 of 3", "2 of 3; a file was left", False),
        Figure("no fault", "3 of 3", "3 of 3", True),
    ]
    assert told[:2] == ["odd: turn 1 of 3: as it should be", "odd: turn 2 of 3: a file was left"]


def test_a_fault_ends_as_it_should(tmp_path: Path) -> None:
    _, decoder = FAULTS["decoder"]
    assert decoder(tmp_path, 0) == []


def test_a_shifted_clock_is_off_by_what_its_file_says(tmp_path: Path) -> None:
    shift = tmp_path / "shift"
    clock = shifted(lambda: 1000.0, shift)
    for seconds in (0.0, 86400.0, -86400.5):
        shift.write_text(str(seconds))
        assert clock() == 1000.0 + seconds
    assert shifted(time.time, shift)() == pytest.approx(time.time() - 86400.5, abs=60)


@pytest.mark.parametrize(
    ("told", "holds"),
    [("cannot write a.npy: No space left on device", True), ("", False), ("cannot write None", False)],
)
def test_what_counts_as_a_sentence(told: str, holds: bool) -> None:
    assert is_sentence(told) is holds
    assert not is_sentence(f"Traceback (most recent call last):\n{told}")
