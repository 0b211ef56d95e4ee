"""The command line with arguments that nobody means: it ends with a code of its contract and one sentence."""

import io
import random
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from prep_core.cli import main
from tests.fuzz.command_lines import arguments
from tests.fuzz.part import Part, Seen, numbered
from tests.fuzz.sandbox import emptied, filled, outside

SEED = "commands"
CODES = (0, 2, 3, 8, 9)
"""Those of docs/batch.md."""

LONGEST = 30.0
"""Seconds; to start the process that reads takes some of them."""
PROGRAM = re.compile(r"\b_\w+|\bNone\b|Error\b|Exception|\[Errno|object at 0x")
"""Words of programmers, which say nothing to who typed the arguments."""


@dataclass(frozen=True)
class Said:
    """How a call ended, and what it wrote."""

    code: object
    out: str
    err: str


def call(words: Sequence[str]) -> Said:
    """Run the command line here, its streams as strict as those of a shell with UTF-8."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors) for errors in ("surrogateescape", "backslashreplace"))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code: object = main(words)
        except SystemExit as end:
            code = end.code
        out.flush()
        err.flush()
    texts = (stream.buffer.getvalue().decode("utf-8", "surrogateescape") for stream in (out, err))  # type: ignore[attr-defined]
    return Said(code, *texts)


def judged(words: Sequence[str], folder: Path, case: str = "") -> Seen:
    """Call with `words` in `folder`, and say what came of it."""
    emptied(folder)
    before, start = outside(folder), time.monotonic()
    try:
        with chdir(folder):
            said = call(words)
        outcome, told = outcome_of(said)
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is what is looked for
        outcome, told = "mistake of ours", repr(fault)
    seconds = time.monotonic() - start
    if outside(folder) != before:
        outcome, told = "wrote elsewhere", ""
    return Seen(case, outcome, f"{told}    {words}", seconds, not re.fullmatch(r"exit \d", outcome))


def outcome_of(said: Said) -> tuple[str, str]:
    """The outcome, and the sentence that came with it."""
    lines = said.err.splitlines()
    last = lines[-1] if lines else ""
    if said.code not in CODES:
        return "unknown code", str(said.code)
    if said.code and not is_sentence(last):
        return "bad sentence", said.err[-1000:]
    if "Traceback" in said.err or "Warning:" in said.err:
        return "noise", said.err[-1000:]
    return f"exit {said.code}", last


def is_sentence(line: str) -> bool:
    """Whether a complaint says something to who typed the arguments."""
    return len(line) > 10 and line.isprintable() and not PROGRAM.search(line)


def repeat(case: str) -> Seen:
    """The arguments of that number, in a folder of their own; here a call that takes long fails as well."""
    with tempfile.TemporaryDirectory() as folder:
        return _in(filled(Path(folder)), case)


def cases(first: int) -> Iterator[Seen]:
    """Calls without an end."""
    with tempfile.TemporaryDirectory() as folder:
        filled(Path(folder))
        yield from numbered(partial(_in, Path(folder)), first)


def _in(folder: Path, case: str) -> Seen:
    seen = judged(arguments(random.Random(f"{SEED}/{case}")), folder, case)
    slow = seen.seconds > LONGEST
    return Seen(case, "slow" if slow else seen.outcome, seen.words, seen.seconds, slow or seen.failed)


PART = Part(
    "calls",
    f"each ends with exit code {', '.join(map(str, CODES))}, a failure with a sentence, in under {LONGEST:.0f} s; "
    "nothing is written elsewhere than asked",
    200.0,
    cases,
    repeat,
)
