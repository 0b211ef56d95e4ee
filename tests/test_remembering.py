"""Counts of a first pass that are kept answer for other percentiles, exactly as counting again would."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.measure import Counted
from prep_core.measuring import measured
from prep_core.preview import resolve
from prep_core.remembering import MOST_PARTS, Remembered
from prep_core.scan import Scan

VALUES = np.random.default_rng(3).normal(100, 400, (3, 40, 50))
RESCALE = Line("percentile_rescale", {"low": 1.0, "high": 99.0})
OTHERS = (
    Line("percentile_rescale", {"low": 0.3, "high": 93.0}),
    Line("percentile_clip", {"low": 5.0, "high": 50.0}),
    Line("clahe"),
    Line("decibel", {"percentile": 98.5}),
)


class Kept(dict[str, tuple[Counted, ...]]):
    """What was counted, and what was asked for."""

    def put(self, key: str, answer: tuple[Counted, ...]) -> None:
        self[key] = answer


def scan_of(dtype: str, **words: Any) -> Scan:
    data = VALUES.astype(dtype)
    return Scan(data, "ZYX", valid=data > -900, **words)


@pytest.mark.parametrize("dtype", ["int16", "uint8", "int32", "float32", "float64"])
@pytest.mark.parametrize("other", OTHERS, ids=lambda line: line.step)
def test_other_percentiles_are_those_of_a_new_count(dtype: str, other: Line) -> None:
    scan, kept = scan_of(dtype), Remembered(Kept(), "it")
    measured(RESCALE, scan, remembered=kept)
    assert measured(other, scan, remembered=kept) == measured(other, scan)


def test_integers_are_not_looked_at_again() -> None:
    scan, kept = scan_of("int16"), Remembered(Kept(), "it")
    first = measured(RESCALE, scan, remembered=kept)
    black = replace(scan, data=scan.data * 0)
    assert measured(RESCALE, black, remembered=kept) == first


@pytest.mark.parametrize("words", [{"per": "plane"}, {"inside": "positive"}, {"inside": "foreground"}], ids=str)
def test_other_voxels_are_counted_anew(words: Mapping[str, str]) -> None:
    scan, kept = scan_of("int16"), Remembered(Kept(), "it")
    measured(RESCALE, scan, remembered=kept)
    other = replace(RESCALE, **words)
    assert measured(other, scan, remembered=kept) == measured(other, scan)
    assert measured(other, scan) != measured(RESCALE, scan)


def test_lines_above_make_other_voxels() -> None:
    scan, kept = scan_of("int16"), Remembered(Kept(), "it")
    for width in (500.0, 900.0):
        lines = (Line("window", {"center": 100.0, "width": width}), RESCALE)
        found = resolve(lines, scan, {}, remembered=kept)
        assert found.measured == resolve(lines, scan, {}).measured


def test_what_is_no_percentile_is_measured_anew() -> None:
    scan, kept = scan_of("float32"), Remembered(Kept(), "it")
    measured(RESCALE, scan, remembered=kept)
    for step in ("zscore", "white_stripe", "ct_foreground"):
        line = Line(step)
        assert measured(line, scan, alone=True, remembered=kept) == measured(line, scan, alone=True)
    assert len(kept.counts) == 1


def test_a_population_of_many_parts_is_not_kept() -> None:
    kept = Remembered(Kept(), "it")
    stack = Scan(np.arange((MOST_PARTS + 1) * 12, dtype=np.int16).reshape(-1, 3, 4), "ZYX")
    measured(replace(RESCALE, per="plane"), stack, remembered=kept)
    assert not kept.counts


def test_complex_values_are_refused_however_known_their_name_is() -> None:
    kept = Remembered(Kept(), "it")
    measured(RESCALE, scan_of("float32"), remembered=kept)
    with pytest.raises(ValueError, match="the scan is complex; put magnitude above it"):
        measured(RESCALE, Scan(VALUES.astype(np.complex64), "ZYX"), remembered=kept)
