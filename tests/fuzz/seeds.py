"""One small valid file of each format and each way to compress it, made here: what the mutations begin with.

A new format gets a line in the table of its family, or a table of its own in `SEEDS`.
"""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import imagecodecs
import nibabel
import numpy as np
import tifffile
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from prep_core.io import encode
from prep_core.scan import Scan, voxel_affine
from tests.fuzz.dicom_seeds import DICOM
from tests.fuzz.store_seeds import HDF5, MATLAB, ZARR
from tests.io.dicom.slices import CANARY

Make = Callable[[], bytes]
MakeStore = Callable[[], Mapping[str, bytes]]

OME = (
    '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">'
    '<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="10" SizeY="8" SizeZ="6" SizeC="1" SizeT="1" '
    'PhysicalSizeX="0.5" PhysicalSizeY="0.75" PhysicalSizeZ="2"><Channel ID="Channel:0" SamplesPerPixel="1"/>'
    "<TiffData/></Pixels></Image></OME>"
)

RAMP = (np.arange(6 * 8 * 10, dtype=np.int16) * 7).reshape(6, 8, 10)
SCAN = Scan(RAMP, "ZYX", voxel_affine((2.0, 0.5, 0.75), (10.0, -20.0, 30.0)), True, "HU")
BYTES = RAMP.astype(np.uint8)
COLOURS = np.stack([BYTES[0], BYTES[1], BYTES[2]], axis=-1)


def nifti(kind: type[nibabel.Nifti1Image], order: str, data: NDArray[Any] = RAMP) -> bytes:
    """A NIfTI file in the given byte order, with a slope and a qform."""
    header = kind.header_class(endianness=order)
    header.set_data_dtype(data.dtype)
    image = kind(data, np.diag([0.5, 0.75, 2.0, 1.0]), header)
    image.header.set_slope_inter(2.0, -1024.0)
    image.set_qform(image.affine, 1)
    written: bytes = image.to_bytes()
    return written


def nrrd(encoding: str, pack: Callable[[bytes], bytes] = bytes) -> bytes:
    """An NRRD file with a space, directions and an origin."""
    lines = (
        "NRRD0004",
        "type: short",
        "dimension: 3",
        "space: left-posterior-superior",
        "sizes: 10 8 6",
        "space directions: (0.5,0,0) (0,0.75,0) (0,0,2)",
        "kinds: domain domain domain",
        "endian: little",
        f"encoding: {encoding}",
        "space origin: (10,-20,30)",
    )
    return "\n".join(lines).encode() + b"\n\n" + pack(RAMP.tobytes())


def metaimage(compressed: bool) -> bytes:
    """A MetaImage file with its voxels behind the header."""
    body = imagecodecs.zlib_encode(RAMP.tobytes()) if compressed else RAMP.tobytes()
    lines = (
        "ObjectType = Image",
        "NDims = 3",
        "BinaryData = True",
        "BinaryDataByteOrderMSB = False",
        f"CompressedData = {compressed}",
        f"CompressedDataSize = {len(body)}",
        "TransformMatrix = 1 0 0 0 1 0 0 0 1",
        "Offset = 10 -20 30",
        "ElementSpacing = 0.5 0.75 2",
        "DimSize = 10 8 6",
        "ElementType = MET_SHORT",
        "ElementDataFile = LOCAL\n",
    )
    return "\n".join(lines).encode() + body


def tif(data: NDArray[Any] = BYTES, **how: Any) -> bytes:
    """A TIFF file as tifffile writes it."""
    stream = io.BytesIO()
    tifffile.imwrite(stream, data, **how)
    return stream.getvalue()


def picture(form: str, mode: str) -> bytes:
    """A picture as Pillow writes it, in colours, greys, or with a palette."""
    grey = Image.fromarray(RAMP[0].astype(np.uint16)) if mode == "I;16" else Image.fromarray(COLOURS).convert(mode)
    stream = io.BytesIO()
    grey.save(stream, form)
    return stream.getvalue()


def npy(data: NDArray[Any] = RAMP[0]) -> bytes:
    """A .npy file."""
    stream = io.BytesIO()
    np.save(stream, data)
    return stream.getvalue()


def npz(save: Callable[..., None]) -> bytes:
    """A .npz archive of two arrays."""
    stream = io.BytesIO()
    save(stream, first=RAMP[0], second=RAMP[1])
    return stream.getvalue()


def zipped(compression: int) -> bytes:
    """A zip archive of two scans and a note."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in (("a/note.txt", CANARY.encode()), ("a/first.npy", npy()), ("a/second.nrrd", nrrd("raw"))):
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(mode: str) -> bytes:
    """The same as a tar archive."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in (("a/first.npy", npy()), ("a/second.nrrd", nrrd("raw"))):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def fits_of(*more: Any) -> bytes:
    """A FITS file with an image, and the given parts behind it."""
    primary = fits.PrimaryHDU(None if more else RAMP)
    stream = io.BytesIO()
    fits.HDUList([primary, *more]).writeto(stream)
    return stream.getvalue()


PLAIN: Mapping[str, Make] = {
    "nifti": partial(nifti, nibabel.Nifti1Image, "<"),
    "nifti-big": partial(nifti, nibabel.Nifti1Image, ">"),
    "nifti2": partial(nifti, nibabel.Nifti2Image, "<"),
    "nifti-gz": lambda: gzip.compress(nifti(nibabel.Nifti1Image, "<"), mtime=0),
    "nifti-own": partial(encode, SCAN, "nii.gz"),
    "nrrd": partial(nrrd, "raw"),
    "nrrd-gz": partial(nrrd, "gzip", partial(gzip.compress, mtime=0)),
    "nrrd-bz2": partial(nrrd, "bzip2", imagecodecs.bz2_encode),
    "nrrd-own": partial(encode, SCAN, "nrrd"),
    "metaimage": partial(metaimage, False),
    "metaimage-zlib": partial(metaimage, True),
    "npy": npy,
    "npy-complex": partial(npy, RAMP[0].astype(">c16")),
    "npz": partial(npz, np.savez),
    "npz-deflated": partial(npz, np.savez_compressed),
    "zip": partial(zipped, zipfile.ZIP_STORED),
    "zip-deflated": partial(zipped, zipfile.ZIP_DEFLATED),
    "tar": partial(tarred, "w:"),
    "tar-gz": partial(tarred, "w:gz"),
}

PICTURES: Mapping[str, Make] = {
    "png": partial(picture, "PNG", "RGB"),
    "png-16": partial(picture, "PNG", "I;16"),
    "png-48": lambda: imagecodecs.png_encode(COLOURS.astype(np.uint16) * 257),
    "png-palette": partial(picture, "PNG", "P"),
    "png-1": partial(picture, "PNG", "1"),
    "jpeg": partial(picture, "JPEG", "RGB"),
    "jpeg-grey": partial(picture, "JPEG", "L"),
    "bmp": partial(picture, "BMP", "RGB"),
    "bmp-palette": partial(picture, "BMP", "P"),
}

TIFF: Mapping[str, Make] = {
    "tiff": partial(tif, metadata=None),
    "tiff-own": partial(encode, SCAN, "tif"),
    "tiff-ome": partial(tif, description=OME, metadata=None),
    "tiff-imagej": partial(tif, BYTES.astype(np.uint16), imagej=True, metadata={"axes": "ZYX", "spacing": 2.0}),
    "tiff-big": partial(tif, bigtiff=True, byteorder=">"),
    "tiff-tiled": partial(tif, np.tile(BYTES[0], (4, 4)), tile=(16, 16), compression="zlib", predictor=True),
    "tiff-rgb": partial(tif, COLOURS, photometric="rgb", planarconfig="contig"),
    "tiff-palette": partial(
        tif, BYTES[0], photometric="palette", colormap=np.arange(768, dtype=np.uint16).reshape(3, 256)
    ),
    "tiff-float": partial(tif, RAMP.astype(np.float32), compression="zlib", predictor=True),
    **{f"tiff-{name}": partial(tif, compression=name) for name in ("lzw", "packbits", "lzma", "zstd")},
    **{f"tiff-{name}": partial(tif, BYTES[0], compression=name) for name in ("jpeg", "jpeg2000", "jpegxl")},
    "tiff-webp": partial(tif, COLOURS, photometric="rgb", compression="webp"),
}

FITS: Mapping[str, Make] = {
    "fits": fits_of,
    "fits-extension": lambda: fits_of(fits.ImageHDU(RAMP[0].astype(np.float32), name="SCI")),
    **{
        f"fits-{name.lower().replace('_', '')}": lambda name=name: fits_of(
            fits.CompImageHDU(RAMP[0].astype(np.int32), compression_type=name)
        )
        for name in ("RICE_1", "GZIP_1", "PLIO_1", "HCOMPRESS_1")
    },
}

SEEDS: Mapping[str, Make | MakeStore] = {**PLAIN, **DICOM, **PICTURES, **TIFF, **FITS, **HDF5, **MATLAB, **ZARR}
