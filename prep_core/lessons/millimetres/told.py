"""What happened to a ball and to labels, in words with the numbers put in."""

from collections.abc import Mapping

from prep_core.lessons.millimetres.resampled_labels import Labelled
from prep_core.lessons.millimetres.tilted_volume import Volume
from prep_core.lessons.words import signed

Numbers = Mapping[str, float]


def happened(
    numbers: Numbers, volume: Volume, spacing: float, place: float, labels: Mapping[str, Labelled]
) -> tuple[str, ...]:
    """The paragraphs: the right grid, zoom, an origin forgotten, labels, and what is not shown."""
    return (
        "A voxel lies at origin + direction · (spacing · index). The step resample keeps direction and the middle of "
        f"the extent, and moves the origin by what the new voxel size asks for: the ball's centroid is off by "
        f"{numbers['off_step']:.3f} mm. SimpleITK with size, spacing, origin and direction is right as well, "
        f"{numbers['off_simpleitk']:.3f} mm.",
        _zoom(numbers, volume, place),
        "SetSize and SetSpacing alone take a grid that begins at 0, 0, 0 and is not tilted. What is on it lies where "
        f"it belongs, but it is another part of the patient: {100 * numbers['left_bare']:.0f} % of the ball is left. "
        f"zoom with a spacing and nothing else forgets origin and direction, and is off by "
        f"{numbers['off_zoom_alone']:.1f} mm.",
        _labels(numbers, labels),
        "For a network a shift of some millimetres is a mask beside its lesion, and no loss tells why. Not shown: how "
        f"sharp the picture stays at {spacing:g} mm, and movement between scans, which no header knows of.",
    )


def _zoom(numbers: Numbers, volume: Volume, place: float) -> str:
    had, new = volume.scan.spacing[0], numbers["new_z"]
    return (
        "ndimage.zoom lays the first voxel's centre on the first and the last on the last, and its header says the "
        f"ratio of the counts. So at the share p of the way it is off by p · (old − new) = {place:g} · ({had:.3g} − "
        f"{new:.3g}) = {numbers['predicted_z']:.2f} mm across the slices, √(x² + y² + z²) = "
        f"{numbers['predicted']:.2f} mm with the other axes; measured on the voxels it is {numbers['off_zoom']:.2f} mm."
    )


def _labels(numbers: Numbers, labels: Mapping[str, Labelled]) -> str:
    linear, spline = labels["linear"], labels["bspline"]
    if not linear.no_label + spline.no_label:
        return "Labels are names. Here the new voxels lie on the old ones, so no interpolation makes up a label."
    return (
        f"Labels are names. Between 0 and 5 linear gives (0 + 5) / 2 = 2.5, and {100 * linear.no_label:.1f} % of the "
        f"voxels get such a number, with B-spline {100 * spline.no_label:.1f} %, with nearest "
        f"{100 * numbers['no_label_nearest']:.1f} %. Rounding mends nothing: it leaves the labels "
        f"{_listed(linear.new_labels)} for linear and {_listed(spline.new_labels)} for B-spline, which name nothing, "
        f"and {100 * linear.ghosts:.1f} % and {100 * spline.ghosts:.1f} % of the voxels with a label that no voxel "
        "near them has. So labels go by nearest."
    )


def _listed(labels: tuple[int, ...]) -> str:
    return ", ".join(signed(n, "d") for n in labels) or "none"
