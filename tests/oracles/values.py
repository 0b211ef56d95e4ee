"""What the steps of the family values are compared with."""

import numpy as np
from astropy.visualization import AsinhStretch, SqrtStretch
from highdicom.enum import VOILUTFunctionValues
from highdicom.pixels import apply_voi_window
from pydicom import Dataset
from pydicom.pixels import apply_windowing
from scipy.stats import poisson
from skimage.exposure import adjust_gamma, rescale_intensity
from skimage.util import img_as_ubyte

from prep_core.line import Line
from prep_core.scan import Scan
from tests.oracles.oracle import Oracle
from tests.suited import result_of

HU = np.arange(-1100, 3100, dtype=np.int16)
UNIT = np.random.default_rng(0).uniform(0, 1, 5000).astype(np.float32)
WIDE = (10 ** np.random.default_rng(1).uniform(-6, 5, 5000)).astype(np.float32)
RELATIVE = "largest relative difference"


def after(step: str, values: np.ndarray, **params: object) -> np.ndarray:
    return result_of(Line(step, params), Scan(np.atleast_2d(values), "YX")).data[0]


def furthest(got: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.abs(got.astype(np.float64) - wanted).max())


def relative(got: np.ndarray, wanted: np.ndarray) -> float:
    return float((np.abs(got - wanted) / np.abs(wanted)).max())


def magnitude() -> float:
    z = (WIDE * np.exp(1j * np.arange(5000))).astype(np.complex64)
    return max(relative(after("magnitude", z, power=p), np.abs(z.astype(np.complex128)) ** p) for p in (0.5, 1.0, 2.0))


def rescale() -> float:
    return furthest(after("rescale", np.arange(256.0), subtract=127.5, divide=127.5), (np.arange(256) - 127.5) / 127.5)


def clip() -> float:
    return furthest(after("clip", HU, low=-50.5, high=99.0), np.clip(HU, -50.5, 99.0))


def invert() -> float:
    stored = np.arange(65536, dtype=np.uint16)
    return furthest(after("invert", stored, high=65535.0), np.bitwise_not(stored))


def window_of_highdicom() -> float:
    def difference(function: str, center: float, width: float) -> float:
        name = VOILUTFunctionValues(function.upper())
        wanted = apply_voi_window(HU.astype(np.float64), center, width, name, output_range=(0.0, 1.0), dtype=np.float64)
        return furthest(after("window", HU, center=center, width=width, function=function), wanted)

    settings = ((40.0, 400.0), (-600.0, 1500.0), (32.5, 80.25))
    return max(difference(function, *each) for function in ("linear", "linear_exact", "sigmoid") for each in settings)


def window_of_pydicom() -> float:
    def difference(function: str) -> float:
        ds = Dataset()
        ds.PhotometricInterpretation, ds.BitsStored, ds.PixelRepresentation = "MONOCHROME2", 16, 1
        ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = 40, 400, function.upper()
        wanted = (apply_windowing(HU, ds) + 32768) / 65535  # it answers in the range of int16
        return furthest(after("window", HU, center=40.0, width=400.0, function=function), wanted)

    return max(map(difference, ("linear", "linear_exact", "sigmoid")))


def window_greys() -> float:
    shown = after("window", np.array([-129.0, 65.0, 194.0]), function="linear", center=40.0, width=400.0)
    return furthest(np.rint(255 * shown), np.array([20, 144, 226]))


def rescale_range() -> float:
    def difference(low: float, high: float, out: tuple[float, float]) -> float:
        wanted = rescale_intensity(HU.astype(np.float64), in_range=(low, high), out_range=out)
        got = after("rescale_range", HU, in_low=low, in_high=high, out_low=out[0], out_high=out[1])
        return furthest(got, wanted) / (out[1] - out[0])

    return max(difference(-200.0, 400.0, (0.0, 1.0)), difference(-1000.0, 1000.0, (-1.0, 1.0)))


def decibel() -> float:
    def difference(reference: str, level: float) -> float:
        got = after("decibel", WIDE, reference=reference, value=7.0, floor_db=-200.0)
        return furthest(got, 10 * np.log10(WIDE.astype(np.float64) / level))

    levels = {"fixed": 7.0, "maximum": WIDE.max(), "percentile": np.percentile(WIDE.astype(np.float64), 99.9)}
    return max(difference(reference, float(level)) for reference, level in levels.items())


def doubled_gain(reference: str, rise: float) -> float:
    once, twice = (after("decibel", gain * WIDE, reference=reference, floor_db=-200.0) for gain in (1, 2))
    return furthest(twice - once, np.full(WIDE.shape, rise))


def log() -> float:
    bases = {"e": np.log, "2": np.log2, "10": np.log10}
    counts = np.arange(65536, dtype=np.uint16)
    return max(furthest(after("log", counts, base=base), bases[base](counts + 1.0)) for base in bases)


def asinh() -> float:
    return max(furthest(after("asinh", UNIT, scale=a), AsinhStretch(a)(UNIT.astype(float))) for a in (0.001, 0.1, 1.0))


def gamma() -> float:
    return max(furthest(after("gamma", UNIT, gamma=g), adjust_gamma(UNIT.astype(float), g)) for g in (0.45, 2.2))


def anscombe_of_poisson() -> float:
    """How far the exact standard deviation over all counts is from 1, for means from 4 to 500."""
    counts = np.arange(1000)
    stable = after("anscombe", counts.astype(np.float32)).astype(np.float64)

    def spread(mean: float) -> float:
        share = poisson.pmf(counts, mean)
        return float(np.sqrt(share @ (stable - share @ stable) ** 2))

    return max(abs(spread(mean) - 1) for mean in np.geomspace(4, 500, 40))


def round_to_nearest() -> float:
    levels = np.linspace(-1000, 400, 38)
    nearest = levels[np.abs(HU[:, None].astype(float) - levels).argmin(axis=1)]
    return furthest(after("round_to", HU, levels=38, low=-1000.0, high=400.0), nearest)


ORACLES = (
    Oracle("magnitude", "NumPy abs(z) ** power in complex128", magnitude, 1e-6, RELATIVE),
    Oracle("rescale", "NumPy (x - 127.5) / 127.5 in float64", rescale, 1e-6),
    Oracle("clip", "NumPy clip", clip, 0),
    Oracle("invert", "NumPy bitwise_not of 16 bits", invert, 0),
    Oracle("window", "highdicom apply_voi_window, all three functions", window_of_highdicom, 1e-6),
    Oracle("window", "pydicom apply_windowing, all three functions", window_of_pydicom, 1e-6),
    Oracle("window", "greys 20, 144, 226 for HU -129, 65, 194 in W400 C40 (DICOM PS3.3 C.11.2.1.2)", window_greys, 0),
    Oracle("rescale_range", "scikit-image rescale_intensity with both ranges", rescale_range, 1e-6),
    Oracle("decibel", "NumPy 10 log10(I / I_ref) in float64, all three references", decibel, 1e-4, "largest, in dB"),
    Oracle(
        "decibel",
        "doubled gain, reference measured on the same scan: 0 dB",
        lambda: doubled_gain("percentile", 0.0),
        1e-4,
        "largest, in dB",
    ),
    Oracle(
        "decibel",
        "doubled gain, fixed reference: 3.0103 dB",
        lambda: doubled_gain("fixed", 3.0103),
        1e-4,
        "largest, in dB",
    ),
    Oracle("log", "NumPy log, log2 and log10 in float64", log, 2e-6),
    Oracle("asinh", "astropy AsinhStretch(a=scale)", asinh, 1e-6),
    Oracle("gamma", "scikit-image adjust_gamma", gamma, 1e-6),
    Oracle(
        "sqrt", "astropy SqrtStretch", lambda: furthest(after("sqrt", UNIT), SqrtStretch()(UNIT.astype(float))), 1e-6
    ),
    Oracle(
        "anscombe",
        "NumPy 2 sqrt(x + 3/8) in float64",
        lambda: relative(after("anscombe", WIDE), 2 * np.sqrt(WIDE.astype(float) + 0.375)),
        1e-6,
        RELATIVE,
    ),
    Oracle(
        "anscombe",
        "Poisson distribution (SciPy), means from 4 to 500",
        anscombe_of_poisson,
        0.01,
        "distance of the standard deviation from 1",
    ),
    Oracle(
        "round_to",
        "scikit-image img_as_ubyte and back",
        lambda: furthest(after("round_to", UNIT), img_as_ubyte(UNIT) / 255),
        1e-7,
    ),
    Oracle("round_to", "NumPy, the nearest of linspace(low, high, levels)", round_to_nearest, 1e-4, "largest, in HU"),
)
