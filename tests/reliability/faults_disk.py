"""A disk that is full: a small one in memory (tmpfs), which only the program sees that is tried (unshare, Linux)."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prep_core.batch.aside import ASIDE
from tests.batch.batches import files
from tests.batch.test_kills import unpainted
from tests.engine.conftest import ROOT
from tests.reliability.aftermath import is_sentence, wrong
from tests.reliability.faults_batch import command, undisturbed
from tests.reliability.faults_children import LOADS, loops_declared, without_some_loops

ON_A_SMALL_DISK = """
mount -t tmpfs -o size="$1" prep "$2" && cp -a "$3/." "$2" || exit 99
place="$2" seen="$3"; shift 3
"$@"; code=$?
rm -rf "$seen" && mkdir "$seen" && cp -a "$place/." "$seen"
exit $code
"""
NO_DISK = 99
PAGE = 4096
"""Bytes; a small disk counts in pages."""

FULL = "No space left on device"
DATASET = "prep: 1\nname: of-a-set\nsteps:\n- {step: zscore, over: dataset}\n"


@dataclass(frozen=True)
class Ran:
    """How a program ended on a small disk, what it said, and what it left there by name."""

    code: int
    told: str
    left: Mapping[str, bytes]


def results(folder: Path, turn: int) -> list[str]:
    """The results of a batch fill the disk after some scans; where there is room the same command ends it."""
    wanted, place = files(undisturbed(folder)), folder / f"disk{turn}"
    ran = on_disk(200 + 150 * turn, place, [*command(folder, place), "--resume"])
    halves = [name for name, data in ran.left.items() if unpainted(name, data) != unpainted(name, wanted[name])]
    aside = (seen(place) / ASIDE).exists()
    again = subprocess.run([*command(folder, seen(place)), "--resume"], cwd=ROOT, capture_output=True, check=False)
    return wrong(
        {
            f"it ended with {ran.code}: {ran.told[-300:]}": ran.code == 2,
            f"it said {ran.told!r}": is_sentence(ran.told) and FULL in ran.told,
            f"half-written: {halves}": not halves,
            "the folder of unfinished files is left": not aside,
            f"the second command ended with {again.returncode}": again.returncode == 0,
            "the results are other ones": files(seen(place)) == wanted,
        }
    )


def recipes(folder: Path, turn: int) -> list[str]:
    """Commands that write one file each, on a disk without any room."""
    undisturbed(folder)
    (folder / "set.yaml").write_text(DATASET)
    place = folder / f"disk{turn}"
    output, scan = str(place / "made"), str(folder / "scans" / "s00.npy")
    calls = (
        ["fit", str(folder / "set.yaml"), scan, "-o", f"{output}.yaml"],
        ["export", str(folder / "slow.yaml"), "--to", "python", "-o", f"{output}.py"],
        ["suggest", scan, "-o", f"{output}.yaml"],
    )
    call = calls[turn % len(calls)]
    seen(place).mkdir()
    (seen(place) / "full").write_bytes(bytes(PAGE))
    ran = on_disk(PAGE // 1024, place, [sys.executable, "-m", "prep_core", *call])
    return wrong(
        {
            f"{call[0]} ended with {ran.code}": ran.code == 2,
            f"{call[0]} said {ran.told!r}": is_sentence(ran.told) and FULL in ran.told and call[-1] in ran.told,
            f"{call[0]} left {sorted(ran.left)}": sorted(ran.left) == ["full"],
        }
    )


def loops(folder: Path, turn: int) -> list[str]:
    """Loops are compiled where there is no room to keep them: they are used all the same."""
    place = folder / f"disk{turn}"
    without_some_loops(folder, seen(place))
    before = files(seen(place))
    kilobytes = sum(-(-len(data) // PAGE) * PAGE for data in before.values()) // 1024
    ran = on_disk(kilobytes, place, [sys.executable, "-c", LOADS], own={"NUMBA_CACHE_DIR": str(place)})
    return wrong(
        {
            f"it ended with {ran.code}: {ran.told[-300:]}": ran.code == 0,
            f"it said {ran.told!r}": is_sentence(ran.told) and "loops cannot be kept in" in ran.told,
            "loops are missing": f"{loops_declared()} loops" in ran.told,
            f"files came or went: {sorted(ran.left.keys() ^ before.keys())}": ran.left == before,
        }
    )


def on_disk(kilobytes: int, place: Path, call: Sequence[str], own: Mapping[str, str] | None = None) -> Ran:
    """Run a program for which `place` is a disk of its own; it begins and ends with the files in `seen(place)`."""
    place.mkdir()
    seen(place).mkdir(exist_ok=True)
    inside = ["unshare", "--map-root-user", "--mount", "sh", "-c", ON_A_SMALL_DISK, "sh"]
    process = subprocess.run(
        [*inside, f"{kilobytes}k", str(place), str(seen(place)), *call],
        cwd=ROOT,
        env={**os.environ, **(own or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode == NO_DISK:
        raise RuntimeError(f"there can be no small disk here: {process.stderr}")
    return Ran(process.returncode, process.stdout + process.stderr, files(seen(place)))


def seen(place: Path) -> Path:
    """Where the files of a disk are found when the program has ended."""
    return place.with_name(f"{place.name}-seen")
