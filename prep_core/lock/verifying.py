"""Does this machine still give a recipe's recorded answers?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from prep_core.lock.answering import answer_of
from prep_core.lock.lock import Answer, Lock
from prep_core.lock.sealing import mismatch
from prep_core.recipe import Recipe
from prep_core.versions import VERSION, library_versions

TOLERANCE = 1e-5
"""Of the range of the probe's answer: some 170 roundings of a float32 at its upper end, and 1/400 of a grey level."""


@dataclass(frozen=True)
class Verdict:
    """What became of a recipe's promise.

    Attributes
    ----------
    outcome : "same bytes", "within tolerance", or "failed"
    message : a sentence
    differing : by name, the versions in the lock and here, where they differ
    difference, tolerance : the largest difference of the answers, and what is allowed; None where not compared
    """

    outcome: Literal["same bytes", "within tolerance", "failed"]
    message: str
    differing: Mapping[str, tuple[str, str]]
    difference: float | None = None
    tolerance: float | None = None

    @property
    def ok(self) -> bool:
        return self.outcome != "failed"


def verify(recipe: Recipe) -> Verdict:
    """Run the probe of the lock of `recipe` again, here, and compare."""
    if recipe.waiting:
        number = recipe.waiting[0]
        step = recipe.lines[number - 1].step
        return _failed(f"line {number}: {step} is not fitted, so nothing is recorded; fit the recipe first")
    if recipe.lock is None:
        return _failed(f"the recipe {recipe.name} has no lock; fit it to get one")
    differing = _differing(recipe.lock.versions)
    if why := mismatch(recipe.lines, recipe.lock.seal):
        return Verdict("failed", f"the recipe is not the one that was fitted: {why}; fit it again", differing)
    return _compared(recipe.lock, answer_of(recipe.lines, recipe.lock.probe), differing)


def _failed(message: str) -> Verdict:
    return Verdict("failed", message, {})


def _compared(lock: Lock, now: Answer, differing: Mapping[str, tuple[str, str]]) -> Verdict:
    then = lock.answer
    libraries = _in_words(differing)
    if now == then:
        return Verdict("same bytes", f"same bytes as when it was fitted ({libraries})", differing, 0.0, _allowed(then))
    if then.complaint or now.complaint:
        words = f"the probe was answered with {_told(then)}, and is now with {_told(now)} ({libraries})"
        return Verdict("failed", words, differing)
    if (then.axes, then.shape, then.at) != (now.axes, now.shape, now.at):
        words = f"the probe gave {then.axes} {then.shape}, and now gives {now.axes} {now.shape} ({libraries})"
        return Verdict("failed", words, differing)
    difference, allowed = _largest_difference(then, now), _allowed(then)
    if difference > allowed:
        words = f"the output differs by {difference:.3g}, and {allowed:.3g} is allowed ({libraries})"
        return Verdict("failed", words, differing, difference, allowed)
    words = f"same within {allowed:.3g} (largest difference {difference:.3g}), not the same bytes ({libraries})"
    return Verdict("within tolerance", words, differing, difference, allowed)


def _largest_difference(then: Answer, now: Answer) -> float:
    """At the recorded places, and of minimum, mean and maximum."""
    old, new = ((*answer.values, answer.low, answer.mean, answer.high) for answer in (then, now))
    return max(abs(a - b) for a, b in zip(old, new, strict=True))


def _allowed(answer: Answer) -> float:
    return TOLERANCE * ((answer.high - answer.low) or abs(answer.high) or 1.0)


def _told(answer: Answer) -> str:
    return f"{answer.complaint!r}" if answer.complaint else f"values from {answer.low:.6g} to {answer.high:.6g}"


def _differing(then: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    now = {"prep_core": VERSION} | library_versions()
    return {
        name: (then.get(name, "not recorded"), now.get(name, "not installed"))
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    }


def _in_words(differing: Mapping[str, tuple[str, str]]) -> str:
    if not differing:
        return "all versions are those in the lock"
    return "versions differ: " + ", ".join(f"{name} {old} -> {new}" for name, (old, new) in differing.items())
