"""Presets for ultrasound and OCT: echoes over many decades, or pictures that a machine compressed already."""

import numpy as np

from prep_core.recipe_presets.preset import RecipePreset, because
from prep_core.scan import Scan


def _raw_echoes(scan: Scan) -> bool:
    return scan.modality == "US" and np.iscomplexobj(scan.data)


def _compressed_echoes(scan: Scan) -> bool:
    return scan.modality == "US" and scan.data.dtype == "uint8"


def _raw_oct(scan: Scan) -> bool:
    return scan.modality == "OPT" and np.iscomplexobj(scan.data)


WAVES = (
    RecipePreset(
        "ultrasound_bmode",
        "B-mode, 40 dB (MUST, PyMUST)",
        "ultrasound as complex I/Q signals",
        "bmode(IQ, 40): 20 log10(|IQ| / max |IQ|), with 40 dB below the largest echo as black; there 0 to 255 in 8 "
        "bits, here 0 to 1.",
        "https://github.com/creatis-ULTIM/PyMUST/blob/main/src/pymust/bmode.py",
        (
            because("The envelope of the echoes is an amplitude.", "magnitude", {"power": 1.0}),
            because(
                "Echoes of tissue lie 40 dB and more below those of an interface: only a logarithm shows both.",
                "decibel",
                {"reference": "maximum", "quantity": "amplitude"},
            ),
            because("40 dB of dynamic range become 0 to 1.", "rescale_range", {"in_low": -40.0, "in_high": 0.0}),
        ),
        _raw_echoes,
        "US",
    ),
    RecipePreset(
        "echonet_dynamic",
        "EchoNet-Dynamic",
        "ultrasound films in 8 bits",
        "get_mean_and_std: mean and standard deviation of each colour channel over the training set. EchoNet takes "
        "them from 128 films at random, fit from all.",
        "https://github.com/echonet/dynamic/blob/master/echonet/utils/__init__.py",
        (
            because(
                "The machine compressed the echoes already, so no logarithm; the same two numbers for all films keep "
                "gain visible.",
                "zscore",
                over="dataset",
                per="channel",
            ),
        ),
        _compressed_echoes,
        "US",
    ),
    RecipePreset(
        "oct_decibel",
        "OCT, 50 dB below the dataset's brightest",
        "OCT as complex amplitudes",
        "Decibels as NVIDIA DALI's to_decibels defines them, 10 log10(max(I / reference, 1e-5)) of the power I; the "
        "reference is the 99.9th percentile of the training set in place of the largest value.",
        "https://docs.nvidia.com/deeplearning/dali/user-guide/docs/operations/nvidia.dali.fn.to_decibels.html",
        (
            because("The power |z|^2 is what falls off exponentially with depth.", "magnitude", {"power": 2.0}),
            because(
                "One mirror-like reflection would set the largest value, so the 99.9th percentile is 0 dB; that of the "
                "training set, so that the same tissue has the same decibels in every scan.",
                "decibel",
                {"percentile": 99.9, "quantity": "power", "floor_db": -50.0},
                over="dataset",
            ),
            because(
                "50 dB become 0 to 1; below -50 dB there is mostly noise, and above 0 dB 0.1 % of the voxels.",
                "rescale_range",
                {"in_low": -50.0, "in_high": 0.0},
            ),
        ),
        _raw_oct,
        "OPT",
    ),
)
