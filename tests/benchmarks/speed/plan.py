"""The parts of the suite: where each is measured, and in which environment."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A function of this folder that yields cases and figures.

    Attributes
    ----------
    where : "module:function"
    packages : whose versions the page names
    with_peers : whether it runs in the environment of the peers, or in the one that asks
    kernels : PREP_KERNELS; compiled code is what is compared, and auto is what users have from the first second on
    """

    where: str
    packages: tuple[str, ...] = ()
    with_peers: bool = False
    kernels: str = "compiled"


def _against(where: str, *packages: str) -> Part:
    return Part(where, packages, with_peers=True)


PARTS: Mapping[str, Part] = {
    "percentiles": _against("percentiles:cases"),
    "rescale": _against("scaling:percentile_rescale", "monai", "torchio", "csbdeep", "torch"),
    "zscore": _against("scaling:zscore", "monai", "torchio", "torch"),
    "window": _against("pointwise:hu_window", "monai", "SimpleITK", "torch"),
    "decibel": _against("pointwise:decibels"),
    "equalise": _against("scaling:equalise", "monai", "scikit-image", "torch"),
    "nyul": _against("brain:nyul", "intensity-normalization", "torchio", "torch"),
    "white_stripe": _against("brain:white_stripe", "intensity-normalization"),
    "resample": _against("resampling:cases", "SimpleITK", "monai", "torchio", "torch"),
    "clahe": _against("contrast:cases", "scikit-image"),
    "n4": _against("bias_field:cases", "SimpleITK", "antspyx"),
    "dicom": _against("series:cases", "pydicom"),
    "loading": Part("series:figures", ("nibabel", "tifffile", "SimpleITK")),
    "dataset": _against("dataset:cases", "fastdigest"),
    "slider": Part("slider:figures"),
    "memory": Part("memory:figures"),
    "start": Part("start:figures", ("streamlit",), kernels="auto"),
    "compiling": Part("compiling:figures", kernels="auto"),
    "batch": Part("batch:figures", kernels="auto"),
}
