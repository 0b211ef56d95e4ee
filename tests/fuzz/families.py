"""Which formats the mutations begin with for each reader of the program, so that each reader gets the same time."""

from collections.abc import Mapping

from tests.fuzz.dicom_seeds import DICOM
from tests.fuzz.other_seeds import RAW, SERIES
from tests.fuzz.parted import PARTED
from tests.fuzz.seeds import FITS, PICTURES, PLAIN, TIFF
from tests.fuzz.store_seeds import HDF5, MATLAB, ZARR


def _of_plain(*beginnings: str) -> tuple[str, ...]:
    return tuple(format for format in PLAIN if format.startswith(beginnings))


FAMILIES: Mapping[str, tuple[str, ...]] = {
    "DICOM": (*DICOM, *SERIES),
    "NIfTI": _of_plain("nifti"),
    "NRRD": _of_plain("nrrd"),
    "MetaImage": _of_plain("metaimage"),
    "TIFF": tuple(TIFF),
    "picture": tuple(PICTURES),
    "NumPy npy": _of_plain("npy"),
    "NumPy npz": _of_plain("npz"),
    "FITS": tuple(FITS),
    "HDF5": tuple(HDF5),
    "MATLAB 5": tuple(MATLAB),
    "Zarr": tuple(ZARR),
    "archives": _of_plain("zip", "tar"),
    "bare numbers": tuple(RAW),
    "read in parts": tuple(PARTED),
}
