"""Nyul's standard scale: histograms brought together by their landmarks."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from prep_core.kernels.curve import by_curve
from prep_core.measure import Accumulator, StandardLandmarks, landmark_curve
from prep_core.ops.image import Image, Numbers
from prep_core.param import P

Low = Annotated[float, P("Percentile of the first landmark, below the deciles.", (0, 9), "%", soft=(0, 5))]
High = Annotated[float, P("Percentile of the last landmark, above the deciles.", (91, 100), "%", soft=(95, 100))]

_DECILES = tuple(float(percent) for percent in range(10, 100, 10))


def standard_landmarks(
    *,
    low: Low = 1.0,
    high: High = 99.0,
    out_low: Annotated[float, P("What the first landmark becomes.", (-1e6, 1e6), soft=(0, 10))] = 1.0,
    out_high: Annotated[float, P("What the last landmark becomes.", (-1e6, 1e6), soft=(1, 255))] = 100.0,
) -> Accumulator:
    """Measure the mean landmarks of the training scans on the standard scale."""
    return StandardLandmarks((low, *_DECILES, high), (out_low, out_high))


def own_landmarks(*, low: Low = 1.0, high: High = 99.0) -> Accumulator:
    """Measure the landmarks of the scan at hand."""
    return landmark_curve((low, *_DECILES, high))


def nyul(
    image: Image,
    numbers: Numbers,
    *,
    outside: Annotated[
        Literal["extrapolate", "clamp"],
        P("Beyond the first and the last landmark, go on as between the two nearest, or stop at them."),
    ] = "extrapolate",
) -> Image:
    """Bring each scan's percentiles to the mean percentiles of the training scans, piecewise linearly (Nyul).

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "standard", (11,), the landmarks of the standard scale, frozen; "landmarks", (11,), the scan's own, in image
        units, increasing.

    Returns
    -------
    ndarray of the same shape, float32
        NaN where the image is NaN.

    Raises
    ------
    ValueError
        By the runner, for a scan whose first and last landmark are equal.

    Notes
    -----
    The landmarks are the percentiles low, 10, 20 ... 90, high [1]_ [2]_.  Fitting maps each training scan linearly,
    ``out_low + (l - l_low) / (l_high - l_low) * (out_high - out_low)``, and takes the mean of its landmarks l over
    the scans, each counting alike.  Applying measures the landmarks of the scan at hand, inside the same word, and
    maps them to the standard ones; between them the map is linear.  Where landmarks coincide the upper one counts.

    References
    ----------
    .. [1] Nyul and Udupa (1999), On standardizing the MR image intensity scale, Magnetic Resonance in Medicine
       42:1072.
    .. [2] Nyul, Udupa and Zhang (2000), New variants of a method of MRI scale standardization, IEEE Transactions on
       Medical Imaging 19:143.
    """
    return by_curve(image, numbers["landmarks"], numbers["standard"], beyond=outside == "extrapolate")


def has_landmarks(numbers: Mapping[str, Any]) -> str | None:
    curve = numbers.get("landmarks", numbers.get("standard"))
    if curve[0] < curve[-1]:
        return None
    return f"has nothing to scale: the first and the last landmark are both {curve[0]:g}"
