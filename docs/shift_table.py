"""Print the table of docs/lock.md, how far scans lie from training sets: python -m docs.shift_table DATA.

DATA is the folder with the real scans (ct/, mr/, oct/).
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from prep_core import Recipe, Scan, fit, load, trace
from prep_core.line import Line
from prep_core.shift.alarm import DISTANCE, Shift, shifts

Change = Callable[[np.ndarray], np.ndarray]

CT = (Line("clip", {"low": -1000, "high": 1000}), Line("ct_foreground", inside="foreground"))
MR = (Line("zscore", over="dataset", inside="foreground"), Line("clip", {"low": -3, "high": 3}))
OCT = (
    Line("decibel", {"reference": "percentile", "percentile": 99.9, "floor_db": -50.0}, over="dataset"),
    Line("zscore", over="dataset"),
)


@dataclass(frozen=True)
class Case:
    """A training set, `more` scans that are `alike`, and others by what they are."""

    name: str
    lines: tuple[Line, ...]
    training: list[Scan]
    alike: str
    more: list[Scan]
    other: Mapping[str, Scan]


def cut(scan: Scan, start: int, end: int, axis: int = 0) -> Scan:
    """The planes, or columns, from `start` to `end`."""
    at = tuple(slice(start, end) if i == axis else slice(None) for i in range(scan.data.ndim))
    return replace(scan, data=scan.data[at], valid=scan.valid[at])


def changed(scan: Scan, change: Change) -> Scan:
    return replace(scan, data=change(scan.data.astype(np.float32)).astype(np.float32))


def uptake(data: np.ndarray) -> np.ndarray:
    """A PET in place of a CT: nothing in the air, exponential uptake in the body."""
    return np.random.default_rng(1).exponential(2.0, data.shape) * (data > -300)


def cases(data: Path) -> Iterator[Case]:
    (ct,) = load(data / "ct" / "lidc_chest_dicom")
    wrong: dict[str, Change] = {
        "1024 HU higher (stored values)": lambda v: v + 1024,
        "1024 HU lower": lambda v: v - 1024,
        "HU / 1000": lambda v: v / 1000,
        "0..1": lambda v: (v + 1024) / 4095,
        "a PET called CT": uptake,
    }
    other = {name: changed(ct, change) for name, change in wrong.items()}
    blocks = [cut(ct, i, i + 4) for i in range(0, 44, 4)]
    yield Case("chest CT, 22 slices", CT, [cut(ct, 0, 22)], "the other 22", [cut(ct, 22, 44)], other)
    yield Case("chest CT, 6 blocks of 4 slices", CT, blocks[::2], "blocks between them", blocks[1::2], other)
    (mr,) = load(data / "mr" / "brain_t1gd_bias.nrrd")
    yield Case(
        "brain MR, lower half",
        MR,
        [cut(mr, 0, 12)],
        "upper half",
        [cut(mr, 12, 25)],
        {"in thousandths": changed(mr, lambda v: v / 1000), "the chest CT": ct},
    )
    (oct_,) = load(data / "oct" / "spectralis_bscan_linear_float32.tif")
    yield Case(
        "retina OCT, linear power, left half",
        OCT,
        [cut(oct_, 0, 384, axis=1)],
        "right half",
        [cut(oct_, 384, 768, axis=1)],
        {
            "in dB": changed(oct_, lambda v: 10 * np.log10(np.maximum(v, 1e-12))),
            "fourth root (as shown)": changed(oct_, lambda v: v**0.25),
            "10 dB more gain": changed(oct_, lambda v: v * 10),
        },
    )


def found(fitted: Recipe, scan: Scan) -> tuple[Shift, ...]:
    return shifts(fitted, scan, trace(fitted, scan))


def table(data: Path) -> str:
    """Rows of Markdown: the training set, the scan, its distance and limit at line 0, and whether the alarm rings."""
    rows = ["| fitted on | scan | distance | limit | shares of lost voxels that are odd | alarm |"]
    rows.append("| --- | --- | ---: | ---: | --- | --- |")
    for case in cases(data):
        fitted = fit(Recipe(case.lines), case.training)
        rows.append(f"| {case.name} | {_farthest('training', fitted, case.training)} |")
        rows.append(f"| {case.name} | {_farthest(case.alike, fitted, case.more)} |")
        rows.extend(f"| {case.name} | {name} | {_cells(found(fitted, scan))} |" for name, scan in case.other.items())
    return "\n".join(rows) + "\n"


def _farthest(name: str, fitted: Recipe, scans: list[Scan]) -> str:
    """Of `scans` the one for which the alarm rings, or else the one farthest away."""
    every = [found(fitted, scan) for scan in scans]
    worst = max(every, key=lambda compared: (any(shift.warning for shift in compared), compared[0].found or 0.0))
    return f"{name}{f' (farthest of {len(scans)} scans)' if len(scans) > 1 else ''} | {_cells(worst)}"


def _cells(compared: tuple[Shift, ...]) -> str:
    raw = compared[0]
    odd = [f"line {s.line} {s.what} {100 * (s.found or 0):.3g} %" for s in compared if s.warning and s.what != DISTANCE]
    rings = "rings" if any(shift.warning for shift in compared) else "-"
    return f"{raw.found or 0:.2f} | {raw.limit:.3g} | {', '.join(odd) or '-'} | {rings}"


if __name__ == "__main__":
    sys.stdout.write(table(Path(sys.argv[1])))
