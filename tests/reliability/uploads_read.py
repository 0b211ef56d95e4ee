"""Large uploads that are read, in the formats in which large scans come."""

import gzip
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import nibabel
import numpy as np
import tifffile
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from tests.e2e.conftest import QUIET, check_no_exception
from tests.reliability import processes
from tests.reliability.figure import Figure
from tests.reliability.held import Held, Watch, at_rest

MEGABYTE = 10**6
SIDE = 512
MOST_TIMES = 3.0
LONG = 900_000
"""Milliseconds for a large scan on a busy machine."""

Voxels = NDArray[np.int16]


def volume(megabytes: int) -> Voxels:
    """Noise of 16 bits, (z, y, x), of which no packing makes less."""
    planes = max(1, megabytes * MEGABYTE // (SIDE * SIDE * 2))
    noise = np.random.default_rng(0).integers(-(2**15), 2**15, (min(planes, 16), SIDE, SIDE), np.int16)
    return np.resize(noise, (planes, SIDE, SIDE))


def _nifti(voxels: Voxels) -> bytes:
    return nibabel.Nifti1Image(voxels.T, np.eye(4)).to_bytes()


def _tiff(file: Path, voxels: Voxels) -> None:
    tifffile.imwrite(file, voxels, metadata={"axes": "ZYX"}, photometric="minisblack")


FORMATS: Mapping[str, Callable[[Path, Voxels], object]] = {
    "npy": lambda file, voxels: np.save(file, voxels),
    "nii": lambda file, voxels: file.write_bytes(_nifti(voxels)),
    "tif": _tiff,
    "nii.gz": lambda file, voxels: file.write_bytes(gzip.compress(_nifti(voxels), 1)),
}


PACKED = frozenset({"nii.gz"})


def reading(page: Page, folder: Path, name: str, megabytes: int) -> Figure:
    """Upload a scan of this format, answer what is asked, and wait until it stands there in numbers."""
    file, voxels = folder / f"large.{name}", volume(megabytes)
    FORMATS[name](file, voxels)
    server, size = processes.server().pid, file.stat().st_size
    # What is packed has to be unpacked, however large that is.
    both = size + (voxels.nbytes if name in PACKED else 0)
    before, begun = at_rest(server), time.monotonic()
    with Watch(server) as watch:
        page.locator("input[type=file]").first.set_input_files(file)
        expect(page.locator(".st-key-inspect-upload-1")).to_be_visible(timeout=LONG)
        _quiet(page)
        if name == "npy":
            page.get_by_role("button", name="Open it so").click()
            expect(page.get_by_text("Open it so")).to_have_count(0, timeout=LONG)
            _quiet(page)
        expect(page.get_by_text(f"ZYX {' x '.join(map(str, voxels.shape))} int16").first).to_be_visible(timeout=LONG)
        _quiet(page)
        check_no_exception(page)
    file.unlink()
    seconds = time.monotonic() - begun
    return _figure(name, both, seconds, before, watch.most, at_rest(server))


def _quiet(page: Page) -> None:
    page.evaluate("delete window.quietSince")
    page.wait_for_function(QUIET, timeout=LONG, polling=50)


def _figure(name: str, size: int, seconds: float, before: Held, most: Held, after: Held) -> Figure:
    grown, kept = ((held.memory - before.memory) / size for held in (most, after))
    told = f"{grown:.2f} times its size at the peak and {kept:.2f} times when it stands in numbers, {seconds:.0f} s"
    told += f" (the server without it: {before.memory / MEGABYTE:.0f} MB); disk {most.on_disk / MEGABYTE:.0f} MB"
    what = ", packed and unpacked together" if name in PACKED else ""
    claim = f"{size / MEGABYTE:.0f} MB in a .{name}{what}, opened in the browser: peak of memory"
    return Figure(claim, f"under {MOST_TIMES:g} times its size", told, grown < MOST_TIMES and most.on_disk == 0)
