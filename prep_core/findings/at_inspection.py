"""The rules that need a histogram, neighbours, or a fit: for a scan that is inspected."""

from prep_core.findings import dynamic, ends, history, light, piles, shape, sky, told, units
from prep_core.findings.rule import Rule
from prep_core.findings.seen import ENOUGH
from prep_core.findings.words import percent

THOROUGH = (
    Rule(
        units.windowed,
        "warning",
        f"CT with 8-bit values, {percent(units.CLIPPED)} of the voxels at a largest value below {units.METAL:g} HU, or "
        f"{percent(units.CUT)} at a smallest one above {units.FROM_AIR:g} HU, each {piles.PILE} times its neighbours.",
        "Air is -1000 HU and dense bone above 1000; no scanner stops between.",
        "What lies outside the window is lost: get the original series in HU before any window or HU threshold.",
    ),
    Rule(
        units.hu_offset,
        "warning",
        f"{percent(units.SEEN_BOTH)} of the voxels each in the ranges of air and tissue after the shift, "
        f"{units.BETTER:g} times more than without.",
        "DICOM PS3.3 C.11.1.1.2: HU = slope x stored + intercept, which is -1024 or -1000 nearly everywhere.",
        "Add rescale with subtract = {subtract:g} as the first line, and say unit HU.",
        "rescale",
    ),
    Rule(
        units.hu_implausible,
        "warning",
        f"Unit HU, and less than {percent(units.HARDLY_TISSUE)} of the voxels from {units.TISSUE[0]:g} to "
        f"{units.TISSUE[1]:g}.",
        "Water is 0 HU by definition; fat is at -100 and muscle at 50.",
        "Do not use HU windows or thresholds; check slope and intercept, or say unit a.u.",
    ),
    Rule(
        units.hu_unsaid,
        "note",
        f"CT without a unit, {percent(units.SEEN_BOTH)} of the voxels each in the ranges of air and tissue.",
        "As hu_offset.",
        "If they are Hounsfield units, say unit HU, and windows in HU are offered.",
    ),
    Rule(
        ends.nodata,
        "warning",
        f"A known code, {piles.FEWEST} voxels or more, {percent(piles.ISOLATED)} of the range of the others away from "
        f"them; in CT any value below {piles.OUTSIDE_AIR:g}.",
        "Codes in common use: -9999 in grids, -32768 and 65535 as the ends of 16 bits, 0 in Sentinel-2, -2000 and "
        "-3024 around CT.",
        "They enter every statistic: add threshold_mask over all other values and say inside: mask in the lines below, "
        "or set them to NaN before loading, and they are left out everywhere.",
        "threshold_mask",
    ),
    Rule(
        history.log_compressed,
        "note",
        f"US or OPT of 8 bits whose speckle varies by {history.COMPRESSED[0]:g} to {history.COMPRESSED[1]:g} of its "
        "mean.",
        f"Goodman 1975: {history.RAYLEIGH:.2f} for amplitude. Measured: 0.18 on both compressed films, 0.51 on "
        "amplitudes.",
        "The values are probably decibels already: do not add decibel or log, and do not compare ratios.",
    ),
    Rule(
        dynamic.wide_range,
        "note",
        f"{dynamic.DECADES:g} decades from the noise to the maximum, and {dynamic.SKEW:g} from the median of the "
        "positive values to p99.9.",
        "Measured: 3.4 to 6.3 decades on OCT, at most 2.8 on all others; bright_tail tells of the sky.",
        "Add decibel ({quantity}), after magnitude where the values are complex; a linear scale shows the "
        "brightest only.",
        "decibel",
    ),
    Rule(
        dynamic.exact_zeros,
        "note",
        "One zero in a scan with a wide range.",
        "The logarithm is defined above zero.",
        "The step decibel sets them to its floor_db and counts them; log needs an offset.",
    ),
    Rule(
        sky.bright_tail,
        "note",
        f"AST with p99.9 at {sky.TAIL:g} times the noise above the sky.",
        "8 bits of grey: the noise is then below two of 256 levels. Measured: 204 on the Sun, 3,290 on a star cluster.",
        "Limit the values to percentiles, then add asinh, as the suggested recipe does; a decibel has no answer for "
        "noise on both sides of the sky.",
    ),
    Rule(
        history.eight_bits,
        "note",
        f"Integers of 16 bits or more within 0 to {history.EIGHT_BITS}, more than {history.FEW_INTEGERS} of them.",
        "Arithmetic.",
        "Scaled by its type the picture is black: add rescale with divide = {divide:g}.",
        "rescale",
    ),
    Rule(
        history.few_levels,
        "note",
        f"At most {history.FEW_INTEGERS} distinct integers or {history.FEW_FLOATS} distinct floats in {ENOUGH} voxels.",
        "Measured: 130 levels or more on all built-in scans; labels have a few.",
        "Labels and masks need no intensity step and only nearest-neighbour resampling; a quantised picture has no "
        "finer contrast to bring out.",
    ),
    Rule(
        history.gaps,
        "note",
        f"{percent(history.MISSING)} of the levels between p1 and p99 empty, and {history.UNEXPECTED:g} times more "
        "than chance.",
        "Poisson counts. Measured: 97.9 % empty on a stretched stack, 5.4 % where values went through float16, none on "
        "CT, MR and X-ray as acquired.",
        "The values were rounded or stretched before and are no counts: noise models and equalising a histogram go "
        "wrong.",
    ),
    Rule(
        ends.saturated_high,
        "note",
        f"{percent(ends.SATURATED)} of the voxels at the largest value, {piles.PILE} times what the {piles.NEIGHBOURS} "
        "levels below have.",
        "Measured: 44 times on CT, 121 times on OCT; at most 1.3 times on scans without saturation.",
        "Their true values may be larger: leave them out of measurements; percentile_clip keeps them from setting "
        "a scale.",
        "percentile_clip",
    ),
    Rule(
        ends.saturated_low,
        "note",
        f"{percent(ends.CUT)} of the voxels of a camera or X-ray detector at the smallest value, {piles.PILE} times "
        f"what the {piles.NEIGHBOURS} levels above have.",
        "Measured: at most 0.8 times on five micrographs and radiographs.",
        "Their true values may be smaller: the offset was set too low, and a background cannot be measured there.",
    ),
    Rule(
        ends.background,
        "note",
        f"{percent(ends.EMPTY)} of the voxels in the lowest hundredth of the range up to p99.9.",
        "Measured: 52 to 64 % on the three built-in scans with a background, at most 22 % on the others.",
        "Measure scale steps inside foreground, or inside positive where the background is 0.",
    ),
    Rule(
        shape.anisotropic,
        "note",
        f"Longest over shortest side of a voxel above {shape.RATIO:g}.",
        "nnU-Net (Isensee et al. 2021, Nature Methods 18:203).",
        "Treat slices as pictures, or resample before any step in three dimensions; between slices that only "
        "interpolates.",
        "resample",
    ),
    Rule(
        shape.several_volumes,
        "note",
        "CT, MR or PT with T and Z.",
        "DICOM PS3.3 C.7.6.16.",
        "If they are echoes, phases or weightings and not times, give scale steps per: frame, or split them.",
    ),
    Rule(
        light.bias_field,
        "note",
        f"MR volume with p98 over p2 of the field above {light.BIAS:g}, {light.SURE:g} standard errors sure.",
        "Measured: 1.71 on the built-in brain (N4 on the same copy: 1.71), 1.18 on one without (N4: 1.24).",
        "Add n4 (with shrink = {shrink}) before z-score and thresholds, and a scale step after it.",
        "n4",
    ),
    Rule(
        light.uneven_light,
        "note",
        f"A picture without depth, p98 over p2 of the field above {light.SHADING:g} and "
        f"{percent(light.OF_CONTRAST)} of the contrast, {light.SURE:g} standard errors sure.",
        "Measured: 1.44 on a fundus, 1.02 on phase contrast; fields of 1.2 to 2.7 added to drawings come back.",
        "One threshold or window does not fit all of it: fit flat_field on many pictures of this microscope, or use "
        "lowpass_field or background_subtract on this one alone.",
    ),
    Rule(
        told.perhaps_burned_in,
        "note",
        "DICOM of US or XA, or a secondary capture, without BurnedInAnnotation.",
        "DICOM PS3.15 E.1 (Clean Pixel Data).",
        "Look for text before you share or export it.",
    ),
    Rule(
        told.identity_kept,
        "note",
        "DICOM without PatientIdentityRemoved YES.",
        "DICOM PS3.15 E.1.",
        "This program writes none of it, but the file itself may name a person: de-identify it before you share it.",
    ),
    Rule(
        told.faces,
        "note",
        "CT, MR or PT volume of a part of the head.",
        "Schwarz et al. 2019, NEJM 381:1684: faces from MR were matched to photographs in 83 % of 84 cases.",
        "Deface it before you share it; removing names is not enough.",
    ),
)
"""In the order in which they are shown within their level."""
