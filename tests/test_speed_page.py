"""docs/speed.md says what docs/speed/figures.json holds, and verdicts and growth are worked out right."""

import json
import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.speed import chart, kept, page
from tests.benchmarks.speed.agreement import alike, within
from tests.benchmarks.speed.figures import Against, Figure, growths, plain
from tests.benchmarks.speed.plan import PARTS
from tests.benchmarks.speed.rounds import Timed, alternated

ROW = Against(
    operation="z-score",
    size="10^3",
    voxels=1000,
    ours=Timed((0.25, 0.125, 0.5)),
    step=None,
    copy=Timed((0.05,)),
    peer="NumPy",
    theirs=Timed((1.5, 0.75, 0.625)),
    target=3.0,
    agreement="differ by at most 1e-7",
    agrees=True,
)


def test_the_page_is_that_of_its_figures() -> None:
    known = kept.read()
    assert page.FILE.read_text("utf-8") == page.text(known), "run python -m tests.benchmarks.speed --redraw"


def test_the_chart_is_that_of_its_figures() -> None:
    known = kept.read()
    assert chart.FILE.read_bytes() == chart.svg([row for part in known.values() for row in part.rows])


def test_a_ratio_is_of_medians_and_at_the_target_it_is_met() -> None:
    assert ROW.ratio == pytest.approx(3)
    assert ROW.ratio_of_best == pytest.approx(5)
    assert replace(ROW, target=2.99).verdict == "met"
    assert replace(ROW, target=3.01).verdict == "missed"
    assert replace(ROW, target=None).verdict == ""


def test_a_fast_answer_to_another_question_meets_nothing() -> None:
    assert replace(ROW, agrees=False, target=0.1).verdict == "results differ"


def test_a_limit_is_for_the_median() -> None:
    figure = Figure("pause", (90.0, 110.0, 500.0), "ms", 110.0)
    assert figure.verdict == "met"
    assert replace(figure, limit=109.0).verdict == "missed"
    assert replace(figure, limit=None).verdict == ""


def test_eight_times_the_voxels_in_sixteen_times_the_time_is_an_exponent_of_four_thirds() -> None:
    large = replace(ROW, size="20^3", voxels=8000, ours=Timed((4.0,)))
    (growth,) = growths([large, ROW])
    assert (growth.smallest, growth.largest) == ("10^3", "20^3")
    assert growth.exponent == pytest.approx(math.log(16) / math.log(8))
    assert growth.verdict == "missed"
    assert growths([ROW, replace(ROW, peer="MONAI")]) == []


def test_what_is_stored_is_read_back(tmp_path: Path) -> None:
    other, name, *_ = PARTS
    figure = Figure("memory", (1.5,), "GB", 2.0, "512^3")
    measured = {"machine": {"date": "2026-01-02"}, "rows": [plain(ROW)], "figures": [plain(figure)]}
    file = tmp_path / "figures.json"
    kept.write(name, measured, file)
    kept.write(other, json.loads(json.dumps(measured)), file)
    found = kept.read(file)
    assert list(found) == [other, name]
    assert found[name] == kept.Kept({"date": "2026-01-02"}, (ROW,), (figure,))


def test_the_summary_names_what_is_missed() -> None:
    machine = {"date": "2026-01-02", "system": "S", "processor": "P", "cores": 2, "python": "3", "packages": {"a": "1"}}
    rows = (ROW, replace(ROW, operation="window", target=50.0), replace(ROW, operation="clahe", target=None))
    text = page.text({"zscore": kept.Kept(machine, rows, (Figure("memory", (3.0,), "GB", 2.0),))})
    assert "1 of 3 targets are met." in text
    assert "- missed: window, 10^3, NumPy\n- missed: memory\n" in text


def test_the_chart_takes_the_sizes_with_targets_and_else_the_largest() -> None:
    free = replace(ROW, peer="free", target=None)
    rows = [ROW, replace(ROW, size="20^3", target=None), free, replace(free, size="20^3")]
    assert [(row.peer, row.size) for row in chart.chosen(rows)] == [("NumPy", "10^3"), ("free", "20^3")]


def test_agreement_measures_the_farthest_voxel_and_the_correlation() -> None:
    a, b = np.zeros((2, 3, 4), np.float32), np.zeros((1, 2, 3, 4))
    b[0, 1, 2, 3] = 0.25
    assert within(0.25)(a, b).near
    assert not within(0.24)(a, b).near
    rising = np.arange(6.0)
    assert alike(1 - 1e-12)(rising, 3 - 2 * -rising).near
    assert alike(0.9)(rising, rising**2).near
    assert not alike(0.97)(rising, rising**2).near  # r = 0.9600
    with pytest.raises(ValueError, match=r"shapes \(6,\) and \(5,\)"):
        alike(0.5)(rising, rising[:5])


def test_calls_alternate_and_every_second_round_runs_backwards() -> None:
    seen: list[str] = []
    times = alternated({"a": lambda: seen.append("a"), "b": lambda: (seen.append("b"), time.sleep(0.002))}, most=3)
    assert seen == ["a", "b", "b", "a", "a", "b"]
    assert len(times["a"].seconds) == len(times["b"].seconds) == 3
    assert times["b"].best >= 0.002
