"""NIfTI that is not packed, a part at a time."""

from pathlib import Path

from prep_core.io.answers import Answers
from prep_core.io.files import File
from prep_core.io.large.lazy import stand_in
from prep_core.io.large.opened import Opened, digest_of_file
from prep_core.io.large.stored import stored
from prep_core.io.limits import Limits
from prep_core.io.nifti import reader
from prep_core.scan import Scan


def opened(path: Path, file: File, answers: Answers, limits: Limits) -> Opened | None:
    """The image in a file, as `nifti.reader.read` reads it; None for colours and complex numbers with a slope."""
    head = file.head(540)
    header = reader.parse_header(file.shown, head)
    shape, dtype = reader.form(file.shown, header)
    slope, intercept = reader.scaling(header)
    if dtype.names or (dtype.kind == "c" and (slope, intercept) != (1, 0)):
        return None
    start = reader.header_size(head)
    offset, warnings = reader.place_of_data(file.shown, header, start)
    reader.refuse_short(file.shown, file.size, offset, limits.check_array(file.shown, shape, dtype.itemsize))
    own = reader.remarks_in(file.shown, header, file.head(offset)[start:])
    array = stored(path, offset, shape[::-1], dtype)
    numbers, axes, dropped = reader.with_axes(file.shown, array.stand_in)
    # A fifth dimension is the slowest of the file, and comes after time in a scan.
    pixels = array.transposed((1, 0, 2, 3, 4)) if len(axes) == 5 else array.reshaped(numbers.shape)
    kind, change = pixels.scaling(slope, intercept)
    scaled = (slope, intercept) != (1, 0)
    converted = [reader.scaled_words(pixels.dtype, kind, slope, intercept)] if scaled else []

    def described(_: int) -> Scan:
        words = reader.Told(digest_of_file(path), warnings, dropped, converted)
        values = stand_in(pixels.shape, kind)
        return reader.described(file, header, stand_in(array.shape, dtype), values, axes, words, own)

    return Opened(pixels, kind, change, described)
