"""Damaged files of every format, recipes of strangers, arguments that nobody means, and hands that try every widget:
each must end as a result or as one sentence. A crash of a decoder happens in the child process, which is replaced, and
the file is refused. What was tried is kept in docs/reliability/fuzzing.jsonl, a minute a line; `python -m tests.fuzz`
goes on with it part by part, and a case that ever failed is tried again each time.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.fuzz.__main__ import KEPT
from tests.fuzz.kept import Stretch, go_on, stretches
from tests.fuzz.part import Part
from tests.fuzz.parts import PARTS, said
from tests.reliability.figure import Figure
from tests.reliability.hostile_corpus import corpus_figures

MANY = 4
"""Outcomes that are told."""

WORDS: Mapping[str, str] = {
    "scans": "read",
    "crash": "made their decoder crash in its child and were refused",
}
"""What an outcome is called here, where that is another word."""


def figures(told: Callable[[str], None], kept: Path = KEPT, parts: Mapping[str, Part] = PARTS) -> list[Figure]:
    """The hostile corpus, then each part for as long as is missing."""
    found = corpus_figures(told)
    for name, part in parts.items():
        for seen in go_on(kept, name, part):
            told(said(name, seen))
        found.append(figure_of(name, part, stretches(kept, name)))
        told(f"{name}: {found[-1].measured}")
    return found


def figure_of(name: str, part: Part, done: Sequence[Stretch]) -> Figure:
    """What `done` comes to; a case that failed once counts by what it comes to now."""
    seconds, count = sum(each.seconds for each in done), sum(each.count for each in done)
    outcomes = sum((Counter(each.outcomes) for each in done), Counter[str]())
    failed = [case for each in done for case in each.failed]
    still = [case for case in failed if part.repeat(case).failed]
    slowest = max((each.slowest for each in done), default=0.0)
    parts = [f"{number:,} {WORDS.get(outcome, outcome)}" for outcome, number in outcomes.most_common(MANY)]
    mended = [f"{len(failed) - len(still)} failed once and no more"] if len(failed) > len(still) else []
    failures = f"{len(still)} failed" + (f" ({', '.join(still[:3])})" if still else "")
    measured = ", ".join(
        (f"{count:,} in {seconds:.0f} s", *parts, f"the slowest took {slowest:.1f} s", *mended, failures)
    )
    holds = not still and count > 0 and seconds >= part.seconds - 1
    return Figure(f"{name}: {part.what} for {part.seconds:.0f} s", part.asked, measured, holds)
