"""From scans to what the viewer draws."""

import numpy as np

from prep_core.inspection import percentiles, raw_histogram, valid_values
from prep_core.scan import Scan
from prep_ui.compute import grey_range, pixels
from prep_ui.viewer import Histogram, Marker, Pane, Place

MARKED = (0.1, 50.0, 99.9)


def pane(plane: Scan, label: str, low_high: tuple[float, float] | None = None) -> Pane:
    """One plane with the histogram of its valid voxels."""
    low, high = low_high or grey_range(plane)
    return Pane(
        pixels(plane),
        low,
        high,
        label,
        plane.unit,
        inverted=plane.display_inverted,
        histogram=_histogram(plane, label),
        mask=None if plane.mask is None else plane.mask.reshape(plane.mask.shape[-2:]),
        valid=None if plane.all_valid else plane.valid.reshape(plane.valid.shape[-2:]),
        place=Place.of(plane),
    )


def colour_pane(plane: Scan, label: str) -> Pane:
    """A plane with red, green and blue, as it is."""
    rgb = plane.data.reshape(3, *plane.data.shape[-2:]).astype(np.uint8)
    return Pane(rgb, 0.0, 255.0, label, plane.unit, histogram=_histogram(plane, label), place=Place.of(plane))


def is_colour(scan: Scan) -> bool:
    return scan.channels == ("R", "G", "B") and scan.data.dtype == np.uint8


def aspect(scan: Scan) -> float:
    """Height of a pixel over its width."""
    y, x = scan.spacing[-2:]
    return y / x


def _histogram(plane: Scan, label: str) -> Histogram | None:
    if not plane.valid.any():
        return None
    values = valid_values(plane)
    counted = raw_histogram(values, plane.unit)
    markers = tuple(
        Marker(f"p{percent:g}", value) for percent, value in zip(MARKED, percentiles(values, MARKED), strict=True)
    )
    edges = (float(counted.edges[0]), float(counted.edges[-1]))
    return Histogram(edges, counted.counts, plane.unit, f"{label}, this slice", markers)
