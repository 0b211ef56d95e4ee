"""Formats that are known and not read: a file of one is refused by its name, with what to convert it to."""

import re
from collections.abc import Mapping

NIFTI, PICTURE, NOTHING = "convert it to NIfTI (.nii.gz)", "convert it to PNG or TIFF", "it holds no voxels"

BEGINNINGS: Mapping[bytes, tuple[str, str]] = {
    rb"CDF[\x01\x02\x05]": ("MINC 1 (NetCDF)", NIFTI),
    rb"\x89HDF\r\n\x1a\n.*minc-2\.0": ("MINC 2", NIFTI),
    rb"# === DATA DESCRIPTION FILE": ("the header of a Philips PAR/REC pair", NIFTI),
    rb"\s*type\s*=\s*\S+-attribute\s": ("the header of an AFNI HEAD/BRIK pair", NIFTI),
    rb"MATRIX7[012]v": ("ECAT 7", NIFTI),
    rb"\x00{3}\x01(\x00\x00..){4}\x00{3}[\x00\x01\x03\x04]": ("MGH", NIFTI),
    rb"mrtrix image": ("MRtrix", NIFTI),
    rb"mrtrix tracks|TRACK\x00": ("a file of fibre tracks", NOTHING),
    rb"<\?xml.{0,200}GIFTI": ("GIFTI, a surface", NOTHING),
    rb"GIF8[79]a": ("GIF", PICTURE),
    rb"RIFF....WEBP": ("WebP", PICTURE),
    rb"\x00{3}\x0cjP  |\xff\x4f\xff\x51": ("JPEG 2000", PICTURE),
    rb"....ftyp(hei|avif|mif)": ("HEIF or AVIF", PICTURE),
    rb"%PDF-": ("PDF", PICTURE),
}
"""How files begin, as patterns; the name of their format, and what to do."""


def refusal(name: str, head: bytes) -> str | None:
    """The sentence for a file that begins so (unpacked), or None for one of an unknown kind.

    Parameters
    ----------
    name : str
        How the file is called in errors.
    head : bytes
        Its first kilobyte; MINC 2 is told from other HDF5 by it.
    """
    for pattern, (format, advice) in BEGINNINGS.items():
        if re.match(pattern, head, re.DOTALL):
            return f"{name} is {format}, which is not read here; {advice}"
    return None
