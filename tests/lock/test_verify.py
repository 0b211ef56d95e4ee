"""verify: the same bytes, the same within a tolerance, or a failure that says what differs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prep_core import Recipe, verify
from prep_core.bundle import from_file_bytes, to_file_bytes
from prep_core.cli import main
from prep_core.line import Line
from prep_core.lock.answering import answer_of
from prep_core.lock.lock import Lock
from prep_core.lock.probe import scan_of
from prep_core.lock.verifying import TOLERANCE
from prep_core.run import apply, fit
from prep_core.scan import Scan
from tests.strategies import unit_scan

LINES = (Line("gaussian", {"sigma": 2.0}), Line("zscore", over="dataset"), Line("clip", {"low": -3, "high": 3}))
FITTED = fit(Recipe(LINES, "mine"), [unit_scan(seed=seed) for seed in range(2)])


def lock_of(recipe: Recipe) -> Lock:
    assert recipe.lock is not None
    return recipe.lock


def moved(recipe: Recipe, by: float, **versions: str) -> Recipe:
    """`recipe` as another machine would have locked it, whose answers lie `by` of their range higher."""
    lock = lock_of(recipe)
    step = by * (lock.answer.high - lock.answer.low)
    answer = replace(
        lock.answer, sha256="0" * 64, values=tuple(value + step for value in lock.answer.values), mean=lock.answer.mean
    )
    return replace(recipe, lock=replace(lock, answer=answer, versions={**lock.versions, **versions}))


def test_the_machine_that_fitted_gives_the_same_bytes() -> None:
    verdict = verify(Recipe.from_yaml(FITTED.to_yaml()))
    assert (verdict.ok, verdict.outcome, verdict.difference) == (True, "same bytes", 0.0)
    assert verdict.message == "same bytes as when it was fitted (all versions are those in the lock)"


def test_other_bytes_within_the_tolerance_are_told_with_the_library_that_differs() -> None:
    verdict = verify(moved(FITTED, TOLERANCE / 2, numpy="1.0.0"))
    assert (verdict.ok, verdict.outcome) == (True, "within tolerance")
    here = {"numpy": ("1.0.0", np.__version__)}
    assert verdict.differing == here
    assert verdict.difference == pytest.approx(verdict.tolerance / 2, rel=0.01)
    assert f"(versions differ: numpy 1.0.0 -> {np.__version__})" in verdict.message
    assert verdict.message.startswith("same within ")


def test_other_values_fail_with_both_numbers_and_the_library() -> None:
    verdict = verify(moved(FITTED, 3 * TOLERANCE, scipy="1.0.0"))
    assert (verdict.ok, verdict.outcome) == (False, "failed")
    assert verdict.message.startswith(f"the output differs by {verdict.difference:.3g}, and {verdict.tolerance:.3g} is")
    assert "scipy 1.0.0 -> " in verdict.message


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("sigma: 2.0", "sigma: 2.5", None),
        ("  high: 3.0", "  high: 3.5", "line 3: clip was edited after the fit"),
        ("numbers: {mean: 0", "numbers: {mean: 1", "line 2: the fitted numbers of zscore were edited by hand"),
        ("scans: 2, voxels", "scans: 3, voxels", "line 2: the fitted numbers of zscore were edited by hand"),
        ("- step: clip\n", "- step: sqrt\n- step: clip\n", "it has 4 lines and was fitted with 3"),
    ],
)
def test_a_hand_edit_fails(old: str, new: str, complaint: str | None) -> None:
    text = FITTED.to_yaml()
    assert text.count(old) == 1
    if complaint is None:
        with pytest.raises(ValueError, match="line 2: zscore was fitted below other lines"):
            Recipe.from_yaml(text.replace(old, new))
        return
    verdict = verify(Recipe.from_yaml(text.replace(old, new)))
    assert verdict.outcome == "failed"
    assert verdict.message == f"the recipe is not the one that was fitted: {complaint}; fit it again"


def test_what_is_not_fitted_or_has_no_lock_fails_in_a_sentence() -> None:
    assert "line 2: zscore is not fitted" in verify(Recipe(LINES)).message
    assert verify(replace(FITTED, lock=None)).message == "the recipe mine has no lock; fit it to get one"


def test_another_shape_of_the_answer_fails() -> None:
    lock = lock_of(FITTED)
    verdict = verify(replace(FITTED, lock=replace(lock, answer=replace(lock.answer, shape=(1, 1, 9), at=(0,)))))
    assert "the probe gave ZYX (1, 1, 9), and now gives ZYX (3, 24, 24)" in verdict.message


def test_a_complaint_is_an_answer() -> None:
    lines = (
        Line("zscore", over="dataset"),
        Line("threshold_mask", {"low": 50.0, "high": 1e6}),
        Line("minmax", inside="mask"),
    )
    recipe = fit(Recipe(lines), [big(seed) for seed in range(2)])
    assert lock_of(recipe).answer.complaint.startswith("line 3: minmax has no voxels to measure")
    assert verify(Recipe.from_yaml(recipe.to_yaml())).outcome == "same bytes"
    other = replace(recipe, lock=replace(lock_of(recipe), answer=lock_of(FITTED).answer))
    assert verify(other).message.startswith("the probe was answered with values from ")


def big(seed: int) -> Scan:
    """A few voxels lie far above all others: no probe reaches them."""
    data = np.random.default_rng(seed).normal(0, 1, (100, 200)).astype(np.float32)
    data[50, 50:52] = 1e6, 2e6
    return Scan(data, "YX")


RECIPES: dict[str, tuple[tuple[Line, ...], Callable[[int], Scan]]] = {
    "per channel": ((Line("minmax", over="dataset", per="channel"),), lambda i: unit_scan("CYX", i)),
    "per plane": ((Line("zscore", over="dataset", per="plane"),), lambda i: unit_scan("ZYX", i)),
    "per frame": ((Line("zscore", over="dataset", per="frame"),), lambda i: unit_scan("TYX", i)),
    "per pixel": ((Line("standardize_map"),), lambda i: unit_scan("YX", i)),
    "nyul": ((Line("nyul", inside="all"),), lambda i: unit_scan("ZYX", i)),
    "below another grid": (
        (Line("resample", {"spacing": (1.0, 2.0, 2.0)}), Line("zscore", over="dataset", per="plane")),
        lambda i: unit_scan("ZYX", i),
    ),
    "complex": (
        (Line("magnitude"), Line("decibel", over="dataset")),
        lambda i: Scan((unit_scan("YX", i).data * (1 + 2j)).astype(np.complex64), "YX"),
    ),
    "a mask": ((Line("foreground_mask", over="dataset"),), lambda i: unit_scan("ZYX", i)),
}


@pytest.mark.parametrize(("lines", "scan"), RECIPES.values(), ids=RECIPES)
def test_every_kind_of_recipe_has_an_answer_to_its_probe(lines: tuple[Line, ...], scan: Callable[[int], Any]) -> None:
    recipe = from_file_bytes(to_file_bytes(fit(Recipe(lines), [scan(i) for i in range(2)])))
    assert lock_of(recipe).answer.complaint == ""
    assert verify(recipe).outcome == "same bytes"


def test_the_answer_is_what_apply_gives() -> None:
    lock = lock_of(FITTED)
    result = apply(FITTED, scan_of(lock.probe)).data
    assert result.reshape(-1)[list(lock.answer.at)].tolist() == np.float32(lock.answer.values).tolist()
    assert (lock.answer.low, lock.answer.high) == (pytest.approx(result.min()), pytest.approx(result.max()))
    assert lock.answer.mean == pytest.approx(result.mean(), rel=1e-5)


def test_the_digest_of_an_answer_sees_one_bit() -> None:
    near = np.nextafter(3.0, 4.0, dtype=np.float32).item()
    answers = [answer_of((Line("clip", {"low": 0.5, "high": high}),), lock_of(FITTED).probe) for high in (3.0, near)]
    assert answers[0] == answers[1]  # nothing reaches 3
    answers = [answer_of((Line("rescale", {"divide": by}),), lock_of(FITTED).probe) for by in (3.0, near)]
    assert answers[0].sha256 != answers[1].sha256


def test_the_command_tells_and_exits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.yaml"
    for recipe, code, told in (
        (FITTED, 0, "same bytes as when it was fitted"),
        (moved(FITTED, TOLERANCE / 2, numpy="1.0.0"), 0, "same within "),
        (moved(FITTED, 1.0), 2, "the output differs by "),
        (Recipe(LINES), 2, "line 2: zscore is not fitted"),
        (replace(FITTED, lock=None), 2, "has no lock"),
    ):
        file.write_text(recipe.to_yaml())
        assert main(["verify", str(file)]) == code
        stdout, stderr = capsys.readouterr()
        assert told in (stderr if code else stdout)
        assert (stdout if code else stderr) == ""
