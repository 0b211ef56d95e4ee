"""A simulator of raw OCT: complex A-scans with speckle, attenuation and a noise floor."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d

from prep_core.scan import Scan, Source, voxel_affine

Floats = NDArray[np.floating]
Complex = NDArray[np.complex128]

_FWHM = 2 * math.sqrt(math.log(2))
"""Full width at half maximum of the intensity exp(-z^2 / sigma^2), in sigma of the amplitude."""

_PIT_RADIUS = 0.5
"""Of the fovea, in mm: where it is 1/e as deep as at its centre."""

_TILT = 0.05
"""Slope of the surface at which the amplitude of its reflection is down by exp(-1/2)."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of tissue: how thick it is (mm), how much it scatters back, what it takes away on the way (1/mm).

    `pit` is the share of the thickness that is missing at the centre of the picture.
    """

    name: str
    thickness: float
    backscatter: float
    attenuation: float
    pit: float = 0.0


RETINA = (
    Layer("nerve fibres", 0.040, 3e-2, 4.0, pit=0.9),
    Layer("ganglion cells and inner plexiform", 0.080, 1e-2, 3.0, pit=0.9),
    Layer("inner nuclear", 0.040, 2e-3, 2.0, pit=0.9),
    Layer("outer plexiform", 0.030, 7e-3, 3.0, pit=0.7),
    Layer("outer nuclear", 0.090, 8e-4, 1.0),
    Layer("photoreceptors", 0.040, 4e-2, 4.0),
    Layer("pigment epithelium", 0.020, 9e-2, 15.0),
    Layer("choroid", 0.250, 4e-2, 7.0),
    Layer("sclera", math.inf, 2e-2, 5.0),
)
"""A macula.  The order of the contrasts is that of the eye; the numbers are made up, of the usual size."""


def simulate_oct(
    *,
    depth: int = 512,
    width: int = 512,
    seed: int = 0,
    layers: Sequence[Layer] = RETINA,
    spacing: tuple[float, float] = (0.0039, 0.0118),
    resolution: tuple[float, float] = (0.007, 0.018),
    surface: float = 0.55,
    curvature: float = 0.02,
    reflection: float = 1.0,
    noise_floor: float = 1e-6,
) -> Scan:
    """Simulate a B-scan of raw complex OCT A-scans.

    Parameters
    ----------
    depth, width : int
        Pixels along the beam, and across.
    seed : int
        Of NumPy's PCG64: the same seed gives the same bytes.
    layers : sequence of Layer
        From the surface down.
    spacing : (float, float)
        Pixel size (along the beam, across) in mm.
    resolution : (float, float)
        Full width at half maximum of the intensity of the point spread function, in mm.
    surface : float
        Depth of the surface at the centre, without its pit, in mm.
    curvature : float
        How the surface rises away from the centre, in 1/mm: depth = surface - curvature * x^2.
    reflection : float
        Peak intensity of the specular reflection where the surface is level; 0 for none.
    noise_floor : float
        Mean intensity of the detector noise.

    Returns
    -------
    Scan
        complex64 amplitude A, axes "YX" with y along the beam, modality OPT.  |A|^2 is the intensity.

    Notes
    -----
    A = R + S + N.  S is single scattering: its mean intensity at depth z is b(z) exp(-2 * integral of mu from the
    surface to z), with backscatter b and attenuation mu by layer [1]_.  Speckle is fully developed: white
    circular complex Gaussian scatterers of that intensity, convolved with a Gaussian point spread function of
    unit energy [2]_.  R is the coherent reflection of the surface, which fades as the surface tilts by more than
    a few degrees.  N is white circular complex Gaussian noise.

    References
    ----------
    .. [1] K. A. Vermeer et al., "Depth-resolved model-based reconstruction of attenuation coefficients in optical
       coherence tomography", Biomedical Optics Express 5:322, 2014.
    .. [2] J. M. Schmitt, S. H. Xiang, K. M. Yung, "Speckle in optical coherence tomography", Journal of
       Biomedical Optics 4:95, 1999.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    psf = [_unit_energy(fwhm / _FWHM / step) for fwhm, step in zip(resolution, spacing, strict=True)]
    rows, columns = (kernel.size // 2 for kernel in psf)  # scatterers beyond the picture that reach into it
    z = (np.arange(depth + 2 * rows) - rows)[:, None] * spacing[0]
    x = (np.arange(width + 2 * columns) - columns - (width - 1) / 2) * spacing[1]
    tops = _tops(layers, surface - curvature * x**2, x)
    field = _white(rng, (z.size, x.size)) * np.sqrt(_mean_intensity(layers, tops, z))
    for axis, kernel in enumerate(psf):
        field = convolve1d(field, kernel, axis=axis)
    field += math.sqrt(reflection) * _reflected(tops[0], z, spacing[1], resolution[0] / _FWHM)
    inside = field[rows : rows + depth, columns : columns + width]
    amplitude = inside + math.sqrt(noise_floor) * _white(rng, inside.shape)
    return Scan(
        amplitude.astype(np.complex64),
        "YX",
        voxel_affine(spacing),
        spacing_known=True,
        modality="OPT",
        name="oct_simulated",
        source=Source(format="simulated", reader="simulate_oct", facts={"seed": seed}),
    )


def _white(rng: np.random.Generator, shape: tuple[int, ...]) -> Complex:
    """Circular complex Gaussian numbers of mean intensity 1."""
    real, imaginary = rng.standard_normal((2, *shape)) / math.sqrt(2)
    white: Complex = real + 1j * imaginary
    return white


def _unit_energy(sigma: float) -> Floats:
    """A Gaussian over pixels whose squares add to 1, so that convolving white noise keeps its mean intensity."""
    reach = math.ceil(4 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    unit: Floats = kernel / np.linalg.norm(kernel)
    return unit


def _tops(layers: Sequence[Layer], surface: Floats, x: Floats) -> Floats:
    """(layers + 1, x) depth of the upper side of every layer, and of what is below the last, in mm."""
    bell = np.exp(-((x / _PIT_RADIUS) ** 2))
    thickness = [layer.thickness * (1 - layer.pit * bell) for layer in layers]
    missing = sum((layer.thickness * layer.pit * bell for layer in layers if layer.pit), np.zeros_like(x))
    return np.cumsum([surface + missing, *thickness], axis=0)


def _mean_intensity(layers: Sequence[Layer], tops: Floats, z: Floats) -> Floats:
    intensity = np.zeros((z.size, tops.shape[1]))
    optical_depth = np.zeros_like(intensity)
    for layer, top, bottom in zip(layers, tops[:-1], tops[1:], strict=True):
        optical_depth += layer.attenuation * (np.clip(z, top, bottom) - top)
        intensity += layer.backscatter * ((z >= top) & (z < bottom))
    faded: Floats = intensity * np.exp(-2 * optical_depth)
    return faded


def _reflected(surface: Floats, z: Floats, step: float, sigma: float) -> Floats:
    """Amplitude of the specular reflection; 1 at its peak where the surface is level."""
    tilt = np.gradient(surface, step)
    peak = np.exp(-0.5 * (tilt / _TILT) ** 2)
    amplitude: Floats = peak * np.exp(-0.5 * ((z - surface) / sigma) ** 2)
    return amplitude
