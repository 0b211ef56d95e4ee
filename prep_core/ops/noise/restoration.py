"""Steps that restore what noise hides: total variation, non-local means."""

from collections.abc import Mapping
from typing import Annotated, Any

from prep_core.ops.extent import Extent
from prep_core.ops.filling import Mask, around_padding
from prep_core.ops.image import Image
from prep_core.param import P

_FARTHEST_IN_VOLUME = 5


def tv(
    image: Image,
    valid: Mask,
    *,
    weight: Annotated[
        float,
        P(
            "How strong; small regions that differ from their surroundings by about this vanish.",
            (1e-6, 1e9),
            "image units",
            soft=(0.01, 1),
        ),
    ] = 0.1,
    convergence: Annotated[
        float,
        P("Stop when the energy changes by less than this share of the first; 0 uses all iterations.", (0, 0.01)),
    ] = 2e-4,
    iterations: Annotated[
        int, P("Stop after this many rounds; a strong weight needs more of them.", (1, 1000), soft=(10, 500))
    ] = 200,
    extent: Extent = "plane",
) -> Image:
    """Make the image piecewise flat: the least total variation that stays near the values (ROF).

    Parameters
    ----------
    image : (y, x) or (z, y, x) float32 ndarray
    valid : bool ndarray of the same shape

    Notes
    -----
    The u that minimises sum norm(grad u) + sum (u - x)^2 / (2 weight), with differences between neighbouring voxels,
    whatever their size in mm.  weight is in image units: x times 100 needs weight times 100.  A flat region moves
    towards its surroundings by weight * perimeter / area.

    Chambolle's iteration with a step of 1 / (2 n) in n dimensions.  The defaults are those of scikit-image, and stop
    well before the minimum: noise of 0.2 under a weight of 0.3 ends 0.02 from it on average, and 0.005 with
    convergence 0.

    The nearest valid value stands in for padding.

    References
    ----------
    Rudin, Osher and Fatemi (1992), Physica D 60:259; Chambolle (2004), Journal of Mathematical Imaging and Vision
    20:89; ``skimage.restoration.denoise_tv_chambolle``.
    """

    # Only here: it imports scipy.stats, which takes a second and which few steps need.
    from skimage.restoration import denoise_tv_chambolle

    def filtering(complete: Image) -> Image:
        result: Image = denoise_tv_chambolle(complete, weight, eps=convergence, max_num_iter=iterations)
        return result

    return around_padding(image, valid, filtering)


def nlm(
    image: Image,
    valid: Mask,
    *,
    h: Annotated[
        float,
        P(
            "How different patches may be and still be averaged; near the standard deviation of the noise.",
            (1e-6, 1e9),
            "image units",
            soft=(0.01, 1),
        ),
    ] = 0.1,
    patch: Annotated[int, P("Side of the patches that are compared, an odd number.", (3, 21), "px", soft=(3, 11))] = 7,
    distance: Annotated[
        int, P("How far away similar patches are looked for; in a volume at most 5.", (1, 21), "px", soft=(3, 15))
    ] = 11,
    extent: Extent = "plane",
) -> Image:
    """Average each voxel with others whose surroundings look alike (non-local means).

    Parameters
    ----------
    image : (y, x) or (z, y, x) float32 ndarray
    valid : bool ndarray of the same shape

    Raises
    ------
    ValueError
        For an even patch, or a distance above 5 in a volume.

    Notes
    -----
    sum w v / sum w over the voxels v within `distance` along each axis, with w = exp(-d^2 / h^2), and 0 below exp(-5).
    d^2 is the sum of squared differences over a patch around x and v, divided by patch^n in n dimensions.  In
    scikit-image's fast algorithm, which this is, the sum runs over patch - 1 voxels along each axis, half a voxel off
    the centre, and the exponential is an approximation.

    The nearest valid value stands in for padding, and beyond the border the image is mirrored.

    References
    ----------
    Buades, Coll and Morel (2005), A non-local algorithm for image denoising, CVPR, p. 60; Darbon et al. (2008), Fast
    nonlocal filtering applied to electron cryomicroscopy, ISBI, p. 1331; ``skimage.restoration.denoise_nl_means``.
    """

    # Only here: it imports scipy.stats, which takes a second and which few steps need.
    from skimage.restoration import denoise_nl_means

    def filtering(complete: Image) -> Image:
        result: Image = denoise_nl_means(complete, patch, distance, h, fast_mode=True, preserve_range=True)
        # It comes back without the axes of length 1.
        return result.reshape(complete.shape)

    return around_padding(image, valid, filtering)


def nlm_rule(params: Mapping[str, Any]) -> str | None:
    patch, distance = params["patch"], params["distance"]
    if patch % 2 == 0:
        return f"patch must be odd, got {patch}; take {patch - 1} or {patch + 1}"
    if params["extent"] == "volume" and distance > _FARTHEST_IN_VOLUME:
        return f"distance must be at most {_FARTHEST_IN_VOLUME} with extent volume, got {distance}; take less"
    return None
