"""Drawings of a chest whose masks are known: a CT in HU, and a radiograph that is its projection."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from prep_core.samples.anatomy import Anatomy, Place, chest
from prep_core.scan import Scan, Source, voxel_affine

WATER = 0.02
"""Attenuation of water at the energy of a radiograph, in 1/mm."""

PHOTONS = 1e6
"""That reach the detector beside the chest, in a pixel."""

_DEPTH = 6.0
"""mm between the places that are added up along a ray."""


@dataclass(frozen=True)
class Phantom:
    """A simulated scan, and where things are in it.

    Attributes
    ----------
    truth : mapping of str to bool ndarray
        The voxels of each structure by name, of the shape of the scan.
    """

    scan: Scan
    truth: Mapping[str, NDArray[np.bool_]]


def simulate_chest_ct(
    *,
    spacing: tuple[float, float, float] = (5.0, 2.5, 2.5),
    size: tuple[int, int, int] = (60, 144, 160),
    shift: Place = (0.0, 0.0, 0.0),
    noise: float = 20.0,
    metal: float = 0.0,
    stored_maximum: float = 3071.0,
    seed: int = 0,
) -> Phantom:
    """Simulate a CT of a chest: body, lungs with vessels, airways, heart, bones, gas in the stomach, a table.

    Parameters
    ----------
    spacing : (z, y, x)
        Voxel size in mm.
    size : (z, y, x)
        Voxels.  The chest is 300 mm high, 350 mm wide and 230 mm deep, and lies in the middle.
    shift : (z, y, x)
        How far the chest is from the middle, in mm.
    noise : float
        Standard deviation in HU.
    metal : float
        HU of two rods beside the spine; 0 for none.
    stored_maximum : float
        The largest value that the scanner can write, in HU.
    seed : int
        Of NumPy's PCG64: the same seed gives the same bytes.

    Returns
    -------
    Phantom
        An int16 scan "ZYX" in HU; truth of body, lungs, airway, gas, metal and table.

    Notes
    -----
    The shapes are ellipsoids, tubes and shells of the usual size; edges are blurred by half a voxel.  A lung has all
    vessels inside it, and no part of trachea and main bronchi.
    """
    z, y, x = ((np.arange(n) - (n - 1) / 2) * step - at for n, step, at in zip(size, spacing, shift, strict=True))
    anatomy = chest(z[:, None, None], y[None, :, None], x[None, None, :], metal)
    sharp = gaussian_filter(anatomy.hu, 0.5)
    rng = np.random.Generator(np.random.PCG64(seed))
    noisy = sharp + noise * rng.standard_normal(size, dtype=np.float32)
    data = np.clip(np.round(noisy), -1024, stored_maximum).astype(np.int16)
    scan = Scan(
        data,
        "ZYX",
        voxel_affine(spacing, (float(x[0]), float(y[0]), float(z[0]))),
        spacing_known=True,
        unit="HU",
        modality="CT",
        name="ct_simulated",
        source=Source(format="simulated", reader="simulate_chest_ct", facts={"seed": seed}),
    )
    return Phantom(scan, anatomy.masks)


def simulate_chest_xray(
    *,
    spacing: tuple[float, float] = (1.5, 1.5),
    size: tuple[int, int] = (192, 224),
    shift: tuple[float, float] = (0.0, 0.0),
    monochrome1: bool = False,
    photons: float = PHOTONS,
    seed: int = 0,
) -> Phantom:
    """Simulate a frontal radiograph: the attenuation of a chest, added up from front to back.

    Parameters
    ----------
    spacing : (y, x)
        Pixel size in mm.
    size : (y, x)
        Pixels.
    shift : (y, x)
        How far the chest is from the middle, in mm; y points down.
    monochrome1 : bool
        Store low values for dense tissue, which are then shown inverted: lungs are stored bright.
    photons : float
        That reach a pixel beside the chest; fewer are noisier.
    seed : int
        Of NumPy's PCG64: the same seed gives the same bytes.

    Returns
    -------
    Phantom
        A uint16 scan "YX" with the head up and the patient's right side on the left; truth of the lungs.

    Notes
    -----
    Stored is 100 + 400 log10(photons / N), limited to 0..1023, with a Poisson count N of mean photons x
    exp(-integral of mu), mu = 0.02/mm x (1 + HU / 1000); or its inverse, 1023 minus that.  As on drawings by
    radiologists a lung field is where a ray passes through 10 mm of lung or more, and neither heart, spine nor
    anything below the diaphragm.
    """
    rows, columns = ((np.arange(n) - (n - 1) / 2) * step - at for n, step, at in zip(size, spacing, shift, strict=True))
    depth = np.arange(-120.0, 121.0, _DEPTH)[None, :, None] + _staggered(size)[:, None, :]
    anatomy = chest(-rows[:, None, None], depth, columns[None, None, :], table=False)
    thickness = np.clip(1 + anatomy.hu / 1000, 0, None).sum(axis=1) * _DEPTH
    rng = np.random.Generator(np.random.PCG64(seed))
    counts = rng.poisson(photons * np.exp(-WATER * gaussian_filter(thickness, 1.0)))
    value = np.clip(np.round(100 + 400 * np.log10(photons / np.maximum(counts, 1))), 0, 1023).astype(np.uint16)
    scan = Scan(
        np.uint16(1023) - value if monochrome1 else value,
        "YX",
        voxel_affine(spacing),
        spacing_known=True,
        modality="DX",
        display_inverted=monochrome1,
        name="xray_simulated",
        source=Source(format="simulated", reader="simulate_chest_xray", facts={"seed": seed}),
    )
    return Phantom(scan, MappingProxyType({"lungs": _fields(anatomy)}))


def chest_ct() -> Scan:
    """A CT with two rods of metal that the scale cannot hold."""
    return simulate_chest_ct(metal=8000.0).scan


def chest_xray() -> Scan:
    """A simulated frontal chest radiograph."""
    return simulate_chest_xray().scan


def _staggered(size: tuple[int, int]) -> NDArray[np.floating]:
    """How far a ray is moved along itself, so that neighbours see the edges between two places alike on average."""
    rows, columns = np.indices(size)
    steps: NDArray[np.floating] = (6 * rows + 7 * columns) % 16 * (_DEPTH / 16)
    return steps - _DEPTH / 2


def _fields(anatomy: Anatomy) -> NDArray[np.bool_]:
    masks = anatomy.masks
    seen: NDArray[np.bool_] = masks["lungs"].sum(axis=1) * _DEPTH >= 10
    for name in ("heart", "spine", "abdomen"):
        seen = seen & ~masks[name].any(axis=1)
    return seen
