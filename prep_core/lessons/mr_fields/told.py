"""What the lesson on MR says, and its tables."""

from collections.abc import Mapping

from prep_core.lessons.lesson import Table
from prep_core.lessons.mr_fields.brain_scans import GAIN
from prep_core.lessons.mr_fields.scales import Scaled
from prep_core.lessons.words import signed
from prep_core.quality.bias_methods import BiasComparison
from prep_core.scan import Scan

WORDS: Mapping[str, str] = {
    "none": "nothing",
    "n4": "N4",
    "gaussian": "Gaussian",
    "homomorphic": "homomorphic",
    "polynomial": "polynomial",
}
"""How a method is called."""

CJV = "CJV = (σ white + σ grey) / |μ white − μ grey|, the spread of two tissues over their distance"


def field_table(found: BiasComparison) -> Table:
    """A row for each method; figures that need a truth are left out where none is known."""
    known = any(row.psnr is not None for row in found.rows)
    rows = tuple(
        (
            WORDS[row.method],
            _cell(row.spread),
            _cell(row.cjv),
            *((_cell(row.psnr), _cell(row.ssim)) if known else ()),
        )
        for row in found.rows
    )
    head = ("corrected by", "field p98 / p2", "CJV", *(("PSNR (dB)", "SSIM") if known else ()))
    return Table("What each method took away, and what is left", head, rows)


def scale_table(scales: Mapping[str, Scaled]) -> Table:
    """Where white matter comes out, by scale."""
    rows = tuple(
        (name, each.head.white, each.other.white, each.t2.white, each.t2.grey) for name, each in scales.items()
    )
    head = ("scale", "white", "white, other scanner", "white, T2", "grey, T2")
    return Table("Mean of white and grey matter", head, rows)


def happened(n: Mapping[str, float], method: str, sigma: float, lesion: float) -> tuple[str, ...]:
    """Of the simulated heads."""
    methods = [name for name in WORDS if name != "none"]
    best = max(methods, key=lambda name: n[f"psnr_{name}"])
    worse = [WORDS[name] for name in methods if n[f"psnr_{name}"] < n["psnr_none"]]
    return (
        "A coil multiplies: scan = tissue · field + noise. The field of this head spans a factor of "
        f"{n['true_spread']:.3g} (98th over 2nd percentile), and {WORDS[method]} took away one that spans "
        f"{n[f'spread_{method}']:.3g}. {CJV}: {n['cjv_none']:.3g} before, {n[f'cjv_{method}']:.3g} after.",
        f"Against the truth, which only a simulation knows, {WORDS[best]} is nearest with a PSNR of "
        f"{n[f'psnr_{best}']:.1f} dB; the uncorrected scan has {n['psnr_none']:.1f} dB. "
        + (f"Worse than nothing: {', '.join(worse)}. " if worse else "None is worse than nothing. ")
        + f"Smoothing over {sigma:g} mm cannot tell a field from a large structure, and the polynomial takes tissues "
        "for light: it is right only inside a mask of one of them, as white matter.",
        f"Two scanners: the same head, {GAIN:g} times as bright, with a lesion of {lesion:g} mm. The "
        "z-score y = (x − mean) / std divides the gain away, but the lesion moves mean and std, and with them white "
        f"matter: by {_percent(n['moved_z-score'])} of its distance from grey. The white stripe measures only at the "
        f"peak of white matter and moves it by {_percent(n['moved_white stripe'])}, Nyul's landmarks move it by "
        f"{_percent(n['moved_nyul'])}.",
        _contrasts(n),
        "What a real head says: in the built-in one, smoothing lowers the CJV of the two classes further than N4 does, "
        "because its classes hold skin and fat too. A lower figure is not a better field: look at it. Not shown: "
        "motion, other sequences, and that scanners differ in more than a gain.",
    )


def _contrasts(n: Mapping[str, float]) -> str:
    return (
        "Two contrasts: in T2 white matter is darker than grey. The white stripe puts white matter near 0 in both (in "
        f"T2 off by {_percent(n['off_zero_white stripe'])} of its distance from grey there), the z-score does not "
        f"({_percent(n['off_zero_z-score'])}); but grey "
        "matter lies below it in T1 and above it in T2 whatever is subtracted and divided. No such scale makes two "
        "contrasts one."
    )


def on_a_finer_grid(n: Mapping[str, float], method: str, scan: Scan) -> str:
    """Of the simulated head with more voxels."""
    return (
        f"On {_shape(scan)} voxels {WORDS[method]} leaves a CJV of {n[f'cjv_{method}']:.3g} and a PSNR of "
        f"{n[f'psnr_{method}']:.1f} dB, where nothing has {n['cjv_none']:.3g} and {n['psnr_none']:.1f} dB. N4 looks "
        "for the field on a copy whose voxels are up to four times as long: compare its figures on both grids."
    )


def _shape(scan: Scan) -> str:
    return " x ".join(map(str, scan.data.shape))


def on_own_scan(n: Mapping[str, float], method: str, sigma: float, scan: Scan) -> tuple[str, ...]:
    """Of a scan whose truth nobody knows."""
    spread = n.get(f"spread_{method}")
    spans = (
        "is not above 0 everywhere" if spread is None else f"spans a factor of {spread:.3g} (98th over 2nd percentile)"
    )
    return (
        f"A coil multiplies: scan = tissue · field + noise. In this scan, shrunk to {_shape(scan)} voxels, the field "
        f"that {WORDS[method]} took away {spans}.",
        _cjv(n, method),
        f"Nobody knows the truth here, so there is no PSNR, and no field that is known to be right: look whether it is "
        f"smooth, and follows the coil and not the brain. Smoothing over {sigma:g} mm takes large structures for "
        "light. Each level of N4 makes its field twice as fine: where it shows blotches, give it fewer on Tune. "
        "Two scanners and two contrasts are shown on the simulated heads.",
    )


def _cjv(n: Mapping[str, float], method: str) -> str:
    if f"cjv_{method}" not in n:
        return "The voxels of this scan have no two classes that all methods agree on, so there is no CJV."
    lower = [WORDS[name] for name in WORDS if n[f"cjv_{name}"] < n["cjv_none"]]
    return (
        f"{CJV}, here of dark and bright voxels where all results agree: {n['cjv_none']:.3g} before, "
        f"{n[f'cjv_{method}']:.3g} after. Lower than before: {', '.join(lower) or 'none'}. Where the classes hold skin "
        "and fat, the figure says more about these than about the field."
    )


def _percent(share: float) -> str:
    return signed(share, "+.1%")


def _cell(value: float | None) -> str | float:
    return "unknown" if value is None else value
