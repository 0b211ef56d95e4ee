"""From scans to what the viewer draws."""

from collections.abc import Mapping

import numpy as np

from prep_core.binning import binned
from prep_core.inspection import percentiles, valid_values
from prep_core.scan import Scan
from prep_ui.viewer import Histogram, Marker, Pane, Place
from prep_ui.viewer.three_planes import Cut, place_of, taken
from prep_ui.work.compute import grey_range, pixels

MARKED = (0.1, 50.0, 99.9)


def pane(plane: Scan, label: str, low_high: tuple[float, float] | None = None, counted: bool = True) -> Pane:
    """One plane, and with `counted` the histogram of its valid voxels."""
    low, high = low_high or grey_range(plane)
    return Pane(
        pixels(plane),
        low,
        high,
        label,
        plane.unit,
        inverted=plane.display_inverted,
        histogram=_histogram(plane, label) if counted else None,
        mask=None if plane.mask is None else plane.mask.reshape(plane.mask.shape[-2:]),
        valid=None if plane.all_valid else plane.valid.reshape(plane.valid.shape[-2:]),
        place=Place.of(plane),
    )


def colour_pane(plane: Scan, label: str) -> Pane:
    """A plane with red, green and blue, as it is."""
    rgb = plane.data.reshape(3, *plane.data.shape[-2:]).astype(np.uint8)
    return Pane(rgb, 0.0, 255.0, label, plane.unit, histogram=_histogram(plane, label), place=Place.of(plane))


def stored(scan: Scan, at: Mapping[str, int], label: str) -> Pane:
    """The plane at the indices `at`, as stored; in colours where the scan has them and `at` names no channel."""
    plane = scan.take(at)
    return colour_pane(plane, label) if is_colour(plane) else pane(plane, label)


def cut_pane(volume: Scan, cut: Cut, index: int, low_high: tuple[float, float]) -> Pane:
    """One plane of a volume of one channel, or of colours, without a histogram."""
    lead = (3,) if is_colour(volume) else ()
    shape = (*lead, *volume.data.shape[-3:])
    image = taken(volume.data.reshape(shape), cut, index)
    low, high = (0.0, 255.0) if lead else low_high
    valid = None if volume.all_valid else taken(volume.valid.reshape(shape), cut, index)
    return Pane(
        np.abs(image) if np.iscomplexobj(image) else image,
        low,
        high,
        cut.name,
        volume.unit,
        inverted=volume.display_inverted,
        valid=np.logical_and.reduce(valid) if valid is not None and lead else valid,
        place=place_of(volume, cut, index),
        cut=cut,
    )


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
    counted = binned(values, plane.unit)
    markers = tuple(
        Marker(f"p{percent:g}", value) for percent, value in zip(MARKED, percentiles(values, MARKED), strict=True)
    )
    edges = (float(counted.edges[0]), float(counted.edges[-1]))
    return Histogram(edges, counted.counts, plane.unit, f"{label}, this slice", markers)
