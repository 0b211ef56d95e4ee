"""What happened to the bands, in words with the numbers put in."""

from collections.abc import Mapping

from prep_core.lessons.thirteen_bands.measured import IMAGENET, PLANTS, Photograph
from prep_core.lessons.words import signed
from prep_core.scan import Scan

Numbers = Mapping[str, float]

FORMULAS: Mapping[str, str] = {
    "each band": "(x − low) / (high − low), with the low and the high of its own band",
    "z-score": "(x − mean) / std, with the mean and the std of its own band",
    "one range": "(x − low) / (high − low), with one low and one high for all bands",
}


def happened(numbers: Numbers, bands: Scan, scaling: str, cut: float, photo: Photograph) -> tuple[str, ...]:
    """The paragraphs: scaling and correlation, NDVI, the way out, ImageNet, and what is not shown."""
    return (
        f"Each pixel becomes {FORMULAS[scaling]}, after {cut:g} % at each end were cut off. A straight line with a "
        "slope above 0 changes no correlation: with nothing cut off the largest change of any two bands is "
        f"{numbers['correlation_change_uncut']:.3f}; the cut makes it {numbers['correlation_change']:.3f}.",
        _index(numbers),
        f"A common factor cancels out: dividing all bands by {photo.divisor:g} changes NDVI by at most "
        f"{_short(numbers['ndvi_fixed'], '0e')}. So compute indices first, of reflectance, and scale afterwards.",
        _photograph(bands, photo),
        "Not shown: whether a network learns better. Its first layer can learn a slope for each band; but what is "
        "measured on one scene gives the same field another value in the next, so measure it over the training set.",
    )


def _index(numbers: Numbers) -> str:
    parts = []
    for when in ("before", "after"):
        red, nir = numbers[f"red_{when}"], numbers[f"nir_{when}"]
        index = _short((nir - red) / (nir + red), "3f")
        parts.append(f"({_short(nir)} − {_inside(red)}) / ({_short(nir)} + {_inside(red)}) = {index}")
    return (
        f"NDVI = (near infrared − red) / (near infrared + red). Of the mean green pixel it is {parts[0]} before and "
        f"{parts[1]} after: neither a low that is subtracted nor a factor of each band's own cancels out. Half of all "
        f"pixels move by more than {numbers['ndvi_change']:.2f}; {100 * numbers['ndvi_crossed']:.1f} % change sides at "
        f"{PLANTS:g}, from where on a pixel is called green; {100 * numbers['ndvi_beyond']:.1f} % lie beyond −1 and 1, "
        "where no NDVI of reflectance can be."
    )


def _short(value: float, digits: str = "4g") -> str:
    return signed(value, f".{digits}")


def _inside(value: float) -> str:
    """As the second number of a sum."""
    return _short(value) if value >= 0 else f"({_short(value)})"


def _photograph(bands: Scan, photo: Photograph) -> str:
    mean, std = IMAGENET[0]
    means, stds = (", ".join(_short(value, "2f") for value in values) for values in (photo.means, photo.stds))
    count = bands.size("C")
    return (
        f"ImageNet's numbers are of photographs: red becomes (x / {photo.divisor:g} − {mean:g}) / {std:g}. Here red, "
        f"green and blue end at means of {means} and stds of {stds} instead of 0 and 1, as most ground is darker than "
        f"a photograph. For the rest, {count - len(photo.channels)} of {count} bands, ImageNet has no numbers."
    )
