"""N4: what it does to a head whose field is known, and what it does at its limits."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import SimpleITK

from prep_core.carrying_out import carried_out
from prep_core.line import Line, RecipeError
from prep_core.measure import inside_mask
from prep_core.ops.fields.n4 import n4
from prep_core.ops.fields.n4_settings import shrink_factors
from prep_core.ops.itk_threads import one_thread
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply
from prep_core.scan import Scan
from tests.oracles.bias import after, ball, furthest, head, head_after_n4, joint_variation

QUICK = {"iterations": 5, "levels": 2}


def test_the_joint_variation_of_a_simulated_head_falls() -> None:
    white, grey = (head().scan.data[region].astype(np.float64) for region in (head().white, head().grey))
    before = (white.std() + grey.std()) / (white.mean() - grey.mean())
    assert before == pytest.approx(0.297, abs=0.001)
    assert joint_variation() <= 0.06


def test_the_mean_inside_stays_and_n4_alone_moves_it() -> None:
    scan = head().scan
    inside = inside_mask(scan, "foreground")
    before = scan.data[inside].mean(dtype=np.float64)
    assert head_after_n4()[inside].mean(dtype=np.float64) == pytest.approx(before, rel=1e-6)
    raw = after("n4", scan, "foreground", preserve_mean=False)
    assert abs(raw[inside].mean(dtype=np.float64) / before - 1) > 0.1
    np.testing.assert_allclose(head_after_n4() / raw, np.median(head_after_n4() / raw), rtol=1e-6)


def test_the_whole_scan_is_divided_and_nothing_else_changes() -> None:
    scan = replace(head().scan, unit="a.u.")
    result = apply(Recipe((Line("n4", QUICK),)), scan)
    assert (result.unit, result.data.dtype, result.data.shape) == ("a.u.", np.float32, scan.data.shape)
    assert (result.data > 0).all()


def test_the_bytes_do_not_depend_on_the_number_of_threads() -> None:
    scan = ball((24, 40, 40), (1.0, 1.0, 1.0))
    default = SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads()
    results = []
    for threads in (1, 2, 8):
        SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)
        results.append(after("n4", scan, shrink=1, **QUICK).tobytes())
        assert SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads() == threads
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(default)
    assert len(set(results)) == 1


def test_the_number_of_threads_is_set_back_after_an_error() -> None:
    default = SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads()
    with pytest.raises(ValueError, match="inside"), one_thread():
        raise ValueError("inside")
    assert SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads() == default


def test_voxels_without_a_logarithm_are_left_out() -> None:
    scan = ball()
    hole = np.random.default_rng(1).random(scan.data.shape) < 0.05
    zeros = after("n4", replace(scan, data=np.where(hole, np.float32(0), scan.data)), shrink=1, **QUICK)
    without = after("n4", replace(scan, mask=scan.mask & ~hole), shrink=1, **QUICK)
    assert np.array_equal(zeros[~hole], without[~hole])
    assert (zeros[hole] == 0).all()


@pytest.mark.parametrize("rubbish", [np.nan, np.inf, 1e6, -3000.0])
def test_padding_moves_nothing(rubbish: float) -> None:
    scan = ball()
    valid = np.ones(scan.data.shape, bool)
    valid[:, :12] = False
    padded = replace(scan, valid=valid, data=np.where(valid, scan.data, np.float32(rubbish)))
    plain = replace(scan, valid=valid)
    assert furthest(*(after("n4", each, **QUICK)[valid] for each in (padded, plain))) == 0


def test_a_slice_is_the_same_as_a_picture_and_as_a_film() -> None:
    picture = ball((40, 44), (1.0, 1.0))
    alone = after("n4", picture, **QUICK)
    slice_ = replace(picture, data=picture.data[None], mask=picture.mask[None], valid=picture.valid[None], axes="ZYX")
    assert np.array_equal(after("n4", slice_, **QUICK)[0], alone)
    film = replace(
        picture, data=np.stack([picture.data] * 2), mask=np.stack([picture.mask] * 2), valid=np.array(True), axes="TYX"
    )
    assert np.array_equal(after("n4", film, **QUICK), np.stack([alone] * 2))


@pytest.mark.parametrize(
    ("shape", "spacing", "shrink", "factors"),
    [
        ((64, 80, 64), (2.5, 2.5, 2.5), 4, (4, 4, 4)),
        ((25, 256, 256), (6.5, 0.78, 0.78), 4, (1, 4, 4)),
        ((40, 256, 256), (2.0, 1.0, 1.0), 4, (2, 4, 4)),
        ((25, 256, 256), None, 4, (4, 4, 4)),
        ((3, 20, 24), (2.0, 1.0, 1.5), 4, (1, 4, 3)),
        ((8, 20, 24), None, 16, (2, 5, 6)),
        ((512, 512), (0.5, 0.5), 8, (8, 8)),
    ],
)
def test_shrinking_adapts_to_each_axis(
    shape: tuple[int, ...], spacing: tuple[float, ...] | None, shrink: int, factors: tuple[int, ...]
) -> None:
    assert shrink_factors(shape, spacing, shrink, fewest=4) == factors


@pytest.mark.parametrize(
    ("data", "mask", "words"),
    [
        (
            np.full((6, 8, 8), 5),
            np.ones,
            "needs voxels inside that differ, and all 96 are 5 after shrinking by 1 x 2 x 2",
        ),
        (np.full((6, 8, 8), 5), np.zeros, "needs voxels above 0, and none of the 0 inside is; put a mask step above"),
        (np.full((6, 8, 8), -5), np.ones, "needs voxels above 0, and none of the 384 inside is"),
        (np.ones((1, 1, 1)), np.ones, "needs two axes of more than one voxel, and the scan has 0; remove this line"),
        (np.ones((1, 1, 9)), np.ones, "needs two axes of more than one voxel, and the scan has 1"),
    ],
)
def test_what_has_no_field_is_said(data: np.ndarray, mask: object, words: str) -> None:
    scan = Scan(data.astype(np.float32), "ZYX", mask=mask(data.shape, bool))
    with pytest.raises(StepError, match=f"line 1: n4 {words}"):
        after("n4", scan)


def test_a_mask_that_shrinking_loses_is_said() -> None:
    scan = ball()
    lost = np.zeros_like(scan.mask)
    lost[0, 0, 0] = True
    with pytest.raises(StepError, match=r"there are none after shrinking by .*; lower shrink, or enlarge the mask"):
        after("n4", replace(scan, mask=lost))


def test_work_without_an_end_is_refused_before_it_begins() -> None:
    image = np.random.default_rng(0).uniform(1, 2, (96, 96, 96)).astype(np.float32)
    with pytest.raises(
        ValueError, match=r"would update 884736 voxels \(after shrinking by 1 x 1 x 1\) up to 1200 times"
    ):
        n4(image, np.ones(image.shape, bool), None, shrink=1, iterations=200, levels=6)


def test_control_points_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(RecipeError, match="n4 control_points must be above order, got 3 and 3"):
        Line("n4", {"control_points": 3})
    with pytest.raises(RecipeError, match="at most 40 control points at the last level, got 67"):
        Line("n4", {"levels": 5, "control_points": 7})
    with pytest.raises(RecipeError, match="n4 inside must be one of foreground, mask, positive, got 'all'"):
        Line("n4", inside="all")


def test_each_iteration_is_told_and_what_that_raises_ends_the_filter(capfd: pytest.CaptureFixture[str]) -> None:
    values = ball((12, 20, 20), (1.0, 1.0, 1.0))
    line = Line("n4", {"iterations": 3, "levels": 2, "shrink": 1, "convergence": 1e-6})
    rounds: list[tuple[int, int]] = []
    quiet = carried_out(line, {}, values)
    told = carried_out(line, {}, values, told=lambda done, of: rounds.append((done, of)))
    assert rounds == [(i, 6) for i in range(1, 7)]
    assert told.data.tobytes() == quiet.data.tobytes()

    class Enough(Exception):
        pass

    def stop(done: int, of: int) -> None:
        rounds.append((done, of))
        if done == 2:
            raise Enough

    rounds.clear()
    before = sys.excepthook
    with pytest.raises(Enough):
        carried_out(line, {}, values, told=stop)
    # SimpleITK prints what a command raises, unless it is kept from that.
    assert capfd.readouterr() == ("", "")
    assert sys.excepthook is before
    assert rounds == [(1, 6), (2, 6)]
    again = carried_out(line, {}, values)
    assert again.data.tobytes() == quiet.data.tobytes(), "a stop leaves nothing behind"
