"""NumPy's .npy, a part at a time."""

import math
from pathlib import Path

from prep_core.io import numpy_files
from prep_core.io.answers import Answers, order_of, told_axes
from prep_core.io.files import File
from prep_core.io.large.lazy import unchanged
from prep_core.io.large.opened import Opened, digest_of_file
from prep_core.io.large.stored import stored
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.scan import Scan


def opened(path: Path, file: File, answers: Answers, limits: Limits) -> Opened:
    """The array in a file, as `numpy_files.read_npy` reads it."""
    with file.open() as stream:
        shape, fortran, dtype = numpy_files.header(file.shown, stream, limits)
        offset = stream.tell()
    numpy_files.refuse_short(file.shown, math.prod(shape) * dtype.itemsize, file.size - offset)
    array = stored(path, offset, shape[::-1] if fortran else shape, dtype)
    array = array.transposed(range(len(shape))[::-1]) if fortran else array
    pixels = array.transposed(order_of(told_axes(file.shown, array.stand_in, answers.axes)))

    def described(_: int) -> Scan:
        sha = digest_of_file(path)
        return numpy_files.as_scan(array.stand_in, file.shown, scan_name(file.name), sha, "NumPy npy", answers)

    return Opened(pixels, pixels.dtype, unchanged, described)
