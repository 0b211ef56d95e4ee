"""For each rule a scan that it fires on, with the numbers that its evidence must hold, and one that it is silent about.

The scans are drawings whose history is known, because it is done here.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from prep_core.scan import Scan, Source, voxel_affine

Draw = Callable[[], Scan]
RNG_SEED = 20


def rng() -> np.random.Generator:
    return np.random.default_rng(RNG_SEED)


def plane(data: Any, modality: str = "OT", unit: str = "a.u.", **more: Any) -> Scan:
    return Scan(np.asarray(data), "YX", unit=unit, modality=modality, **more)


def with_facts(format: str, modality: str = "CT", shape: tuple[int, ...] = (4, 5), **facts: Any) -> Scan:
    axes = "ZYX"[-len(shape) :]
    return Scan(
        np.arange(np.prod(shape)).reshape(shape), axes, modality=modality, source=Source(format=format, facts=facts)
    )


def noise(mean: float, spread: float, shape: tuple[int, ...] = (96, 96)) -> NDArray[np.float64]:
    return rng().normal(mean, spread, shape)


def body(low: float = -3000, high: float = 3000, grain: float = 20) -> NDArray[np.int16]:
    """A chest in HU: air, fat, muscle, lungs and a little bone, with `grain` HU of noise, clipped to low..high."""
    y, x = np.mgrid[-1:1:128j, -1:1:128j]
    hu = np.where(np.hypot(y, x) < 0.85, -100.0, -1000.0)
    hu[np.hypot(y, x) < 0.75] = 50
    hu[np.hypot(y, np.abs(x) - 0.35) < 0.25] = -850
    hu[np.hypot(y - 0.55, x) < 0.1] = 700
    return np.clip(np.round(hu + noise(0, grain, hu.shape)), low, high).astype(np.int16)


def speckle(shape: tuple[int, int] = (160, 160)) -> NDArray[np.float64]:
    """The amplitude of fully developed speckle on echoes that fall off by 2 decades with depth."""
    amplitude: NDArray[np.float64] = np.hypot(*rng().normal(size=(2, *shape)))
    return amplitude * np.logspace(0, -2, shape[0])[:, None]


def log_compressed(amplitude: NDArray[np.float64], decibels: float = 60) -> NDArray[np.uint8]:
    level = 1 + 20 * np.log10(amplitude / amplitude.max()) / decibels
    return np.round(255 * np.clip(level, 0, 1)).astype(np.uint8)


def head(bias: float = 1.0) -> NDArray[np.float64]:
    """Two tissues in a ball with noise, multiplied by a field whose ends are `bias` apart."""
    z, y, x = np.mgrid[-1:1:20j, -1:1:64j, -1:1:64j]
    r = np.sqrt(z**2 + y**2 + x**2)
    tissue = np.where(r < 0.9, 400.0, 0.0) - np.where((r > 0.6) & (r < 0.9), 120.0, 0.0)
    return np.abs(tissue * np.exp(np.log(bias) * x / 2) + rng().normal(0, 10, r.shape))


def cells(fall: float = 0.0) -> NDArray[np.float64]:
    """Dark blobs on a bright background that falls off by the share `fall` towards the corners."""
    y, x = np.mgrid[-1:1:256j, -1:1:256j]
    blobs = gaussian_filter((rng().random(x.shape) > 0.999).astype(float), 4)
    return rng().poisson(1000 * (1 - 0.5 * np.minimum(blobs / blobs.max() * 2, 1)) * (1 - fall * (x**2 + y**2) / 2))


def slope(fall: float) -> NDArray[np.float64]:
    """An empty picture that falls off by `fall` from left to right, nearly without noise."""
    return 1000 * (1 - fall * np.linspace(0, 1, 256)) + noise(0, 0.5, (256, 256))


def padded(data: NDArray[np.float64]) -> Scan:
    """A volume of which most slices are padding, with a slope."""
    valid = np.ones(data.shape, bool)
    valid[:6] = valid[-6:] = False
    slope = 2000 * np.exp(np.linspace(0, 1, 64)[:, None] + np.linspace(0, 1, 64) + noise(0, 0.1, data.shape))
    return Scan(np.where(valid, data, slope), "ZYX", modality="MR", valid=valid)


def volume(data: Any, spacing: tuple[float, ...] = (1.0, 1.0, 1.0), modality: str = "MR", known: bool = True) -> Scan:
    return Scan(np.asarray(data), "ZYX", voxel_affine(spacing), known, modality=modality)


def colours(*bands: int) -> Scan:
    data = np.stack([band * np.arange(1, 21).reshape(4, 5) for band in bands]).astype(np.uint8)
    return Scan(data, "CYX", channels=("R", "G", "B"))


def holes(rows: int, columns: int = 0) -> Scan:
    """Rows without a value in so many planes, columns in so many, a plane without any, and one voxel more."""
    data = np.ones((4, 6, 5), np.float32) * np.arange(5)
    data[:rows, 2] = np.nan
    data[:columns, :, 4] = np.nan
    data[3] = data[2, 0, 0] = np.nan
    return volume(data)


def stars(brightest: float = 1600) -> NDArray[np.float64]:
    """A sky of 200 with noise 10, of which 1 % shows stars up to `brightest` above it."""
    rise = np.where(rng().random((128, 128)) > 0.99, brightest, 0)
    return noise(200, 10, (128, 128)) + rise


def bulk(first: float, share: float, other: Any) -> NDArray[Any]:
    """`other` with the first part of it replaced by one value."""
    flat = np.array(other).reshape(-1)
    flat[: int(share * flat.size)] = first
    return flat.reshape(np.shape(other))


CAMERA = noise(500, 80).round().astype(np.int32)
DARK = np.abs(noise(0, 1, (128, 128))) + 1e4 * (rng().random((128, 128)) > 0.98)
STRETCHED = np.round(noise(120, 25, (300, 300))).clip(0, 255).astype(np.uint16) * 257
FLOAT16 = np.round(noise(1500, 200, (300, 300))).astype(np.float16).astype(np.uint16)
THRICE = np.concatenate([np.tile(np.arange(100), 90), np.full(180, 99)]).reshape(90, 102)
EVEN_STEPS = np.arange(0, 10001).reshape(73, 137)

FIRES: Mapping[str, tuple[Draw, str]] = {
    "not_finite": (lambda: plane([[1, 2], [np.nan, np.inf]]), r"2 of 4 voxels \(50.0 %\).*NaN or infinity"),
    "missing_lines": (lambda: holes(2, 3), "2 whole rows and 3 whole columns"),
    "complex_values": (lambda: plane(np.array([[1, 2j]], np.complex64)), "complex64"),
    "above_2_53": (lambda: plane(np.array([[0, 2**53 + 1]])), "int64 values reach 9007199254740993.*precision"),
    "constant": (lambda: plane([[7, 7]]), "All 2 valid voxels are 7: the image is constant"),
    "beneath_float32": (lambda: plane(1e6 + np.arange(4.0).reshape(2, 2) / 16), "too small for float32.*holds 3 steps"),
    "above_float32": (lambda: plane([[0.0, 1e300]]), r"1e\+300, above 3.4e\+38: they overflow"),
    "negatives": (
        lambda: plane([[-5.0, 0.0, 1.0, 2.0]]),
        r"1 of 4 voxels \(25.0 %\).*-5.*2 \(50.0 %\) are excluded from a dB",
    ),
    "colour": (lambda: colours(1, 2, 3), "three colour channels"),
    "grey_in_colour": (lambda: colours(1, 1, 1), "equal in every pixel"),
    "lossy": (lambda: with_facts("DICOM", lossy=1), "0028,2110"),
    "burned_in": (lambda: with_facts("DICOM", burned_in="YES"), "burned into the pixels"),
    "windowed": (lambda: plane(body(-160, 240), "CT", "HU"), "exactly -160 HU and .* exactly 240 HU"),
    "hu_offset": (lambda: plane(body() + 1024, "CT"), "air and tissue, 1024 too high"),
    "hu_implausible": (lambda: plane(CAMERA, "CT", "HU"), "0 % of the voxels from -150 to 150"),
    "hu_unsaid": (lambda: plane(body(), "CT"), "names no unit"),
    "nodata": (lambda: plane(bulk(-9999, 0.1, CAMERA)), r"921 of 9,216 voxels \(10.0 %\) are exactly -9999"),
    "log_compressed": (lambda: plane(log_compressed(speckle()), "US"), r"of 0\.[123]\d of the mean.*0.52"),
    "wide_range": (lambda: plane(DARK, "OPT"), "decades lie between the noise"),
    "bright_tail": (
        lambda: plane(stars(), "AST", "adu"),
        "sky, .*, is (19|20).* adu and scatters by .* adu; p99.9, 1[78].* adu, lies 1[56]. times",
    ),
    "exact_zeros": (lambda: plane(bulk(0, 0.01, DARK), "OPT"), r"163 of 16,384 voxels \(0.99 %\) are exactly 0"),
    "eight_bits": (
        lambda: plane(noise(120, 30).round().astype(np.uint16)),
        r"The type uint16 holds values from \d+ to \d+ only",
    ),
    "few_levels": (lambda: plane(CAMERA // 100), "only [67] distinct values"),
    "gaps": (lambda: plane(STRETCHED), "one in 257 is used: a comb"),
    "saturated_high": (lambda: plane(CAMERA.clip(0, 600)), "exactly the largest value 600"),
    "saturated_low": (lambda: plane(CAMERA.clip(400), "MIC"), "exactly the smallest value 400"),
    "background": (lambda: plane(bulk(0, 0.7, CAMERA)), "70.0 % of the voxels are at most"),
    "anisotropic": (lambda: volume(body()[None, :8], (5, 1, 1)), "5.0 times longer than wide.*5.0 times the voxels"),
    "several_volumes": (lambda: Scan(np.ones((3, 2, 4, 4)), "TZYX", modality="MR"), "3 volumes of the same place"),
    "bias_field": (lambda: volume(head(2.0)), r"factor of (1\.[6-9]\d|2\.0\d)"),
    "uneven_light": (lambda: plane(cells(0.4), "MIC"), "changes by a factor of 1.[3-7]"),
    "perhaps_burned_in": (lambda: with_facts("DICOM", "US"), "does not say whether"),
    "identity_kept": (lambda: with_facts("DICOM", identity_removed="NO"), "0012,0062"),
    "faces": (lambda: with_facts("DICOM", "MR", (3, 4, 5), body_part="HEADNECK"), "a face can be rebuilt"),
}
"""What fires, and what its evidence says."""

SILENT: Mapping[str, tuple[Draw, ...]] = {
    "not_finite": (lambda: plane([[1.0, 2.0]]),),
    "missing_lines": (lambda: holes(0), lambda: plane([[1, np.nan, 2]]), lambda: volume(np.ones((2, 3, 3), np.int16))),
    "complex_values": (lambda: plane([[1.0, 2.0]]),),
    "above_2_53": (lambda: plane(np.array([[0, 2**53]])), lambda: plane([[0.0, 1e20]])),
    "constant": (lambda: plane([[7, 8]]),),
    "beneath_float32": (lambda: plane(EVEN_STEPS / 1e30), lambda: plane([[10**6, 10**6 + 1]])),
    "above_float32": (lambda: plane([[-1e19, 1e19]]),),
    "negatives": (
        lambda: plane([[0.0, 1.0]]),
        lambda: plane(body(), "CT"),
        lambda: plane([[-20.0, 0.0]], unit="dB"),
        lambda: plane(bulk(-1, 0.0001, np.ones((100, 100)))),
    ),
    "colour": (lambda: colours(1, 1, 1), lambda: Scan(np.eye(3)[None].repeat(3, 0), "CYX")),
    "grey_in_colour": (lambda: colours(1, 1, 2), lambda: colours(0, 0, 0)),
    "lossy": (lambda: with_facts("DICOM", lossy=0), lambda: with_facts("TIFF", compression="ADOBE_DEFLATE")),
    "burned_in": (lambda: with_facts("DICOM", burned_in="NO"), lambda: with_facts("DICOM")),
    "windowed": (
        lambda: plane(body(), "CT", "HU"),
        lambda: plane(body(-1024, 3071), "CT", "HU"),
        lambda: plane(bulk(3071, 0.05, body(-1024, 3071)), "CT", "HU"),
        lambda: plane(body(-160, 240)),
    ),
    "hu_offset": (
        lambda: plane(body(), "CT", "HU"),
        lambda: plane(CAMERA, "CT"),
        lambda: plane(body() + 1024),
        lambda: plane(body(-160, 240), "CT", "HU"),
    ),
    "hu_implausible": (
        lambda: plane(body(), "CT", "HU"),
        lambda: plane(CAMERA, "CT"),
        lambda: plane([[9]], "CT", "HU"),
        lambda: plane(body() - 1024, "CT", "HU"),
        lambda: plane(noise(210, 10).round().astype(int).clip(170, 250), "CT", "HU"),
    ),
    "hu_unsaid": (lambda: plane(body(), "CT", "HU"), lambda: plane(CAMERA, "CT"), lambda: plane(body())),
    "nodata": (lambda: plane(bulk(-9998, 0.1, CAMERA)), lambda: plane(np.minimum(65000 + CAMERA, 65535))),
    "log_compressed": (
        lambda: plane(np.round(200 * speckle() / speckle().max() + 1).astype(np.uint8), "OPT"),
        lambda: plane(log_compressed(speckle())),
        lambda: plane(np.round(noise(120, 3)).astype(np.uint8), "OPT"),
        lambda: plane(np.minimum(np.round(3000 * speckle()) + 1, 255).astype(np.uint8), "OPT"),
    ),
    "wide_range": (
        lambda: plane(CAMERA, "OPT"),
        lambda: plane(EVEN_STEPS + 1.0),
        lambda: plane(DARK, "OPT", "dB"),
        lambda: plane(DARK, "AST"),
    ),
    "exact_zeros": (
        lambda: plane(DARK, "OPT"),
        lambda: plane(bulk(0, 0.01, CAMERA)),
        lambda: plane(np.where(DARK < 0.1, 0, DARK), "AST"),
    ),
    "bright_tail": (lambda: plane(stars(800), "AST"), lambda: plane(stars(), "OPT"), lambda: plane(CAMERA, "AST")),
    "eight_bits": (
        lambda: plane(CAMERA),
        lambda: plane(CAMERA // 100),
        lambda: plane(noise(120, 30).round().astype(np.uint8)),
    ),
    "few_levels": (lambda: plane(CAMERA), lambda: plane(CAMERA[:60, :60] // 100), lambda: plane(np.ones((99, 99)))),
    "gaps": (
        lambda: plane(CAMERA.astype(np.uint16)),
        lambda: plane(noise(30000, 8000).astype(np.uint16)),
        lambda: plane(STRETCHED // 257),
    ),
    "saturated_high": (lambda: plane(CAMERA), lambda: plane(THRICE), lambda: plane(bulk(65535, 0.1, CAMERA))),
    "saturated_low": (
        lambda: plane(CAMERA, "MIC"),
        lambda: plane(CAMERA.clip(400), "MR"),
        lambda: plane(bulk(0, 0.7, CAMERA), "MIC"),
    ),
    "background": (lambda: plane(bulk(0, 0.4, CAMERA)), lambda: plane(DARK, "OPT"), lambda: plane(body(), "CT", "HU")),
    "anisotropic": (
        lambda: volume(body()[None, :8], (3, 1, 1)),
        lambda: volume(body()[None, :8], (5, 1, 1), known=False),
    ),
    "several_volumes": (lambda: Scan(np.ones((3, 4, 4)), "TYX", modality="MR"), lambda: volume(np.ones((3, 4, 4)))),
    "bias_field": (
        lambda: volume(head()),
        lambda: volume(head(2.0), modality="CT"),
        lambda: volume(head(1.3)),
        lambda: volume(rng().exponential(400, (6, 20, 20))),
        lambda: padded(head()),
    ),
    "uneven_light": (
        lambda: plane(cells(), "MIC"),
        lambda: plane(cells(0.1), "MIC"),
        lambda: plane(slope(0.03), "MIC"),
        lambda: plane(cells(0.4), "MR"),
        lambda: plane(cells(0.4)[:60], "MIC"),
        lambda: volume(cells(0.4)[None], modality="MIC"),
    ),
    "perhaps_burned_in": (
        lambda: with_facts("DICOM", "US", burned_in="NO"),
        lambda: with_facts("DICOM"),
        lambda: with_facts("MetaImage", "US"),
    ),
    "identity_kept": (lambda: with_facts("DICOM", identity_removed="YES"), lambda: with_facts("NIfTI")),
    "faces": (lambda: with_facts("DICOM", "MR", body_part="HEAD"), lambda: with_facts("DICOM", "MR", (3, 4, 5))),
}
"""What does not fire, also where it nearly would."""
