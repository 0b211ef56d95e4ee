"""PNG, JPEG and BMP pictures, 8 and 16 bits."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import imagecodecs
import numpy as np
import PIL
from numpy.typing import NDArray
from PIL import Image

from prep_core.io.answers import Answers
from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File, digest
from prep_core.io.limits import Limits
from prep_core.io.names import scan_name
from prep_core.scan import Scan, Source

PNG, JPEG, BMP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM"
BIT_DEPTH, COLOUR_TYPE = 24, 25
"""Where IHDR keeps them (PNG, 11.2.2)."""

EXIF_ORIENTATION = 0x0112
GREY: Mapping[str, str] = {
    "1": "L",
    "L": "L",
    "LA": "LA",
    "La": "LA",
    "I;16": "I;16",
    "I;16B": "I;16",
    "I;16L": "I;16",
    "I": "I",
}
COLOUR: Mapping[str, str] = {
    "P": "RGB",
    "PA": "RGBA",
    "RGB": "RGB",
    "RGBA": "RGBA",
    "RGBX": "RGB",
    "RGBa": "RGBA",
    "YCbCr": "RGB",
}
MODES: Mapping[str, str] = {**GREY, **COLOUR}


@dataclass(slots=True)
class Told:
    """What is noted while a picture is read: facts, warnings, and what was done to its numbers."""

    facts: dict[str, Any]
    warnings: list[str] = field(default_factory=list)
    converted: list[str] = field(default_factory=list)


def is_picture(head: bytes) -> bool:
    """Whether a file that starts so is a PNG, JPEG or BMP picture."""
    return head.startswith((PNG, JPEG)) or (head.startswith(BMP) and head[6:10] == bytes(4))


def read(file: File, answers: Answers, limits: Limits) -> list[Scan]:
    """The picture as one scan: YX, or CYX with channels R, G, B.

    Raises
    ------
    ReadError
        For a picture that is damaged, too large, or in inks (CMYK).
    """
    data = file.read()
    with decoding(file.shown, "a picture"):
        image = _opened(file.shown, data)
        if image.mode not in MODES:
            raise ReadError(f"{file.shown} has the colour mode {image.mode}; convert it to grey or RGB first")
        limits.check_array(file.shown, (*image.size, len(image.getbands())), 2)
        told = _told(image, data)
        pixels, reader = _pixels(image, data, told)
    plane, axes = _planes(pixels, told)
    form = "JPEG" if data.startswith(JPEG) else image.format or ""
    source = Source(digest(data), form, reader, told.facts, tuple(told.warnings), tuple(told.converted))
    channels = ("R", "G", "B") if axes == "CYX" else ()
    return [Scan(plane, axes, channels=channels, name=scan_name(file.name), source=source)]


def _opened(name: str, data: bytes) -> Image.Image:
    """The picture before its pixels are decoded; Pillow has limits of its own."""
    try:
        return Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "BMP"))
    except Image.DecompressionBombError as fault:
        limit = Image.MAX_IMAGE_PIXELS
        raise ReadError(f"{name} is too large: its pixels are above the limit of {limit} of Pillow") from fault
    except ValueError as fault:
        raise ReadError(
            f"{name} has a text or profile chunk that is damaged or above the limit of Pillow; save it again without"
        ) from fault


def _told(image: Image.Image, data: bytes) -> Told:
    """What is odd about the file before its pixels are looked at.  Texts in it are never kept."""
    told = Told({"mode": image.mode})
    exif = image.getexif().get(EXIF_ORIENTATION, 1)
    if exif != 1:
        told.warnings.append(f"EXIF orientation {exif} was not applied: the picture is as stored")
    if data.startswith(JPEG):
        told.facts["lossy"] = "01"
    dots = image.info.get("dpi", (0, 0))[0]
    if dots > 1:
        told.warnings.append(f"its resolution of {dots:.0f} dots per inch is for screens and printers: no voxel size")
    if (frames := getattr(image, "n_frames", 1)) > 1:
        told.warnings.append(f"the file holds {frames} pictures (an animation or previews): the first one is read")
    return told


def _pixels(image: Image.Image, data: bytes, told: Told) -> tuple[NDArray[Any], str]:
    """Pillow cuts 16-bit PNG colours to 8 bits, so those go through libpng; it spreads 1, 2, 4 bits to 8."""
    own = f"Pillow {PIL.__version__}"
    if image.format == "PNG" and data[BIT_DEPTH] == 16:
        Image.open(io.BytesIO(data), formats=("PNG",)).verify()
        decoded: NDArray[Any] = imagecodecs.png_decode(data)
        return decoded, f"imagecodecs {imagecodecs.__version__}"
    pixels = np.array(image.convert(MODES[image.mode]))
    if image.mode in ("P", "PA"):
        told.converted.append("the numbers of a palette were replaced by its colours")
        if "transparency" in image.info:
            _tell_dropped(told)
    if image.format == "PNG" and data[COLOUR_TYPE] == 0 and data[BIT_DEPTH] < 8:
        pixels = pixels // (255 // (2 ** data[BIT_DEPTH] - 1))
    return pixels, own


def _planes(pixels: NDArray[Any], told: Told) -> tuple[NDArray[Any], str]:
    """Without transparency, and with colours as channels."""
    if pixels.ndim == 3 and pixels.shape[-1] in (2, 4):
        pixels = pixels[..., :-1]
        _tell_dropped(told)
    if pixels.ndim == 2 or pixels.shape[-1] == 1:
        return pixels.reshape(pixels.shape[:2]), "YX"
    return np.ascontiguousarray(np.moveaxis(pixels, -1, 0)), "CYX"


def _tell_dropped(told: Told) -> None:
    words = "the alpha channel (transparency) was dropped: it is not an intensity"
    told.warnings.append(words)
    told.converted.append(words)
