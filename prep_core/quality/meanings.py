"""How to read each figure, in a sentence, and where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """What a figure says, as a sentence, and its source."""

    text: str
    source: str = ""

    @property
    def words(self) -> str:
        return f"{self.text} ({self.source})" if self.source else self.text


MEANINGS: Mapping[str, Meaning] = {
    "least": Meaning("The lowest valid voxel."),
    "largest": Meaning("The highest valid voxel; far from all others it squeezes them together in a linear picture."),
    "mean": Meaning("Networks learn fastest from values near 0.", "LeCun 1998"),
    "std": Meaning("The standard deviation; networks learn fastest where it is near 1.", "LeCun 1998"),
    "dynamic range": Meaning("From the 1 to the 99 percentile: the range that most voxels use."),
    "decades": Meaning("Powers of ten from the 0.1 percentile of the positive values to the largest."),
    "entropy": Meaning("Of 256 bins over the range: 8 bit use every level alike, 0 is a constant.", "Shannon 1948"),
    "distinct levels": Meaning("How many different values are left; it falls where values merge."),
    "EFC": Meaning("Near 0 the energy sits in few voxels, near 1 everywhere; of values above 0.", "Atkinson 1997"),
    "SNR": Meaning("Mean of the bright class over the spread of the dark one; higher is cleaner.", "Dietrich 2007"),
    "CNR": Meaning("How far bright and middle class lie apart, in units of their noise.", "Magnotta 2006"),
    "CJV": Meaning("Spread of the two tissues over their distance: lower is better; shading raises it.", "Likar 2001"),
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
    "voxels": Meaning("Share of the voxels that lie in the band."),
    "range": Meaning("Share of the range of the result that the band fills."),
    "variance": Meaning("Share of the variance of the result."),
    "loss": Meaning("Share of the squared error of a network that answers 0, as one before training about does."),
    "gradient": Meaning("Share of the gradient of that error: what the first steps of training listen to."),
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
