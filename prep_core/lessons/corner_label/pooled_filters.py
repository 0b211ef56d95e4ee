"""A small classifier that can be read: fixed filters, their mean over the picture, and a logistic regression."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SPOTS = (1.0, 2.0)
"""Sigma in px of the Laplacians that answer to spots that differ from their surroundings."""

LEAST_SPREAD = 1e-5
"""A mean that varies by less, as after zscore, tells nothing: it is rounding, and must not be blown up."""

SMOOTH = 2.0
"""Sigma in px with which a map is drawn: its mean stays."""


@dataclass(frozen=True, eq=False)
class Reader:
    """What was learned.

    Attributes
    ----------
    weights, means : (k,) ndarray
        Of each filter.
    usual : (y, x) ndarray
        What each place of the training pictures says for ill, on average.
    """

    weights: Floats
    means: Floats
    intercept: float
    usual: Floats

    def scores(self, pictures: Floats) -> Floats:
        """(n,) above 0 where a picture (n, y, x) is taken for ill."""
        found: Floats = (pooled(pictures) - self.means) @ self.weights + self.intercept
        return found

    def activation(self, picture: Floats) -> Floats:
        """(y, x) how much more each place says for ill than it usually does; the mean, plus b, is the score."""
        found: Floats = ndimage.gaussian_filter(
            _said(self.weights, responses(picture[None])[:, 0]) - self.usual, SMOOTH
        )
        return found

    def accuracy(self, pictures: Floats, ill: Flags) -> float:
        """Share of pictures that are taken for what they are."""
        return float(np.mean((self.scores(pictures) > 0) == ill))


def responses(pictures: Floats) -> Floats:
    """(k, n, y, x) brightness, edges, bright spots of two sizes, dark spots: never below 0 but for brightness."""
    smooth = [ndimage.gaussian_filter(pictures, (0, sigma, sigma)) for sigma in SPOTS]
    edges = np.hypot(*np.gradient(smooth[0], axis=(1, 2)))
    spots = [sigma**2 * _laplacian(picture) for sigma, picture in zip(SPOTS, smooth, strict=True)]
    return np.stack([pictures, edges, *(np.maximum(-spot, 0) for spot in spots), np.maximum(spots[1], 0)])


def pooled(pictures: Floats) -> Floats:
    """(n, k) the mean of each filter over the picture (global average pooling)."""
    means: Floats = responses(pictures).mean(axis=(2, 3)).T
    return means


def taught(pictures: Floats, ill: Flags) -> Reader:
    """Fit the logistic regression; its features have mean 0 and std 1 over the training pictures."""
    maps = responses(pictures)
    features = maps.mean(axis=(2, 3)).T
    means, spreads = features.mean(axis=0), np.maximum(features.std(axis=0), LEAST_SPREAD)
    model = LogisticRegression(C=10.0).fit((features - means) / spreads, ill)
    weights = model.coef_[0] / spreads
    return Reader(weights, means, float(model.intercept_[0]), _said(weights, maps.mean(axis=1)))


def _said(weights: Floats, maps: Floats) -> Floats:
    """(y, x) the weighted sum of maps (k, y, x)."""
    said: Floats = np.tensordot(weights, maps, axes=1)
    return said


def _laplacian(pictures: Floats) -> Floats:
    """The sum of the second differences along y and x."""
    found: Floats = sum(ndimage.correlate1d(pictures, [1, -2, 1], axis) for axis in (1, 2))
    return found
