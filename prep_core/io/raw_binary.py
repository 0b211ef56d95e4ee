"""Bare numbers without a header: read only as the user says, and only when the size of the file fits exactly."""

import math

import numpy as np

from prep_core.io.answers import Answers, place_axes
from prep_core.io.errors import FormNeeded, ReadError
from prep_core.io.files import File
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name, suffix
from prep_core.io.raw_form import RawForm
from prep_core.scan import Scan, Source, voxel_affine

EXTENSIONS = frozenset((".raw", ".bin", ".dat", ".img", ".vol"))
READER = f"numpy {np.__version__}"

GUESSED_TYPES = ("uint8", "int16", "float32")
GUESSED_SIDES = (512, 256, 1024, 128, 64, 2048, 384, 320, 192, 768)
"""Planes that scanners and cameras write, the usual first."""

MOST_PLANES, GUESSES = 1024, 4


def is_bare(name: str) -> bool:
    """Whether a file of this name can be bare numbers."""
    return suffix(name) in EXTENSIONS


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """The numbers as one scan, in native byte order.

    Raises
    ------
    FormNeeded
        When nobody told what the numbers are.
    AxesNeeded
        For three axes and more that nobody named.
    ReadError
        When the form does not fit the size of the file.
    """
    form = answers.raw
    if form is None:
        raise _form_needed(file)
    limits.check_array(file.shown, form.shape, form.numpy.itemsize)
    if file.size != form.size:
        raise ReadError(_misfit(file, form))
    data = file.view()
    numbers = np.frombuffer(data, form.numpy, math.prod(form.shape), form.header).reshape(form.shape)
    native = numbers.astype(form.dtype, copy=False)
    pixels, axes = place_axes(file.shown, native, answers.axes)
    facts = {"dtype": form.dtype, "order": form.order, "header": form.header}
    told = (f"{form.header} bytes at its beginning were left out as a header",) if form.header else ()
    source = Source(file.digest_of(data), "raw numbers", READER, facts, told)
    return [Scan(pixels, axes, voxel_affine(), name=scan_name(file.name), source=source)]


def guesses(size: int) -> list[str]:
    """A few usual forms that fit `size` bytes exactly: cubes first, then stacks of usual planes."""
    cubes, stacks = [], []
    for dtype in GUESSED_TYPES:
        count, rest = divmod(size, np.dtype(dtype).itemsize)
        side = round(count ** (1 / 3))
        if not rest and side > 1 and side**3 == count:
            cubes.append(f"{dtype}:{side}x{side}x{side}")
        if not rest:
            stacks += [_stack(dtype, count // s**2, s) for s in GUESSED_SIDES if _is_stack(count, s)]
    return [*cubes, *(s for s in stacks if s not in cubes)][:GUESSES]


def _is_stack(count: int, side: int) -> bool:
    return count % side**2 == 0 and 1 <= count // side**2 <= MOST_PLANES


def _stack(dtype: str, planes: int, side: int) -> str:
    return f"{dtype}:{side}x{side}" if planes == 1 else f"{dtype}:{planes}x{side}x{side}"


def _form_needed(file: File) -> FormNeeded:
    found = guesses(file.size)
    fit = f"; of usual forms {', '.join(found)} would fit" if found else ""
    return FormNeeded(
        f"{file.shown} has {file.size} bytes without a known header: say what they are with --raw TYPE:ZxYxX, such as "
        f"--raw int16:44x256x256{fit}; if a header file (.hdr, .mhd, .nhdr) belongs to it, convert the two to one file",
        file.size,
    )


def _misfit(file: File, form: RawForm) -> str:
    shape = "x".join(map(str, form.shape))
    want = f"{form.dtype}:{shape} with a header of {form.header} bytes needs {form.size} bytes"
    if file.size < form.size:
        return f"{file.shown} is too short: {want}, found {file.size}; check type and shape, or copy it again"
    over = file.size - form.size
    return (
        f"{file.shown} is too long: {want}, found {file.size}, {over} over; check type and shape, "
        f"or leave out a header with :{form.header + over} at the end of the form"
    )
