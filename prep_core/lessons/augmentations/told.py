"""What the lesson on augmentations says of its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from prep_core.lessons.augmentations.augmenting import ROTATION, Strength
from prep_core.lessons.augmentations.checks import LEAST_R, TIE, Checked
from prep_core.lessons.words import signed
from prep_core.recipe import Recipe
from prep_core.scan import Scan


@dataclass(frozen=True, eq=False)
class Told:
    """All that is spoken of.

    Attributes
    ----------
    ends, given : least and largest value after the recipe, and of what is augmented, without augmentation
    was, found : the plane without and with each augmentation
    farthest, crumpled : the longest way of a pixel in px, and the share of the picture turned inside out
    """

    plane: Scan
    recipe: Recipe
    stage: str
    ends: tuple[float, float]
    given: tuple[float, float]
    strength: Strength
    was: Checked
    found: Mapping[str, Checked]
    failed: Mapping[str, tuple[str, ...]]
    farthest: float
    crumpled: float


def happened(told: Told) -> tuple[str, ...]:
    """The formulas, with the numbers put in, and what follows."""
    return (_halves(told), _signal(told), _range(told), _elastic(told), _limits(told), *_stopped(told))


def _halves(told: Told) -> str:
    lean, flip = told.was.lean, told.found["flip"].lean
    rule = "Anatomy: (mean of the right half − mean of the left half) / std, in a disc in the middle. "
    if abs(lean) < TIE:
        return (
            f"{rule}Here it is {signed(lean, '.3f')}: the halves are equally bright (less than {TIE} apart), so this "
            "check can say nothing, and a flip passes unseen."
        )
    side = "right" if lean > 0 else "left"
    return (
        f"{rule}Here it is {signed(lean, '.3f')}: the {side} half is brighter. After the flip it is "
        f"{signed(flip, '.3f')}, the other half: in a chest that would be a heart on the wrong side, with "
        "the label of a healthy one."
    )


def _signal(told: Told) -> str:
    r = {name: check.r for name, check in told.found.items()}
    least = min(r, key=r.__getitem__)
    first = (
        "Signal: r = Σ (a − ā)(b − b̄) / √(Σ (a − ā)² · Σ (b − b̄)²) between the pixels without and with augmentation; "
        f"below {LEAST_R} it fails. Brightness keeps r = {r['brightness']:.3f}, elastic {r['elastic']:.3f}, the flip "
        f"{r['flip']:.3f}, {ROTATION:g} degrees {r['rotation']:.3f}, noise {r['noise']:.3f}. "
    )
    if r["flip"] > r["rotation"]:
        return (
            f"{first}The flip scores better than the harmless rotation: correlation alone would call the lie the "
            "better augmentation."
        )
    return f"{first}Least is left by {least}. A low r need not be a lie, and a high r is no proof of truth."


def _range(told: Told) -> str:
    low, high = (signed(end, ".3g") for end in told.ends)
    bright, noise = told.found["brightness"], told.found["noise"]
    steps = ", ".join(line.step for line in told.recipe.lines)
    return (
        f"Range: without augmentation this recipe ({steps}) gives values from {low} to {high}. Brightness adds "
        f"{told.strength.shift:.3g} {told.stage}: {bright.outside:.1%} of the pixels leave that range, with "
        f"noise {noise.outside:.1%}; the most frequent value fills {bright.alike:.1%} and {noise.alike:.1%} of the "
        f"picture. {_stage(told, bright)}"
    )


def _stage(told: Told, bright: Checked) -> str:
    if told.stage.startswith("after"):
        return "Nothing comes after it to bring them back: clip after the augmentation, or augment before the recipe."
    if "constant" in told.failed["brightness"]:
        return "The picture collapsed to a constant: its limits are fixed, and the brightness left them."
    if bright.r > 0.9999:
        return (
            "The recipe measures each picture anew and takes the brightness out again (r = "
            f"{bright.r:.4f}): this augmentation does nothing."
        )
    return "The limits of the recipe are fixed, so brightness moves values as another scanner would, or another tissue."


def _elastic(told: Told) -> str:
    s = told.strength
    folded = (
        f"{told.crumpled:.1%} of the picture is turned inside out (the determinant of the derivative is not above 0): "
        "no tissue does that, and r alone would not say so."
        if told.crumpled
        else "It folds nowhere, as the determinant of its derivative is above 0 at every pixel."
    )
    return (
        f"Elastic: displacement = α · (noise from −1 to 1, smoothed with a Gaussian of σ px), here {s.alpha:g} · noise "
        f"smoothed with {s.sigma:g} px. The longest way is {told.farthest:.1f} px. {folded}"
    )


def _limits(told: Told) -> str:
    low, high = (signed(end, ".4g") for end in told.given)
    return (
        "What this does not show: which change is wrong for your question. Cells in a dish and fields seen from above "
        "have no left and right, and there a flip is no lie although the halves swap. The corners that a rotation "
        f"brings in are 0, as libraries fill them, among values from {low} to {high}: nobody measured them, and yet a "
        "recipe that comes later measures them too."
    )


def _stopped(told: Told) -> tuple[str, ...]:
    return tuple(
        f"After {name} the recipe has no answer: {check.stopped}."
        for name, check in told.found.items()
        if check.stopped
    )
