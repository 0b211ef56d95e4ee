"""What the lesson on the label in the corner says of its numbers."""

from dataclasses import dataclass

from prep_core.lessons.corner_label.trials import BODY, Cut, Scale, Trial
from prep_core.lessons.words import signed

GOOD = 0.75
"""Half way between guessing and always right."""

GAP = 0.25
"""From this difference between the same place and elsewhere on, a short cut decides."""


NO_HU = (
    f"body_mask is made for CT and calls its threshold one in HU; here its {BODY:g} is no HU but a share of the way "
    "from black to white, 0 to 1 after the first line."
)


@dataclass(frozen=True, eq=False)
class Told:
    """All that is spoken of: trials without and with the recipe, the picture that is shown, and the controls."""

    marks: tuple[Trial, Trial]
    hospitals: tuple[Trial, Trial]
    shown: int
    area: float
    cut: Cut
    scale: Scale
    tied: float
    gain: float


def happened(told: Told) -> tuple[str, ...]:
    """The formula, with the numbers put in, and what follows."""
    return (_score(told), _marks(told), _cut(told), _hospitals(told), _limits())


def _score(told: Told) -> str:
    reader, picture = told.marks[0].reader, told.marks[0].seen[told.shown]
    mean, score = float(reader.activation(picture).mean()), float(reader.scores(picture[None])[0])
    return (
        "The classifier has fixed filters f (brightness, edges, spots), takes the mean of each over the picture "
        "(global average pooling), and a logistic regression weighs the means: score = Σ w · mean(f) + b. The sum may "
        "be taken first: the activation map Σ w · f(x, y), here minus that of the average picture, is what each place "
        f"says for ill, and its mean + b is the score. In the first picture {signed(mean, '.2f')} + "
        f"{signed(reader.intercept, '.2f')} = {signed(score, '.2f')}; above 0 it says ill."
    )


def _marks(told: Told) -> str:
    before = told.marks[0]
    return (
        f"{told.tied:g} % of the ill carry the mark, and {100 - told.tied:g} % of the healthy. On patients from the "
        f"same place it is right in {before.inside:.0%}; where half of the ill and half of the healthy carry it, in "
        f"{before.elsewhere:.0%}. The map says why: the corner, {told.area:.1%} of the picture, holds "
        f"{before.in_corner(told.shown):.0%} of all that speaks for ill."
    )


def _cut(told: Told) -> str:
    after = told.marks[1]
    held = after.in_corner(told.shown)
    why = {
        "nothing": "The recipe does nothing about the mark.",
        "crop to foreground": "Cropping to the foreground is said to help. But the mark is bright, so it is "
        "foreground, and the smallest box that holds the foreground holds the mark. Pictures with a mark are even "
        "cropped otherwise than those without, so that every edge of the patient tells which is which.",
        "mask the body": "body_mask keeps the largest connected thing above a threshold, apply_mask makes the rest 0, "
        f"and only then crop_foreground cuts to that mask. {NO_HU}",
    }[told.cut]
    return (
        f"{why} After this recipe the place of the mark holds {held:.0%} of what speaks for ill. It is right "
        f"in {after.inside:.0%} of patients from the same place, and in {after.elsewhere:.0%} elsewhere: "
        f"{_verdict(after)}."
    )


def _verdict(after: Trial) -> str:
    if after.inside - after.elsewhere >= GAP:
        return "it still does not look at the patient"
    if after.elsewhere >= GOOD:
        return "it looks at the patient"
    return "the short cut is gone, but the illness is hardly found in this picture"


def _hospitals(told: Told) -> str:
    before, after = told.hospitals
    works = "does not take" if after.inside - after.elsewhere >= GAP else "takes"
    return (
        f"Two hospitals: B multiplies all values with {told.gain:g}, and {told.tied:g} % of the ill come from B. There "
        f"is no mark, and yet it is right in {before.inside:.0%} of patients from this mix, and in "
        f"{before.elsewhere:.0%} where both hospitals have as many ill as healthy. With {told.scale} in the recipe it "
        f"is right in {after.inside:.0%} and {after.elsewhere:.0%}: that {works} the short cut away."
    )


def _limits() -> str:
    return (
        "What this does not show: a short cut that is part of the patient, such as a drain or a bed, which no crop and "
        "no scale removes. The test that finds them all is the one on another hospital, where nothing is tied. A mark "
        "that touches the body belongs to the largest thing too, and stays. And all patients here share one anatomy, "
        "so that the map can be read; only noise, nodule and mark differ."
    )
