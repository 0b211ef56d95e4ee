"""Sources of which no first bytes tell what they are: bare numbers, and a series of several files."""

from collections.abc import Callable, Mapping

import numpy as np

from prep_core.io import RawForm
from tests.fuzz.dicom_seeds import plain

FORM = RawForm("int16", (6, 8, 10), header=32)


def bare() -> bytes:
    """Numbers behind a header that nobody describes."""
    return b"\x07" * FORM.header + np.arange(6 * 8 * 10, dtype="<i2").tobytes()


def series() -> Mapping[str, bytes]:
    """Four slices of one series, 2 mm apart, their files in another order."""
    places = (("c", 0.0), ("a", 2.0), ("d", 4.0), ("b", 6.0))
    return {
        f"{name}.dcm": plain(ImagePositionPatient=[0.0, 0.0, height], InstanceNumber=i)
        for i, (name, height) in enumerate(places)
    }


RAW: Mapping[str, Callable[[], bytes]] = {"raw": bare}
SERIES: Mapping[str, Callable[[], Mapping[str, bytes]]] = {"dicom-series": series}
