"""Compressed frames to numbers: the decoders for each transfer syntax, asked in turn until one can."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import gdcm
import imagecodecs
import numpy as np
import PIL
import pydicom
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.pixels import get_decoder
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
)

from prep_core.io.dicom.codestream import JPEG_2000_KINDS, JPEG_KINDS, codestream
from prep_core.io.dicom.tags import number, word
from prep_core.io.errors import DECODER_FAULTS, ReadError

DIRECT = "imagecodecs"
"""The decoder that is asked without pydicom, for what no plugin of pydicom reads."""

DECODERS: Mapping[str, tuple[str, ...]] = {
    JPEGBaseline8Bit: ("pillow", DIRECT),
    JPEGExtended12Bit: ("pillow", DIRECT),
    JPEGLossless: (DIRECT, "gdcm"),
    JPEGLosslessSV1: (DIRECT, "gdcm"),
    JPEGLSLossless: (DIRECT, "pyjpegls"),
    JPEGLSNearLossless: (DIRECT, "pyjpegls"),
    JPEG2000Lossless: ("pylibjpeg", DIRECT),
    JPEG2000: ("pylibjpeg", DIRECT),
    HTJ2KLossless: ("pylibjpeg", DIRECT),
    HTJ2KLosslessRPCL: ("pylibjpeg", DIRECT),
    HTJ2K: ("pylibjpeg", DIRECT),
}
"""By transfer syntax, in the order in which they are asked: the same file is read by the same one everywhere.

GDCM is asked for one kind only: it ends the process on some damaged streams, and the others read the same numbers.
"""

VERSIONS: Mapping[str, str] = {
    "gdcm": f"gdcm {gdcm.Version.GetVersion()}",
    "pillow": f"Pillow {PIL.__version__}",
    "pyjpegls": f"pyjpegls {version('pyjpegls')}",
    "pylibjpeg": f"pylibjpeg-openjpeg {version('pylibjpeg-openjpeg')}",
    DIRECT: f"imagecodecs {imagecodecs.__version__}",
}

READER = f"pydicom {pydicom.__version__}"

Decoded = tuple[NDArray[Any], str]
"""Pixels as (frames, rows, columns) or (frames, rows, columns, samples), and their photometric interpretation."""


def decode_native(ds: Dataset, keep_bits: bool = False) -> Decoded:
    """Pixels that pydicom reads itself: uncompressed, deflated or RLE."""
    pixels, found = get_decoder(ds.file_meta.TransferSyntaxUID).as_array(ds, correct_unused_bits=not keep_bits)
    return pixels, str(found["photometric_interpretation"])


def decode(name: str, ds: Dataset, frames: list[bytes]) -> tuple[Decoded, str]:
    """Compressed pixels, and the name and version of the decoder that could read them.

    Raises
    ------
    ReadError
        Where none can.
    """
    syntax = ds.file_meta.TransferSyntaxUID
    causes: list[Exception] = []
    for decoder in DECODERS[syntax]:
        try:
            return decode_by(decoder, ds, frames), VERSIONS[decoder]
        except DECODER_FAULTS as fault:
            causes.append(fault)
    tried = ", ".join(DECODERS[syntax])
    raise ReadError(
        f"{name} cannot be decoded: none of {tried} reads its {syntax.name}; it is corrupt or of a rare kind: "
        "get a fresh copy or convert it"
    ) from causes[0]


def decode_by(decoder: str, ds: Dataset, frames: list[bytes]) -> Decoded:
    """Compressed pixels, by one decoder; it raises what it likes."""
    if decoder != DIRECT:
        pixels, found = get_decoder(ds.file_meta.TransferSyntaxUID).as_array(ds, decoding_plugin=decoder)
        return pixels, str(found["photometric_interpretation"])
    return _by_imagecodecs(ds, frames)


def _by_imagecodecs(ds: Dataset, frames: list[bytes]) -> Decoded:
    syntax, interpretation = ds.file_meta.TransferSyntaxUID, word(ds, "PhotometricInterpretation")
    in_colour = number(ds, "SamplesPerPixel", 1) > 1
    if in_colour and syntax in JPEG_KINDS:
        raise ValueError("which colours a JPEG stream holds is left to the other decoders")
    read = imagecodecs.jpeg_decode if syntax in JPEG_KINDS else imagecodecs.jpegls_decode
    if syntax in JPEG_2000_KINDS:
        read = imagecodecs.jpeg2k_decode
        # PS3.5 8.2.4: the transform of the colours is part of the stream, and undone by its decoder.
        interpretation = "RGB" if interpretation in ("YBR_RCT", "YBR_ICT") else interpretation
    header = codestream(frames[0], syntax)
    stored = int(number(ds, "BitsStored", 16))
    bits = stored if header is None or syntax in JPEG_KINDS else min(header.bits, stored)
    pixels = np.stack([read(frame) for frame in frames])
    return signed(pixels, bits, number(ds, "PixelRepresentation", 0) == 1, int(number(ds, "BitsAllocated", 16))), (
        interpretation
    )


def signed(pixels: NDArray[Any], bits: int, is_signed: bool, allocated: int) -> NDArray[Any]:
    """The lowest `bits` of each number, with their sign in the highest of them, as integers of `allocated` bits."""
    wide = pixels.astype(np.int64) << (64 - bits)
    narrow = wide >> (64 - bits) if is_signed else wide.view(np.uint64) >> np.uint64(64 - bits)
    return narrow.astype(np.dtype(f"{'i' if is_signed else 'u'}{allocated // 8}"))
