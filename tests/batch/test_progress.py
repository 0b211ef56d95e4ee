"""The line of progress, with times that are told; drawn on a terminal only."""

import os
import pty
from io import StringIO

import pytest

from prep_core.cli.progress import WHILE, Bar, duration, line, rate_of


class Screen(StringIO):
    """A terminal, and what one sees on it: a carriage return goes back, what is written lies over what was."""

    def isatty(self) -> bool:
        return True

    @property
    def seen(self) -> list[str]:
        rows = []
        for row in self.getvalue().split("\n"):
            shown = ""
            for piece in row.split("\r"):
                shown = piece + shown[len(piece) :]
            rows.append(shown.rstrip())
        return rows


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_line_by_hand() -> None:
    assert line(30, 120, [(10, 10), (20, 30)], failed=3, what="fit") == (
        "fit [######..................] 30/120  2/s  45 s left  3 failed"
    )
    assert line(0, 4, [(1, 0)]) == "[........................] 0/4"
    assert line(4, 4, [(0, 0), (8, 4)]) == "[########################] 4/4  0.5/s"
    assert line(0, 0, []) == "[########################] 0/0"


def test_more_scans_than_paths_do_not_break_the_bar() -> None:
    assert line(9, 4, [(0, 0), (3, 9)]) == "[########################] 9/4  3/s"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (185, "3 min 05 s"), (7800, "2 h 10 min")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_rate_is_unknown_until_time_has_passed() -> None:
    assert rate_of([]) == rate_of([(3, 4)]) == rate_of([(3, 4), (3, 9)]) == 0


def test_the_rate_is_that_of_the_last_while() -> None:
    """Kept scans at first, a thousand a second; then one in two seconds."""
    screen, clock = Screen(), Clock()
    bar = Bar(screen, clock)
    for done in range(0, 1001, 100):
        bar.show(done, 2000)
        clock.now += 0.1
    for done in range(1001, 1061):
        clock.now += 2
        bar.show(done, 2000)
    assert "0.5/s" in screen.seen[-1]
    assert clock.now > 100 + 2 * WHILE


def test_words_stand_above_the_bar_and_the_bar_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    screen, clock = Screen(), Clock()
    with Bar(screen, clock) as bar:
        bar.show(1, 4, 0)
        bar.tell("failed: a.npy is nothing, and a sentence that is longer than the bar itself, by far")
        assert screen.seen[-1].startswith("[######")
        clock.now += 1
        bar.show(2, 4, 1)
        assert screen.seen[-1].endswith("2/4  1/s  2 s left  1 failed")
        assert all(len(row) < 60 for row in screen.seen[1:])
    assert screen.seen == ["failed: a.npy is nothing, and a sentence that is longer than the bar itself, by far", ""]


def test_it_is_not_drawn_more_often_than_one_can_see() -> None:
    screen, clock = Screen(), Clock()
    bar = Bar(screen, clock)
    for done in range(1000):
        clock.now += 0.001
        bar.show(done, 1000)
    assert 5 <= screen.getvalue().count("[") <= 12
    bar.show(1000, 1000)
    assert "1000/1000" in screen.seen[-1]


def test_a_new_thing_has_a_rate_of_its_own() -> None:
    screen, clock = Screen(), Clock()
    bar = Bar(screen, clock)
    bar.show(0, 10, what="one")
    clock.now += 1
    bar.show(10, 10, what="one")
    clock.now += 1
    bar.show(1, 10, what="two")
    assert screen.seen[-1] == "two [##......................] 1/10"


def test_elsewhere_only_words_appear() -> None:
    stream = StringIO()
    with Bar(stream) as bar:
        bar.show(1, 2)
        bar.tell("a.npy")
        bar.show(2, 2)
    assert stream.getvalue() == "a.npy\n"
    assert not bar.is_drawn


def test_a_real_terminal_is_known() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        assert Bar(terminal).is_drawn
    os.close(ours)
