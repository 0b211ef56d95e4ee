"""How fast scans are loaded, and how much memory that takes: python -m tests.benchmarks.loading [--slices 300].

For each format the seconds of `load`, how many times longer the usual library takes for the same numbers, and the
most memory that a process of its own took for it, in bytes of the array and its mask.  Both sides run in
alternation, and the best round counts.  What `load` does beside reading is part of its time: a digest of every byte,
checks before a decoder sees them, order, rescaling, padding, findings.
"""

import argparse
import gzip
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pydicom
import SimpleITK
import tifffile
from numpy.typing import NDArray

from prep_core.io import Limits, load
from tests.benchmarks.speed.footprint import peak, reset_peak
from tests.benchmarks.speed.rounds import alternated, first_answers
from tests.io.dicom.slices import as_bytes, dataset

SLICES, SIDE = 300, 512
PADDING = -1500
ROOMY = Limits(file_bytes=2**33, voxels=2**31)


@dataclass(frozen=True)
class Row:
    """One format: seconds of `load`, how many times longer the peer takes, and the peak of memory over the scan."""

    name: str
    peer: str
    seconds: float
    ratio: float
    memory: float


def volume(slices: int) -> NDArray[np.int16]:
    """Smooth with noise, in a round field of view with padding around it, as CT is."""
    rng = np.random.default_rng(0)
    z, y, x = np.ogrid[:slices, :SIDE, :SIDE]
    wave = 500 * np.sin(z / 40 + y / 90) * np.cos(x / 70)
    noisy = (wave + rng.normal(0, 20, (slices, SIDE, SIDE))).astype(np.int16)
    outside = (y - SIDE / 2) ** 2 + (x - SIDE / 2) ** 2 > (SIDE / 2) ** 2
    return np.where(outside, np.int16(PADDING), noisy)


def series(folder: Path, voxels: NDArray[np.int16]) -> Path:
    """A CT series, whose files are not in the order of its slices."""
    folder.mkdir()
    tags = {"Rows": SIDE, "Columns": SIDE, "RescaleSlope": 1, "RescaleIntercept": -24, "PixelPaddingValue": PADDING}
    tags |= {"WindowCenter": [40, -600], "WindowWidth": [400, 1500], "KVP": 120, "SliceThickness": 1.25}
    for i, plane in enumerate(voxels):
        own = {"ImagePositionPatient": [0.0, 0.0, 1.25 * i], "InstanceNumber": i + 1, **tags}
        (folder / f"{i * 7 % len(voxels):04d}.dcm").write_bytes(as_bytes(dataset(plane, **own)))
    return folder


def written(folder: Path, voxels: NDArray[np.int16]) -> Mapping[str, Path]:
    """The same voxels in each format."""
    files = {name: folder / f"scan.{name}" for name in ("npy", "nii", "nii.gz", "tif", "nrrd", "mha")}
    np.save(files["npy"], voxels)
    files["nii"].write_bytes(unpacked := _nifti(voxels))
    files["nii.gz"].write_bytes(gzip.compress(unpacked, 6))
    tifffile.imwrite(files["tif"], voxels, metadata={"axes": "ZYX"}, photometric="minisblack")
    for name in ("nrrd", "mha"):
        SimpleITK.WriteImage(SimpleITK.GetImageFromArray(voxels), files[name], useCompression=False)
    return {"DICOM": series(folder / "dicom", voxels), **files}


def stacked(folder: Path) -> NDArray[Any]:
    """What people write first: stored numbers in the order of the files."""
    return np.stack([pydicom.dcmread(file).pixel_array for file in sorted(folder.iterdir())])


def stacked_right(folder: Path) -> NDArray[Any]:
    """What people write then: in the order of the slices, in Hounsfield units."""
    slices = sorted(map(pydicom.dcmread, folder.iterdir()), key=lambda ds: ds.ImagePositionPatient[2])
    return np.stack([ds.pixel_array * ds.RescaleSlope + ds.RescaleIntercept for ds in slices])


PEERS: Mapping[str, tuple[tuple[str, Callable[[Path], Any]], ...]] = {
    "DICOM": (("pydicom, unsorted", stacked), ("pydicom, sorted and rescaled", stacked_right)),
    "npy": (("NumPy", np.load),),
    "nii": (("nibabel", lambda path: np.asarray(nibabel.load(path).dataobj)),),
    "nii.gz": (("nibabel", lambda path: np.asarray(nibabel.load(path).dataobj)),),
    "tif": (("tifffile", tifffile.imread),),
    "nrrd": (("SimpleITK", lambda path: SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(path))),),
    "mha": (("SimpleITK", lambda path: SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(path))),),
}


def ours(path: Path) -> NDArray[Any]:
    (scan,) = load(path, axes="ZYX", limits=ROOMY)
    return scan.data


def memory_of(path: Path) -> float:
    """The peak of a process that loads `path`, over the bytes of the scan."""
    call = [sys.executable, "-m", "tests.benchmarks.loading", "--peak", str(path)]
    return float(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def peak_over_scan(path: Path) -> float:
    reset_peak()
    before = peak()
    (scan,) = load(path, axes="ZYX", limits=ROOMY)
    mask = scan.valid.nbytes if any(scan.valid.strides) else 0
    return (peak() - before) / (scan.data.nbytes + mask)


def rows(slices: int = SLICES) -> Iterator[Row]:
    """Each format against each of its peers; the files are made for it and removed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, path in written(Path(folder), volume(slices)).items():
            calls = {"ours": lambda path=path: ours(path)}
            calls |= {peer: lambda path=path, read=read: read(path) for peer, read in PEERS[name]}
            first_answers(calls)
            taken = alternated(calls)
            memory = memory_of(path)
            for peer, _ in PEERS[name]:
                yield Row(name, peer, taken["ours"].best, taken[peer].best / taken["ours"].best, memory)


def _nifti(voxels: NDArray[np.int16]) -> bytes:
    return nibabel.Nifti1Image(voxels.T, np.eye(4)).to_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slices", type=int, default=SLICES, help=f"planes of {SIDE} x {SIDE} int16")
    parser.add_argument("--peak", type=Path, help="print the peak of memory of loading this, over its bytes")
    asked = parser.parse_args()
    if asked.peak:
        sys.stdout.write(f"{peak_over_scan(asked.peak):.3f}\n")
        return
    for row in rows(asked.slices):
        told = f"{row.seconds:6.3f} s, {row.peer} {row.ratio:4.1f} times, memory {row.memory:.2f} times the scan"
        sys.stdout.write(f"{row.name:7} {told}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
