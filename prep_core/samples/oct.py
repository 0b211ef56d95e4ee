"""A simulator of raw OCT: complex A-scans with speckle, attenuation and a noise floor."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d

from prep_core.scan import Scan, voxel_affine

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]


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
    surface: float = 0.35,
    curvature: float = 0.03,
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
        Depth of the surface at the centre, in mm.
    curvature : float
        How the surface falls away from the centre, in 1/mm: depth = surface + curvature * x^2.
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
