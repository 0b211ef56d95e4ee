"""Damaged files through the guarded readers: `python -m tests.fuzz.readers --seconds 60`, or `--count 10000`.

Each must end as scans or as one sentence.  What else happens is printed with what it takes to see it again:
`--format png --only 1234`.
"""

import argparse
import itertools
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from prep_core.io import AxesNeeded, FormNeeded, Limits, PartNeeded, ReadError
from prep_core.io.guarded.reader import GuardedReader, ReaderFault
from prep_core.scan import Scan
from tests.fuzz.mutations import mutated
from tests.fuzz.other_seeds import FORM, RAW, SERIES
from tests.fuzz.parted import PARTED, load_in_parts
from tests.fuzz.seeds import SEEDS as ALONE
from tests.fuzz.seeds import npy
from tests.io.dicom.slices import CANARY

SEED = "1"
SLOW = 2.0
LIMITS = Limits(
    voxels=2**24, decoded_bytes=2**27, archive_bytes=2**27, ratio_from=2**24, seconds=10, memory_bytes=2**30
)
PATH = re.compile(r"(?:^|[\s'\"(])(?:/\w|~/|[A-Za-z]:\\)|/(?:tmp|home|usr|work|root|site-packages)/")
FAILURES = ("nonsense", "too long", "too much memory", "mistake of ours", "bad sentence")
PRINTED = ("crash", *FAILURES)
"""A crash is somebody else's mistake and does no harm here: it is printed and counted, and fails nothing."""

Source = bytes | Mapping[str, bytes]

SEEDS: Mapping[str, Callable[[], Source]] = {**ALONE, **SERIES, **RAW, **PARTED}


@dataclass(frozen=True)
class Result:
    """What became of one damaged file."""

    outcome: str
    words: str
    seconds: float

    @property
    def is_told(self) -> bool:
        """Whether somebody should look at it."""
        return self.outcome in PRINTED or self.seconds > SLOW


def damaged(source: Source, key: str) -> Source:
    """`source`, or one file of several, damaged as `key` says."""
    if isinstance(source, bytes):
        return mutated(source, key)
    names = sorted(source)
    name = names[sum(key.encode()) % len(names)]
    return {**source, name: mutated(source[name], key)}


def read(reader: GuardedReader, source: Source | Path, name: str) -> Result:
    """Read it, answer what is asked, and say what came of it."""
    start = time.perf_counter()
    try:
        outcome, words = "scans" if _answered(reader, source, name) else "bad sentence", ""
    except ReaderFault as fault:
        outcome, words = "mistake of ours", str(fault)
    except ReadError as error:
        outcome, words = kind_of(error), str(error)
    return Result(outcome, words, time.perf_counter() - start)


def _answered(reader: GuardedReader, source: Source | Path, name: str) -> list[Scan]:
    answers: dict[str, Any] = {}
    in_parts = name.removeprefix("seed.") in PARTED
    while True:
        try:
            if in_parts:
                return load_in_parts(reader, source, name, **answers)
            return list(reader.load(source, name=name, limits=LIMITS, **answers))
        except FormNeeded:
            if "raw" in answers:
                raise
            answers["raw"] = FORM
        except AxesNeeded as question:
            if "axes" in answers or not question.choices:
                raise
            answers["axes"] = question.choices[0]
        except PartNeeded as question:
            if "part" in answers or not question.parts:
                raise
            answers["part"] = question.parts[0].name


def kind_of(error: ReadError) -> str:
    """What an error is: one of the outcomes of `PRINTED`, or a refusal as it should be."""
    words = str(error)
    if "made its decoder crash" in words:
        return "crash"
    if "made its decoder answer" in words:
        return "nonsense"
    if "limit seconds" in words:
        return "too long"
    if "limit memory_bytes" in words:
        return "too much memory"
    return "refused" if is_sentence(words) else "bad sentence"


def is_sentence(words: str) -> bool:
    """Whether an error can be shown: one line, no path, no traceback, nothing that a file says of a person."""
    return bool(words) and words.isprintable() and not (PATH.search(words) or "Traceback" in words or CANARY in words)


def work(formats: Sequence[str], only: int | None, count: int, seconds: float) -> Iterator[tuple[str, int]]:
    """Formats and numbers, in turn, until there were `count` or `seconds` are over."""
    if only is not None:
        yield from ((format, only) for format in formats)
        return
    end = time.monotonic() + seconds
    turns = ((format, number) for number in itertools.count() for format in formats)
    for turn in itertools.islice(turns, count or None):
        if time.monotonic() > end:
            return
        yield turn


def results(turns: Iterator[tuple[str, int]], seed: str = SEED) -> Iterator[tuple[str, int, Result]]:
    """What becomes of every damaged file, with its format and its number."""
    made: dict[str, Source] = {}
    with GuardedReader(limits=replace(LIMITS, whole_bytes=1)) as reader:
        reader.load(npy())
        for format, number in turns:
            made[format] = made.get(format) or SEEDS[format]()
            result = read(reader, damaged(made[format], f"{seed}/{format}/{number}"), f"seed.{format}")
            if result.is_told:
                # The next file should not pay for a process that has to start anew.
                reader.load(npy())
            yield format, number, result


def told(format: str, number: int, result: Result, seed: str = SEED) -> str:
    """A result in words, and what it takes to see it again."""
    again = f"--seed {seed} --format {format} --only {number}"
    return f"{result.outcome} in {result.seconds:.1f} s: {again}\n    {result.words}\n"


def run(turns: Iterator[tuple[str, int]], seed: str) -> Counter[tuple[str, str]]:
    """Read every damaged file, print the failures, and count outcomes by format."""
    found: Counter[tuple[str, str]] = Counter()
    for format, number, result in results(turns, seed):
        found[format, result.outcome] += 1
        if result.is_told:
            found[format, "slow"] += result.seconds > SLOW
            sys.stdout.write(told(format, number, result, seed))
    return found


def main(arguments: Sequence[str]) -> int:
    """Run from the command line; 1 when anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.readers", description=__doc__)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after this time")
    parser.add_argument("--count", type=int, default=0, help="stop after so many files")
    parser.add_argument("--seed", default=SEED)
    parser.add_argument("--format", choices=sorted(SEEDS), action="append", help="only this one; may be repeated")
    parser.add_argument("--only", type=int, help="only the file of this number")
    options = parser.parse_args(arguments)
    start = time.monotonic()
    turns = work(options.format or tuple(SEEDS), options.only, options.count, options.seconds)
    found = run(turns, options.seed)
    for line in report(found, time.monotonic() - start):
        sys.stdout.write(f"{line}\n")
    return int(any(outcome in FAILURES for _, outcome in found))


def report(found: Counter[tuple[str, str]], seconds: float) -> Iterator[str]:
    """Outcomes of each format, and of all."""
    outcomes = ("scans", "refused", "slow", *PRINTED)
    for format in dict.fromkeys(format for format, _ in found):
        yield f"{format:18} " + ", ".join(f"{o} {found[format, o]}" for o in outcomes if found[format, o])
    total = {o: sum(n for (_, kind), n in found.items() if kind == o) for o in outcomes}
    count = sum(n for outcome, n in total.items() if outcome != "slow")
    yield f"{count} files in {seconds:.0f} s, {count / seconds:.0f} a second: " + ", ".join(
        f"{o} {n}" for o, n in total.items()
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
