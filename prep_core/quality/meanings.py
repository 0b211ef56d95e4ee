"""How to read each figure, in a sentence, and where it is from."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Better = Literal["", "higher", "lower", "near 0", "near 1"]


@dataclass(frozen=True)
class Meaning:
    """What a figure says, as a sentence, and its source.

    Attributes
    ----------
    better : which of two is to be preferred; empty where neither is by itself
    formula : of a share, for values y of the result; "band" sums over the voxels of the band, "all" over all voxels
    """

    text: str
    source: str = ""
    better: Better = ""
    formula: str = ""

    @property
    def words(self) -> str:
        return f"{self.text} ({self.source})" if self.source else self.text


MEANINGS: Mapping[str, Meaning] = {
    "least": Meaning("The lowest valid voxel."),
    "largest": Meaning("The highest valid voxel; far from all others it squeezes them together in a linear picture."),
    "mean": Meaning("Networks learn fastest from values near 0.", "LeCun 1998", "near 0"),
    "std": Meaning("The standard deviation; networks learn fastest where it is near 1.", "LeCun 1998", "near 1"),
    "dynamic range": Meaning("From the 1 to the 99 percentile: the range that most voxels use."),
    "decades": Meaning("Powers of ten from the 0.1 percentile of the positive values to the largest."),
    "entropy": Meaning("Of 256 bins over the range: 8 bit use every level alike, 0 is a constant.", "Shannon 1948"),
    "distinct levels": Meaning("How many different values are left; it falls where values merge.", better="higher"),
    "EFC": Meaning("Near 0 the energy sits in few voxels, near 1 everywhere; of values above 0.", "Atkinson 1997"),
    "SNR": Meaning(
        "Mean of the bright class over the spread of the dark one; higher is cleaner.", "Dietrich 2007", "higher"
    ),
    "CNR": Meaning("How far bright and middle class lie apart, in units of their noise.", "Magnotta 2006", "higher"),
    "CJV": Meaning(
        "Spread of the two tissues over their distance: lower is better; shading raises it.", "Likar 2001", "lower"
    ),
    "field spread": Meaning("98th over 2nd percentile of the field: how much was evened out, not how well."),
    "CJV of two classes": Meaning(
        "Of dark and bright tissue, where Otsu's threshold of all results agrees.", "Likar 2001"
    ),
    "clipped low": Meaning("Voxels that lie on the lowest result together with others that were different."),
    "clipped high": Meaning("The same at the highest result; these differences are gone for good."),
    "contrast": Meaning(
        "Ratio of the standard deviations of both pictures from 0 to 1; above 1 contrast rose.", "Peli 1990"
    ),
    "edges": Meaning("Ratio of the mean gradients: above 1 edges are steeper, and noise is too.", "Sobel 1968"),
    "noise": Meaning("Ratio of the spreads in the darkest class: how much noise was raised."),
    "PSNR": Meaning("Against the rescaled input, in dB: lower is further from it.", "Huynh-Thu 2008"),
    "SSIM": Meaning("Likeness of local structure to the rescaled input; 1 is equal.", "Wang 2004"),
    "clipped low inside the mask": Meaning("The first, of the voxels inside the mask only."),
    "clipped high inside the mask": Meaning("The second, of the voxels inside the mask only."),
    "below": Meaning("Share of the voxels below the range; all of them become its lower limit."),
    "above": Meaning("Share of the voxels above the range; all of them become its upper limit."),
    "entropy in bins of 10 HU": Meaning("What is left to tell apart after the clip.", "Shannon 1948"),
    "kept": Meaning("Entropy after the clip over the one before, in the same bins: 100 % loses nothing."),
    "regions": Meaning("Voxels above the threshold that touch, by faces, edges or corners, are one region."),
    "share": Meaning("Of the valid voxels."),
    "severity": Meaning("Share times mean excess over the threshold: what metal adds to the mean of the scan."),
    "voxels": Meaning("Share of the voxels that lie in the band.", formula="count(band) / count(all)"),
    "range": Meaning(
        "Share of the range of the result that the band fills.",
        formula="the range cut into 1024 levels, each given to the bands as its voxels are; mean over the levels",
    ),
    "variance": Meaning(
        "Share of the variance of the result.", formula="sum over band (y − mean)² / sum over all (y − mean)²"
    ),
    "loss": Meaning(
        "Share of the squared error of a network that answers 0, as one before training about does.",
        formula="sum over band y² / sum over all y²",
    ),
    "gradient": Meaning(
        "Share of the gradient of that error: what the first steps of training listen to.",
        formula="sum over band |y| / sum over all |y|, as d(a − y)²/da = −2y at a = 0",
    ),
    "correlation": Meaning(
        "Of two channels: near 1 or -1 both say the same, 0 is no straight line between them.", "Pearson 1896"
    ),
    "mean difference": Meaning("Of B − A: whether one lies above the other everywhere."),
    "RMSE": Meaning("Root of the mean squared difference: how far apart both usually are."),
    "largest difference": Meaning("Of B − A, with its sign: the voxel that differs most."),
    "equal voxels": Meaning("Equal to the last bit."),
    "correlation of both": Meaning(
        "1 where one is a straight line of the other, whatever their scale.", "Pearson 1896"
    ),
    "NMI": Meaning("From 1, unrelated, to 2: each value of one tells that of the other.", "Studholme 1999"),
    "PSNR of B": Meaning("Range of A over the RMSE, in dB: higher is nearer.", "Huynh-Thu 2008"),
    "SSIM of B": Meaning("Likeness of local structure to A; 1 is equal.", "Wang 2004"),
    "moved": Meaning(
        "RMS change of the result over its standard deviation: 0 % does not notice, 100 % is another scan."
    ),
}
"""By the name of the figure."""


def preferred(name: str, first: float | None, second: float | None) -> int | None:
    """Which of two values of the figure `name` is better, 0 or 1; None where both are alike or nobody can say."""
    better = MEANINGS[name].better
    if not better or first is None or second is None or first == second:
        return None
    one, other = (_distance(better, value) for value in (first, second))
    return None if one == other else int(other < one)


def _distance(better: Better, value: float) -> float:
    """How far `value` is from the best."""
    if better == "near 1":
        return abs(math.log(value)) if value > 0 else math.inf
    return {"higher": -value, "lower": value}.get(better, abs(value))
