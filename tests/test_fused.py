"""A chain of formulas carried out at once gives the bytes and sentences of its lines, carried out one by one."""

from collections.abc import Sequence

import numpy as np
import pytest

from prep_core import fused
from prep_core.chain import Link
from prep_core.line import Line
from prep_core.measuring import measured, spread
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.running import StepError, run_lines
from prep_core.scan import Scan
from prep_core.steps import STEPS
from prep_core.together import run_together

SMALLER = Line("rescale", {"divide": 1e9})
LARGER = Line("rescale", {"divide": 1e-9})
FORMULAS = tuple(step for step in STEPS.values() if step.formula)
TWICE = {"window": ("linear", "linear_exact"), "percentile_rescale": (True, False), "rescale_range": (True, False)}
"""Steps with a parameter that chooses between formulas, and its choices."""


def noisy(dtype: str = "f4", valid: bool = True) -> Scan:
    rng = np.random.default_rng(3)
    data = np.clip(rng.normal(60, 40, (5, 30, 61)), 1, 127).astype(dtype)
    return Scan(data, "ZYX", modality="CT", valid=rng.random(data.shape) < 0.9 if not valid else np.array(True))


def linked(lines: Sequence[Line], scan: Scan) -> list[Link]:
    return [Link(i, line, spread(line, measured(line, scan, True), scan)) for i, line in enumerate(lines, start=1)]


def last_of(lines: Sequence[Line], scan: Scan) -> bytes:
    return np.ascontiguousarray(list(run_lines(lines, scan))[-1].scan.data).tobytes()


def lines_of_formulas() -> list[Line]:
    lines = []
    for step in FORMULAS:
        word, choices = {"window": "function"}.get(step.name, "clip"), TWICE.get(step.name, (None,))
        over = {"over": "dataset"} if step.population.get("over") == ("dataset",) else {}
        lines += [Line(step.name, {} if choice is None else {word: choice}, **over) for choice in choices]
    return lines


def test_the_steps_that_calculate_value_by_value_are_formulas() -> None:
    assert {"window", "rescale", "clip", "decibel", "zscore", "percentile_rescale"} <= {step.name for step in FORMULAS}


@pytest.mark.parametrize("line", lines_of_formulas(), ids=lambda line: f"{line.step} {line.params.get('clip', '')}")
@pytest.mark.parametrize("dtype", ["f4", "i2", "u2", "i1", "u1"])
@pytest.mark.parametrize("valid", [True, False], ids=["whole", "padded"])
def test_each_formula_gives_the_bytes_of_its_step(line: Line, dtype: str, valid: bool) -> None:
    scan = noisy(dtype, valid)
    (line,) = fit(Recipe((line,)), [scan]).lines if line.needs_fit else (line,)
    chain = linked((line, Line("rescale", {"divide": 3.0})), scan)
    out = np.empty(scan.data.shape, np.float32)
    assert fused.through(fused.operations(chain, scan), chain, scan, out, lambda done, of: None)
    assert out.tobytes() == last_of([link.line for link in chain], scan)


@pytest.mark.parametrize(
    "line",
    [
        Line("window", {"function": "sigmoid"}),
        Line("window", {"function": "linear", "width": 1.0}),
        Line("invert"),
        Line("zscore", per="plane"),
    ],
    ids=["another curve", "a threshold", "no formula", "a part has numbers of its own"],
)
def test_what_is_no_formula_is_none(line: Line) -> None:
    scan = noisy()
    assert fused.operations(linked([SMALLER], scan), scan)
    assert fused.operations(linked([SMALLER, line], scan), scan) == ()
    assert run_together((SMALLER, line), scan, counted=False).scan.data.tobytes() == last_of((SMALLER, line), scan)


@pytest.mark.parametrize("dtype", [">i2", "f8", "u4", "?"])
def test_other_types_and_orders_of_memory_are_left_to_others(dtype: str) -> None:
    scan, turned = noisy(dtype), Scan(np.asfortranarray(noisy().data), "ZYX")
    assert not fused.operations(linked([SMALLER], scan), scan)
    assert not fused.operations(linked([SMALLER], turned), turned)


@pytest.mark.parametrize("first", [(), (SMALLER, Line("minmax"))], ids=["into a new volume", "over what it reads"])
@pytest.mark.parametrize("bad", [(), (LARGER,)], ids=["in the last line", "and in the next"])
def test_a_value_beyond_float32_is_refused_as_by_its_line(first: tuple[Line, ...], bad: tuple[Line, ...]) -> None:
    lines, scan = (*first, *[LARGER] * 4, Line("rescale"), LARGER, *bad), noisy()
    with pytest.raises(StepError) as apart:
        list(run_lines(lines, scan))
    with pytest.raises(StepError) as together:
        run_together(lines, scan, counted=False)
    assert str(together.value) == str(apart.value)


def test_numbers_may_overflow() -> None:
    data = np.linspace(-3e38, 3e38, 300, dtype=np.float32).reshape(15, 20)
    scan, lines = Scan(data, "YX"), (Line("sigma_clip", {"sigmas": 1000.0}),)
    assert run_together(lines, scan, counted=False).scan.data.tobytes() == last_of(lines, scan) == data.tobytes()


@pytest.mark.parametrize("first", [(), (SMALLER, Line("minmax"))], ids=["into a new volume", "over what it reads"])
def test_padding_may_become_infinite(first: tuple[Line, ...]) -> None:
    data = np.full((4, 50, 60), 2, np.float32)
    data[:, 0], data[0, 1, 2] = 3e38, 1
    scan = Scan(data, "ZYX", valid=data < 3e38)
    lines = (*first, Line("rescale", {"divide": 1e-4}))
    end = run_together(lines, scan, counted=False).scan
    assert end.data.tobytes() == last_of(lines, scan)
    assert first or np.isinf(end.data[:, 0]).all()


def test_what_told_raises_stops_it() -> None:
    class Enough(Exception):
        pass

    calls: list[tuple[int, int]] = []

    def told(number: int, done: int, of: int) -> None:
        calls.append((done, of))
        if done == 1:
            raise Enough

    with pytest.raises(Enough):
        run_together([SMALLER], Scan(np.ones((5 * fused.STRIDE,), np.uint8).reshape(5, 1024, 1024), "ZYX"), told=told)
    assert calls[-1][0] == 1
    assert calls[-1][1] in (3, 6)
