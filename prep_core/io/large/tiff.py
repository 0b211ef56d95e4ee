"""TIFF, a part at a time: strips and tiles are decoded as they are needed."""

from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from prep_core.io.answers import Answers, in_order, order_of
from prep_core.io.errors import decoding
from prep_core.io.files import File
from prep_core.io.large.lazy import Lazy, stand_in
from prep_core.io.large.opened import Opened, digest_of_file
from prep_core.io.large.pages import paged
from prep_core.io.large.stored import stored
from prep_core.io.limits import Limits
from prep_core.io.tiff import reader
from prep_core.io.tiff.axes import named
from prep_core.io.tiff.directories import Bytes, check_directories
from prep_core.io.tiff.reader import Picture
from prep_core.io.tiff.samples import Samples, calibrated_words, calibration, intensities, missing_words, placeholder
from prep_core.scan import Scan


def opened(path: Path, file: File, answers: Answers, limits: Limits) -> Opened | None:
    """The one picture in a file, as `tiff.reader.read` reads it; None for several, for palettes, and odd stacks."""
    with file.open() as stream:
        check_directories(file.shown, Bytes(stream, file.size), limits)
    with decoding(file.shown, "TIFF"), reader.opened(file.shown, file.open) as (tif, header):
        pictures = reader.pictures_in(tif, header, file, limits)
        if len(pictures) != 1 or pictures[0].series.keyframe.photometric.name == "PALETTE":
            return None
        series = pictures[0].series
        limits.check_ratio(file.shown, file.size, series.size * series.dtype.itemsize)
        array = _array(path, pictures[0])
        return None if array is None else _opened(path, pictures[0], array, answers)


def _array(path: Path, picture: Picture) -> Lazy | None:
    series = picture.series
    if series.dataoffset is not None and series.dtype.kind != "b":
        return stored(path, series.dataoffset, series.shape, series.dtype.newbyteorder(picture.tif.byteorder))
    return paged(path, series)


def _opened(path: Path, picture: Picture, array: Lazy, answers: Answers) -> Opened:
    series, name = picture.series, picture.file.shown
    samples = _samples(picture)
    numbers = array.as_type(samples.data.dtype)
    if "S" in series.axes:
        axis = series.axes.index("S")
        numbers = numbers.first(samples.data.shape[axis], axis)
    kept, axes = named(samples.axes, numbers.stand_in, name, answers)
    _, order = in_order(kept, axes)
    pixels = numbers.reshaped(kept.shape).transposed(order_of(axes))
    line, odd = calibration(reader.imagej_words(picture))
    kind, change = pixels.scaling(*line)
    scaled = [] if line == (1, 0) else [calibrated_words(pixels.dtype, kind, *line)]
    missing = placeholder(series.keyframe)
    # While the file is open; what is known only later comes in between.
    told = reader.Told((), scaled, odd)
    bare = reader.described(picture, "", stand_in(pixels.shape, kind), np.array(True), order, samples, told)
    before = len(picture.told) + len(samples.warnings)
    sha = cache(partial(digest_of_file, path))

    def described(count: int) -> Scan:
        more = [] if missing is None else missing_words(missing, count)
        warnings = (*bare.source.warnings[:before], *more, *bare.source.warnings[before:])
        return replace(bare, source=replace(bare.source, sha256=sha(), warnings=warnings))

    return Opened(pixels, kind, change, described, missing)


def _samples(picture: Picture) -> Samples:
    """What the samples are, found on an array that has all of them and one pixel."""
    series = picture.series
    shape = [n if axis == "S" else 1 for n, axis in zip(series.shape, series.axes, strict=True)]
    return intensities(series.keyframe, np.zeros(shape, series.dtype.newbyteorder("=")), series.axes)
