"""Rules about the grid: the shape of a voxel, and what several volumes are."""

from prep_core.findings.rule import Evidence
from prep_core.findings.seen import Seen

RATIO = 3.0
"""Longest to shortest side of a voxel, above which nnU-Net treats a data set as anisotropic (Isensee 2021)."""

MOST_GROWTH = 16.0
"""A resampling that makes more than so many times the voxels is not suggested."""

REPEATED = ("CT", "MR", "PT")


def anisotropic(seen: Seen) -> Evidence | None:
    """Slices lie much farther apart than pixels."""
    scan = seen.scan
    shortest, longest = min(scan.spacing), max(scan.spacing)
    if not scan.spacing_known or "Z" not in scan.axes or longest <= RATIO * shortest:
        return None
    growth = 1.0
    for side in scan.spacing:
        growth *= side / shortest
    sides = " x ".join(f"{side:.3g}" for side in scan.spacing)
    words = f"Voxels are {sides} mm (z, y, x), {longest / shortest:.1f} times longer than wide"
    even = {"spacing": (round(shortest, 6),) * 3}
    grows = f"; {even['spacing'][0]:g} mm on all sides makes {growth:.1f} times the voxels."
    return Evidence(words + grows, even if growth <= MOST_GROWTH and even["spacing"][0] >= 0.001 else None)


def several_volumes(seen: Seen) -> Evidence | None:
    """Several volumes of the same place in one scan: times, echoes, phases or weightings."""
    scan = seen.scan
    if scan.size("T") < 2 or "Z" not in scan.axes or scan.modality not in REPEATED:
        return None
    parts = scan.source.facts.get("acquisitions", 1)
    acquired = f", from {parts} acquisitions" if isinstance(parts, int) and parts > 1 else ""
    return Evidence(f"{scan.size('T')} volumes of the same place follow each other along T{acquired}.")
