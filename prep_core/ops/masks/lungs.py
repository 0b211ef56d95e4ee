"""The step that finds lungs, in a CT or in a chest radiograph."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from prep_core.ops.image import Image
from prep_core.ops.lengths import LengthsIn
from prep_core.ops.masks.lungs_ct import ct_lungs
from prep_core.ops.masks.lungs_xray import xray_lungs
from prep_core.ops.masks.regions import Mask, voxel_size
from prep_core.param import P


def lung_mask(
    image: Image,
    spacing: Sequence[float] | None,
    valid: Mask,
    *,
    method: Annotated[
        Literal["ct", "cxr"], P("ct looks for air inside the body, cxr for two lung fields in a radiograph.")
    ] = "ct",
    threshold: Annotated[
        float, P("Air in the body lies below.", (-1000, 0), "HU", soft=(-600, -200), when=("method", "ct"))
    ] = -400.0,
    gas: Annotated[
        float,
        P(
            "Below are trachea, stomach and bowel; lower it where the lungs have severe emphysema.",
            (-1100, -500),
            "HU",
            soft=(-1000, -880),
            when=("method", "ct"),
        ),
    ] = -930.0,
    closing: Annotated[
        float,
        P("Radius of the notches that vessels leave and that are closed.", (0, 50), "mm", (0, 15), ("method", "ct")),
    ] = 5.0,
    lengths_in: LengthsIn = "mm",
    lungs: Annotated[
        Literal["dark", "bright"],
        P("How lungs are stored in a radiograph; bright for MONOCHROME1 as stored.", when=("method", "cxr")),
    ] = "dark",
    smoothing: Annotated[
        float,
        P("Half-width of closed notches, as a share of the longer side.", (0, 0.2), "", (0, 0.1), ("method", "cxr")),
    ] = 0.05,
) -> Mask:
    """Find both lungs: the air inside the body of a CT, or the two lung fields of a frontal chest radiograph.

    Parameters
    ----------
    image : (z, y, x) or (y, x) float32 ndarray
        For method ct in HU, with axial planes last; for method cxr a picture, in any unit.
    spacing : sequence of float or None
        Voxel size in mm along each axis; method cxr needs none.
    valid : bool ndarray of the same shape
        False where the image is padding, which is never lung.

    Returns
    -------
    bool ndarray of the same shape

    Raises
    ------
    ValueError
        Where no lungs are found, with what was looked for; for a volume with method cxr; and for a length in mm on a
        scan without a voxel size.

    Notes
    -----
    ct: with the body B as `body_mask` finds it, air A = B and x < threshold.  Gas is every part of A in one plane
    whose median without its rim, after averaging over 2 mm, is below `gas`, with all that goes on from it below `gas`
    through the volume (trachea, main bronchi, stomach, bowel) unless that is more than twice as much (emphysema), and
    2 mm around it.  Lungs are the largest part of A without gas and all parts at least a tenth as large, closed in
    each plane with a disc of radius `closing`, and filled where a hole in a plane is at most as large as a disc of
    three times that radius, which by default takes in nodules of up to 30 mm.  The largest part must have 1 % of the
    body.  A mass at the chest wall, lung that is solid, and an airway too narrow for the voxels to show its gas are
    beyond a threshold.  With lengths in px all of these count pixels.

    cxr: values become ranks (so that exposure and gamma do not matter) on a copy of 256 pixels.  Thresholds from
    20 to 96 % give regions apart from the border; in each half the one with the largest (mean slope at its edge) x
    (area / area of its convex hull) x sqrt(area) is a lung.  From there a watershed of the slope grows it to the
    edge, against the border, what is exposed beside the body, and what is much darker.  The heart, the mediastinum
    and what lies behind the diaphragm are no lung field.

    References
    ----------
    .. [1] S. Hu, E. A. Hoffman, J. M. Reinhardt, "Automatic lung segmentation for accurate quantitation of volumetric
       X-ray CT images", IEEE Transactions on Medical Imaging 20:490, 2001.
    .. [2] B. van Ginneken, B. M. ter Haar Romeny, M. A. Viergever, "Computer-aided diagnosis in chest radiography: a
       survey", IEEE Transactions on Medical Imaging 20:1228, 2001.
    """
    if method == "cxr":
        if image.ndim == 3 and len(image) > 1:
            raise ValueError(f"has method cxr, which needs one picture, and this is a volume of {len(image)} planes")
        picture = (0,) * (image.ndim - 2)
        return xray_lungs(image[picture], valid[picture], bright=lungs == "bright", smoothing=smoothing).reshape(
            image.shape
        )
    size = voxel_size(spacing, image.ndim, lengths_in)
    return ct_lungs(image, valid, size, threshold=threshold, gas=gas, closing=closing)


def lung_rule(params: Mapping[str, Any]) -> str | None:
    gas, threshold = params["gas"], params["threshold"]
    if params["method"] == "ct" and gas >= threshold:
        return f"gas must be below threshold, got gas {gas:g} and threshold {threshold:g}"
    return None
