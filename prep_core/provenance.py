"""What was done to which bytes: the .prep.json that lies beside a result."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from prep_core.lock.members import is_member
from prep_core.lock.sealing import mismatch
from prep_core.measuring import Measured
from prep_core.recipe import Recipe
from prep_core.run import Done
from prep_core.scan import Scan
from prep_core.shift.alarm import Shift, shifts, warnings_of
from prep_core.versions import library_versions

MASKS = "masks"
"""The folder, beside the results, that holds their masks under the same names."""


def provenance(
    recipe: Recipe,
    scan: Scan,
    lines: Sequence[Done],
    result: Scan,
    file: str,
    data: bytes,
    mask: bytes = b"",
    compared: Iterable[Shift] | None = None,
) -> dict[str, Any]:
    """Everything needed to say where `data` came from, and to make it again.

    Holds no time, no user and no path, so that the same scan and recipe give the same bytes everywhere.

    Parameters
    ----------
    scan, result : Scan
        Before the first line and after the last.
    lines : sequence of Done
        As `trace` yields them.
    file, data : str, bytes
        The name and the content of the file that holds `result`.
    mask : bytes
        The content of the file that holds its mask; empty where there is none.
    compared : iterable of Shift, optional
        How the scan compares with the training population, where `lines` do not hold all its voxels.
    """
    found = shifts(recipe, scan, lines) if compared is None else compared
    output = Output(file, _sha256(data), _sha256(mask) if mask else "")
    return record_of(recipe, scan, lines, result, output, found)


@dataclass(frozen=True)
class Output:
    """The name of a file that holds a result, its digest, and that of the mask beside it; empty where there is none."""

    file: str
    sha256: str
    mask: str = ""


def record_of(
    recipe: Recipe, scan: Scan, lines: Iterable[Done], result: Scan, output: Output, compared: Iterable[Shift]
) -> dict[str, Any]:
    """As `provenance`, of a result that is known by its digest."""
    masked = {"mask": {"file": f"{MASKS}/{output.file}", "sha256": output.mask}} if output.mask else {}
    return origin(recipe, scan) | {
        **training(recipe, scan, compared),
        "lines": [
            {
                "step": done.line.step,
                "measured": _plain(done.measured),
                "unit": done.scan.unit,
                "tally": dict(done.tally),
            }
            for done in lines
        ],
        "output": {"file": output.file, "sha256": output.sha256} | described(result) | masked,
    }


def training(recipe: Recipe, scan: Scan, compared: Iterable[Shift]) -> dict[str, Any]:
    """How `scan` stands to the scans that `recipe` was fitted on, and what is odd about that, a sentence each."""
    compared = tuple(compared)
    return {
        "training": {
            "member": is_member(scan.source.sha256, recipe.trained_on),
            "shifts": [shift.plain() for shift in compared],
        },
        "warnings": [*_edited(recipe), *warnings_of(compared)],
    }


def _edited(recipe: Recipe) -> list[str]:
    why = mismatch(recipe.lines, recipe.lock.seal) if recipe.lock else ""
    return [f"the recipe is not the one that was fitted: {why}; fit it again"] if why else []


def _plain(measured: Measured) -> dict[str, Any]:
    arrays = {name: f"sha256:{array.sha256}" for name, array in measured.arrays.items()}
    return {"numbers": dict(measured.numbers)} | ({"arrays": arrays} if arrays else {}) | {"voxels": measured.voxels}


def origin(recipe: Recipe, scan: Scan) -> dict[str, Any]:
    """The part of a provenance that is known before the first line runs: the same part means the same result."""
    return {
        "prep": 1,
        "recipe": {"digest": recipe.digest, "yaml": recipe.to_yaml()},
        "input": {
            "name": scan.name,
            "sha256": scan.source.sha256,
            "format": scan.source.format,
            "reader": scan.source.reader,
            "converted": list(scan.source.converted),
            "warnings": list(scan.source.warnings),
        }
        | described(scan),
        "versions": library_versions(),
    }


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def is_finished(sidecar: bytes, result: bytes, mask: bytes, recipe: Recipe, scan: Scan) -> bool:
    """Whether `sidecar` says that `recipe` makes `result` and `mask` of `scan` with the libraries of today."""
    return is_made(sidecar, _sha256(result), _sha256(mask), recipe, scan)


def is_made(sidecar: bytes, result: str, mask: str, recipe: Recipe, scan: Scan) -> bool:
    """As `is_finished`, of files that are known by their digests."""
    try:
        record = json.loads(sidecar)
    except ValueError:
        return False
    wanted = json.loads(to_json(origin(recipe, scan)))
    if not isinstance(record, dict) or {key: record.get(key) for key in wanted} != wanted:
        return False
    output = record["output"]
    masked = "mask" not in output or output["mask"]["sha256"] == mask
    return bool(masked and output["sha256"] == result)


def described(scan: Scan) -> dict[str, Any]:
    """What `scan` is, in plain values: the part that provenance and `inspect` share."""
    return {
        "axes": scan.axes,
        "shape": list(scan.data.shape),
        "dtype": scan.data.dtype.name,
        "unit": scan.unit,
        "modality": scan.modality,
        "spacing": list(scan.spacing),
        "spacing_known": scan.spacing_known,
        "affine": scan.affine.tolist(),
        "channels": list(scan.channels),
        "findings": [asdict(finding) for finding in scan.findings],
    }


def to_json(record: Any) -> str:
    """`record` as text, the same for the same record: sorted by nothing, indented, with a final line break.

    A number that is not finite becomes null: JSON has no word for it.
    """
    return json.dumps(_finite(record), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _finite(record: Any) -> Any:
    if isinstance(record, Mapping):
        return {key: _finite(value) for key, value in record.items()}
    if isinstance(record, list | tuple):
        return [_finite(value) for value in record]
    return None if isinstance(record, float) and not math.isfinite(record) else record
