"""How long a line took: told in digits that can be read, and no part of what it gave."""

from collections.abc import Iterator
from dataclasses import replace
from time import sleep

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.running import Done, run_lines
from prep_core.scan import Scan
from prep_ui.session import state as sessions
from prep_ui.tune.timing import duration, timed
from prep_ui.work import compute
from tests.ui.dashboard import go, npy, state, upload, words

RAMP = Scan(np.arange(64, dtype=np.float32).reshape(1, 8, 8), "ZYX")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.00001, "less than 0.1 ms"),
        (0.00044, "0.4 ms"),
        (0.00996, "10 ms"),
        (0.0124, "12 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (1.24, "1.2 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (200.2, "3 min 20 s"),
    ],
)
def test_a_duration_has_two_digits_and_its_unit(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_each_line_has_its_own_time() -> None:
    def slow(results: Iterator[Done]) -> Iterator[Done]:
        yield next(results)
        sleep(0.05)
        yield next(results)

    first, second = timed(slow(run_lines((Line("gamma"), Line("minmax")), replace(RAMP, data=RAMP.data / 64))))
    assert [first.done.line.step, second.done.line.step] == ["gamma", "minmax"]
    assert second.seconds >= 0.05
    assert first.seconds > 0


def test_results_are_equal_whatever_time_they_took() -> None:
    done = next(run_lines((Line("minmax"),), RAMP))
    (one,), (other,) = timed([done]), timed([done])
    assert one == replace(other, seconds=one.seconds + 1)
    shown = compute.Shown(RAMP, (done,), seconds=(1.0,))
    assert shown == replace(shown, seconds=(2.0,))


def test_a_card_says_the_time_and_where_the_line_ran(app: AppTest) -> None:
    upload(app, "ramp.npy", npy(np.arange(1, 1001, dtype=np.float32).reshape(5, 10, 20)))
    beyond = Line("median", {"extent": "volume"})
    sessions.set_recipe(state(app), Recipe((Line("clip", {"low": 1, "high": 900}), beyond, Line("zscore"))))
    go(app, "tune")
    said = [words(caption) for caption in app.caption][:3]
    assert ["scan in" in text for text in said] == [True, True, False]
    assert "plane in" in said[2]
    assert all(text.endswith((" ms", " s")) for text in said)
