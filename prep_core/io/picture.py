"""PNG, JPEG and BMP pictures, 8 and 16 bits."""

import io
from collections.abc import Mapping
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
        form = image.format or ""
        if image.mode not in MODES:
            raise ReadError(f"{file.shown} has the colour mode {image.mode}; convert it to grey or RGB first")
        limits.check_array(file.shown, (*image.size, len(image.getbands())), 2)
        exif = image.getexif().get(EXIF_ORIENTATION, 1)
        pixels, reader = _pixels(image, data)
    warnings = [f"EXIF orientation {exif} was not applied: the picture is as stored"] if exif != 1 else []
    if form == "JPEG":
        warnings.append("JPEG is lossy compressed: small differences are not measurements")
    return [_scan(pixels, file, Source(digest(data), form, reader, {"mode": image.mode}, tuple(warnings)))]


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


def _pixels(image: Image.Image, data: bytes) -> tuple[NDArray[Any], str]:
    """Pillow cuts 16-bit PNG colours to 8 bits, so those go through libpng."""
    if image.format == "PNG" and data[24:25] == b"\x10":
        Image.open(io.BytesIO(data), formats=("PNG",)).verify()
        decoded: NDArray[Any] = imagecodecs.png_decode(data)
        return decoded, f"imagecodecs {imagecodecs.__version__}"
    return np.array(image.convert(MODES[image.mode])), f"Pillow {PIL.__version__}"


def _scan(pixels: NDArray[Any], file: File, source: Source) -> Scan:
    warnings = source.warnings
    if pixels.ndim == 3 and pixels.shape[-1] in (2, 4):
        pixels = pixels[..., :-1]
        warnings = (*warnings, "the alpha channel (transparency) was dropped: it is not an intensity")
    grey = pixels.ndim == 2 or pixels.shape[-1] == 1
    plane = pixels.reshape(pixels.shape[:2]) if grey else np.ascontiguousarray(np.moveaxis(pixels, -1, 0))
    return Scan(
        plane,
        "YX" if grey else "CYX",
        channels=() if grey else ("R", "G", "B"),
        name=scan_name(file.name),
        source=Source(source.sha256, source.format, source.reader, source.facts, warnings),
    )
