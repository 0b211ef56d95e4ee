"""astropy, imported when the first FITS file is met: that takes half a second, and most sessions never meet one."""

from functools import cache
from importlib import metadata
from typing import Any


@cache
def fits() -> Any:
    """The module astropy.io.fits."""
    from astropy.io import fits

    return fits


@cache
def name() -> str:
    """The library and its version."""
    return f"astropy {metadata.version('astropy')}"


@cache
def faults() -> tuple[type[Exception], ...]:
    """Its own two errors, which are an Exception and nothing narrower."""
    from astropy.io.fits.hdu.compressed._compression import CfitsioException

    return fits().VerifyError, CfitsioException
