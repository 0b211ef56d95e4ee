"""The median of the voxels around each voxel, padding left out."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import median_filter, minimum_filter

from prep_core.memory import all_true
from prep_core.ops.filling import Mask
from prep_core.ops.image import Image


def local_median(image: Image, valid: Mask, size: int) -> Image:
    """The median in a square or cube of `size` voxels around each voxel, the voxel itself among them.

    Parameters
    ----------
    image : (...) float32 ndarray
    valid : (...) bool ndarray
        Only these voxels are counted; near others the median is of fewer voxels (of an even number, the mean of the
        middle two).  What is not valid stays as it is.
    size : int
        Odd.

    Notes
    -----
    Beyond the border the image is mirrored without repeating the border itself (d c b | a b c d | c b a).
    """
    if all_true(valid):
        return _median(image, size)
    result = np.where(valid, _median(np.where(valid, image, np.float32(0)), size), image)
    near = valid & ~minimum_filter(valid, size, mode="mirror")
    counted = np.pad(np.where(valid, image, np.float32(np.nan)), size // 2, mode="reflect")
    windows = sliding_window_view(counted, (size,) * image.ndim)
    # One plane at a time, since every window taken is a copy.
    for place in range(len(image)):
        at = near[place]
        if at.any():
            result[place][at] = np.nanmedian(windows[place][at].reshape(int(at.sum()), -1), axis=1)
    return result


def _median(image: Image, size: int) -> Image:
    median: Image = median_filter(image, size, mode="mirror")
    return median
