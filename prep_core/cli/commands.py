"""The commands that tell: what steps there are, and what scans are.  Each answers with an exit code."""

import argparse
import sys
from typing import Any

from prep_core.batch import Found, loaded
from prep_core.cli.options import answers_of, reader_of
from prep_core.cli.outcome import DONE, WRONG, complain, exit_code, tell
from prep_core.inspection import Summary, inspect
from prep_core.provenance import to_json
from prep_core.steps import STEPS
from prep_core.wording import step_record, step_text, summary_text


def show_steps(options: argparse.Namespace) -> int:
    if options.name and options.name not in STEPS:
        return complain(WRONG, f"unknown step {options.name!r}; there are {', '.join(STEPS)}")
    steps = [STEPS[options.name]] if options.name else list(STEPS.values())
    if options.json:
        sys.stdout.write(to_json([step_record(step) for step in steps]))
    else:
        sys.stdout.write("\n".join(step_text(step, bool(options.name)) for step in steps) + "\n")
    return DONE


def inspect_scans(options: argparse.Namespace) -> int:
    records: dict[str, dict[str, Any]] = {}
    successes = []
    for found in loaded(options.path, reader_of(options), **answers_of(options)):
        record = records.setdefault(found.path, {"path": found.path, "ok": True, "error": None, "scans": []})
        summary = _summary(found)
        successes.append(isinstance(summary, Summary))
        if isinstance(summary, Summary):
            record["scans"].append(summary.plain())
            sys.stdout.write("" if options.json else summary_text(summary))
        else:
            errors = summary if record["ok"] else f"{record['error']}; {summary}"
            record.update(ok=False, error=errors)
            tell(summary)
    if options.json:
        sys.stdout.write(to_json(list(records.values())))
    return exit_code(successes)


def _summary(found: Found) -> Summary | str:
    """The scan in numbers, or the reason why there are none."""
    if found.scan is None:
        return found.error
    try:
        return inspect(found.scan)
    except ValueError as error:
        return str(error)
