"""The rules that cost at most two passes over the voxels: for every scan that is loaded."""

from prep_core.findings import colour, told, values
from prep_core.findings.rule import Rule
from prep_core.findings.seen import LINE
from prep_core.findings.words import percent

_ARITHMETIC = "Arithmetic."

QUICK = (
    Rule(
        values.not_finite,
        "note",
        "One voxel.",
        _ARITHMETIC,
        "Nothing needs to be done; steps leave them as they are.",
    ),
    Rule(
        values.missing_lines,
        "warning",
        f"One row or column of {LINE} voxels or more, in a plane that has finite values elsewhere.",
        "A detector or a transfer loses lines as a whole; single voxels are lost by arithmetic.",
        "Look for lost lines; fill them before any step that looks at neighbours.",
    ),
    Rule(
        values.complex_values,
        "note",
        "Complex numbers.",
        _ARITHMETIC,
        "Take the magnitude first: power = 2 gives the intensity, 1 the amplitude.",
        "magnitude",
    ),
    Rule(
        values.above_2_53,
        "warning",
        "Integers above 2^53.",
        "IEEE 754: float64 has a significand of 53 bits.",
        "Subtract a large constant, or divide, in integer arithmetic before loading.",
    ),
    Rule(
        values.constant,
        "warning",
        "Smallest and largest value are equal.",
        _ARITHMETIC,
        "A z-score, min-max and percentile scaling have no answer for a zero range; check how the scan was made.",
    ),
    Rule(
        values.beneath_float32,
        "warning",
        f"A range of fewer than {values.LEVELS} steps of float32 at these values.",
        f"IEEE 754: float32 has 24 bits, and its smallest normal number is {values.SMALLEST:.2g}.",
        "Subtract an offset or multiply in float64 before loading.",
    ),
    Rule(
        values.above_float32,
        "warning",
        f"Absolute values above {values.SQUARE_FITS:.2g}.",
        f"IEEE 754: float32 ends at {values.LARGEST:.2g}.",
        "Divide by a power of ten in float64 before loading.",
    ),
    Rule(
        values.negatives,
        "note",
        f"{percent(values.HARDLY_ANY)} negative values where the unit is neither HU nor dB, nor the modality CT or PT.",
        "The logarithm is defined above zero.",
        "If an intensity is meant, an offset was subtracted or the sign is wrong; decibel and log need values above 0.",
    ),
    Rule(
        colour.colour,
        "note",
        "Three channels R, G, B with different values.",
        _ARITHMETIC,
        "Statistics pool the channels unless a line says per: channel; to_grey makes one picture of them, "
        "select_channels keeps one.",
    ),
    Rule(
        colour.grey_in_colour,
        "note",
        "Three channels R, G, B, equal in every pixel.",
        _ARITHMETIC,
        "Three count every pixel three times: add to_grey with method = {method} as the first line.",
        "to_grey",
    ),
    Rule(
        told.lossy,
        "note",
        "LossyImageCompression 01, a lossy transfer syntax, or JPEG in a picture or TIFF.",
        "DICOM PS3.3 C.7.6.1.1.5; PS3.6 A.",
        "Small differences and 8 x 8 blocks are not measurements; local contrast and sharpening bring them out.",
    ),
    Rule(
        told.burned_in,
        "warning",
        "BurnedInAnnotation YES.",
        "DICOM PS3.3 C.7.6.1.1.",
        "Look at every picture, and crop or blank the text, before you share or export it.",
    ),
)
"""In the order in which they are shown within their level."""
