"""Lines carried out together give the bytes, numbers and sentences of lines carried out one after the other."""

import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prep_core import chain
from prep_core.chain import BLOCK, blocks
from prep_core.kernels.finite import all_finite
from prep_core.line import Line
from prep_core.measure import Counted
from prep_core.preview import resolve
from prep_core.recipe import Recipe
from prep_core.remembering import Remembered
from prep_core.run import apply, fit
from prep_core.running import Done, StepError, run_lines
from prep_core.scan import Scan
from prep_core.tabled import can_be_tabled
from prep_core.together import End, run_together
from tests.kernels.twins import twins

TALLIED = (
    Line("clip", {"low": -200.0, "high": 500.0}),
    Line("percentile_rescale", {"low": 2.0, "high": 98.0}),
    Line("round_to", {"levels": 200}),
    Line("zscore"),
    Line("sigma_clip"),
)


class Kept(dict[str, tuple[Counted, ...]]):
    """Counts that never forget."""

    def put(self, key: str, answer: tuple[Counted, ...]) -> None:
        self[key] = answer


def noisy(shape: tuple[int, ...], axes: str, dtype: str = "f4", padded: bool = False) -> Scan:
    rng = np.random.default_rng(len(shape) + shape[-1])
    data = rng.normal(0, 300, shape).astype(dtype)
    valid = rng.random(shape) < 0.9 if padded else np.array(True)
    return Scan(data, axes, modality="CT", valid=valid)


def one_by_one(lines: Sequence[Line], scan: Scan) -> list[Done]:
    return list(run_lines(lines, scan))


def same(end: End, apart: Sequence[Done]) -> None:
    last = apart[-1].scan
    assert end.scan.data.tobytes() == np.ascontiguousarray(last.data).tobytes()
    assert (end.scan.unit, end.scan.display_inverted) == (last.unit, last.display_inverted)
    np.testing.assert_array_equal(end.scan.valid, last.valid)
    for together, alone in zip(end.lines, apart, strict=True):
        assert together.measured == alone.measured
        assert dict(together.tally) == dict(alone.tally)
        assert (together.scan.unit, together.scan.data.shape) == (alone.scan.unit, alone.scan.data.shape)


@pytest.mark.parametrize(
    ("shape", "axes"),
    [((300, 301), "YX"), ((5, 64, 130), "ZYX"), ((2, 3, 2, 40, 50), "TCZYX"), ((3, 300, 300), "CYX"), ((1, 1), "YX")],
)
@pytest.mark.parametrize("padded", [False, True])
def test_a_chain_gives_the_bytes_numbers_and_tallies_of_its_lines(
    shape: tuple[int, ...], axes: str, padded: bool
) -> None:
    lines = TALLIED[:1] if shape == (1, 1) else (*TALLIED[:4], Line("rescale", {"subtract": 9.0}), TALLIED[4])
    scan = noisy(shape, axes, padded=padded)
    same(run_together(lines, scan), one_by_one(lines, scan))


@pytest.mark.parametrize("dtype", ["i2", "u1", ">f4", "f8"])
def test_any_dtype_and_order_of_memory_gives_the_same_bytes(dtype: str) -> None:
    turned = noisy((6, 70, 200), "ZYX", dtype)
    scan = Scan(np.asfortranarray(turned.data)[:, ::-1], "ZYX")
    same(run_together(TALLIED[:4], scan), one_by_one(TALLIED[:4], scan))


def test_numbers_of_each_channel_and_plane_and_curves_reach_their_blocks() -> None:
    lines = (
        Line("percentile_rescale", per="channel"),
        Line("zscore", per="plane"),
        Line("equalize", {"bins": 32}, per="channel"),
    )
    scan = noisy((3, 4, 60, 300), "CZYX")
    same(run_together(lines, scan), one_by_one(lines, scan))


def test_lines_that_look_around_divide_the_chain() -> None:
    lines = (TALLIED[0], Line("gaussian", {"lengths_in": "px"}), *TALLIED[1:4], Line("median"), Line("invert"))
    scan = noisy((4, 60, 70), "ZYX")
    same(run_together(lines, scan), one_by_one(lines, scan))


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("axes", ["YX", "ZYX", "TCZYX"])
def test_lines_that_go_by_parts_write_over_what_nobody_else_holds(axes: str, counted: bool) -> None:
    lines = (
        Line("gaussian", {"lengths_in": "px", "extent": "plane"}),
        TALLIED[1],
        Line("median", {"extent": "plane"}),
        Line("gaussian", {"lengths_in": "px"}),
        TALLIED[4],
        Line("hot_pixels"),
        Line("zscore"),
        Line("clahe", {"engine": "fast"}),
    )
    scan = noisy({"YX": (60, 70), "ZYX": (4, 60, 70), "TCZYX": (2, 2, 3, 40, 50)}[axes], axes)
    before = scan.data.tobytes()
    apart, end = one_by_one(lines, scan), run_together(lines, scan, counted=counted)
    assert end.scan.data.tobytes() == np.ascontiguousarray(apart[-1].scan.data).tobytes()
    assert scan.data.tobytes() == before
    assert not counted or [dict(one.tally) for one in end.lines] == [dict(one.tally) for one in apart]


def test_a_chain_through_planes_makes_one_volume() -> None:
    scan = noisy((40, 128, 128), "ZYX")
    lines = (TALLIED[1], Line("gaussian", {"lengths_in": "px", "extent": "plane"}), Line("zscore"), Line("median"))
    # Loops that a thread loads meanwhile would be counted too.
    twins(all_finite)
    run_together(lines, scan, counted=False)
    tracemalloc.start()
    run_together(lines, scan, counted=False)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2 * scan.data.nbytes


def test_fitted_lines_are_one_chain() -> None:
    recipe = Recipe((TALLIED[0], Line("zscore", over="dataset"), Line("percentile_clip", over="dataset")))
    fitted = fit(recipe, [noisy((3, 50, 60), "ZYX")])
    scan = noisy((3, 50, 90), "ZYX")
    same(run_together(fitted.lines, scan), one_by_one(fitted.lines, scan))


def test_masks_and_complex_values_pass() -> None:
    lines = (Line("magnitude"), Line("foreground_mask"), Line("zscore", inside="mask"), Line("clip"))
    real = noisy((80, 90), "YX").data
    scan = Scan((real + 1j * real.T[:80].mean()).astype(np.complex64), "YX")
    apart, end = one_by_one(lines, scan), run_together(lines, scan)
    same(end, apart)
    np.testing.assert_array_equal(end.scan.mask, apart[-1].scan.mask)


def test_the_scan_stays_as_it_was() -> None:
    scan = noisy((4, 200, 200), "ZYX")
    before = scan.data.tobytes()
    end = run_together(TALLIED[:4], scan)
    assert scan.data.tobytes() == before
    assert not np.shares_memory(end.scan.data, scan.data)


@pytest.mark.parametrize(
    "lines",
    [
        (Line("rescale", {"subtract": -1000.0}), Line("log")),
        (Line("rescale", {"divide": 1e-6}), *[Line("rescale", {"divide": 1e-6})] * 6),
        (Line("window"), Line("zscore", over="dataset")),
        (Line("clip", {"low": 1e5, "high": 2e5}), Line("zscore")),
    ],
    ids=["a value without logarithm", "too large", "not fitted", "constant"],
)
def test_complaints_are_those_of_the_whole_scan(lines: tuple[Line, ...]) -> None:
    data = np.full((5, 200, 200), 50, np.float32)
    data[3:, 7, :9] = -3000
    scan = Scan(data, "ZYX")
    with pytest.raises(StepError) as apart:
        one_by_one(lines, scan)
    with pytest.raises(StepError) as together:
        apply(Recipe(lines), scan)
    assert str(together.value) == str(apart.value)


def test_what_told_raises_stops_all_threads() -> None:
    class Enough(Exception):
        pass

    calls: list[tuple[int, int, int]] = []

    def told(number: int, done: int, of: int) -> None:
        calls.append((number, done, of))
        if done == 3:
            raise Enough

    with pytest.raises(Enough):
        run_together(TALLIED[:1], noisy((40, 256, 256), "ZYX"), told=told)
    assert calls[-1][:2] == (1, 3)


@settings(max_examples=60)
@given(st.lists(st.integers(1, 400), min_size=2, max_size=4))
def test_blocks_cover_each_voxel_once_and_are_small(shape: list[int]) -> None:
    shape = [size if np.prod(shape) < 3e6 else min(size, 40) for size in shape]
    seen = np.zeros(shape, np.int8)
    for region in blocks(shape):
        assert seen[region].size <= BLOCK
        seen[region] += 1
    assert (seen == 1).all()


def test_a_long_row_is_divided_too() -> None:
    sizes = [np.prod([part.stop - part.start for part in region]) for region in blocks((2, 3 * BLOCK + 1))]
    assert sizes == [BLOCK, BLOCK, BLOCK, 1] * 2


def test_tallies_of_several_threads_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BLOCK", 1000)
    scan = noisy((7, 90, 91), "ZYX")
    same(run_together(TALLIED[:4], scan), one_by_one(TALLIED[:4], scan))


def test_no_voxels_make_no_blocks() -> None:
    assert list(blocks((2, 0, 5))) == []


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2"])
@pytest.mark.parametrize("inside", ["all", "positive"])
def test_few_different_values_give_the_same_by_a_table(dtype: str, inside: str) -> None:
    rng = np.random.default_rng(4)
    data = rng.integers(0, 100, (5, 250, 300)).astype(dtype)
    scan = Scan(data - 20 if dtype[0] == "i" else data, "ZYX")
    lines = (
        Line("window", {"center": 30.0, "width": 90.0}),
        Line("percentile_rescale", inside=inside),
        Line("zscore", inside=inside),
        Line("minmax"),
        Line("equalize", {"bins": 16}),
        Line("invert"),
    )
    assert can_be_tabled(scan)
    apart, end = one_by_one(lines, scan), run_together(lines, scan, counted=False)
    assert end.scan.data.tobytes() == apart[-1].scan.data.tobytes()
    assert [one.measured for one in end.lines] == [one.measured for one in apart]


def test_numbers_of_each_plane_are_not_those_of_the_table() -> None:
    rng = np.random.default_rng(6)
    data = rng.integers(0, 100, (3, 300, 300)) + 50 * np.arange(3)[:, None, None]
    scan = Scan(data.astype(np.int16), "ZYX")
    lines = (Line("window", {"center": 90.0, "width": 200.0}), Line("zscore", per="plane"), Line("minmax"))
    assert can_be_tabled(scan)
    same(run_together(lines, scan, counted=False), one_by_one(lines, scan))


def test_a_value_without_answer_is_counted_in_voxels_not_in_the_table() -> None:
    data = np.full((4, 300, 300), 50, np.int16)
    data[3, 0, :7] = -5
    with pytest.raises(StepError, match="7 of 360000 voxels lie outside"):
        apply(Recipe((Line("rescale"), Line("log"), Line("zscore"))), Scan(data, "ZYX"))


def test_a_slider_above_a_measured_line_gets_the_numbers_of_the_whole_scan() -> None:
    rng = np.random.default_rng(5)
    scan = Scan(rng.integers(-900, 900, (6, 220, 230)).astype(np.int16), "ZYX")
    counts = Kept({})
    for width in (100.0, 300.0):
        lines = (Line("window", {"width": width}), Line("zscore"), Line("clip", {"low": -1.0, "high": 1.0}))
        plan = resolve(lines, scan, {}, remembered=Remembered(counts, "scan"))
        apart = one_by_one(lines, scan)
        assert list(plan.measured) == [one.measured for one in apart]
