"""The commands on scans and recipes: each takes the options and answers with an exit code."""

import argparse
import sys
from pathlib import Path
from typing import Any

from prep_core.batch import Found, Outcome, apply_all, loaded
from prep_core.bundle import refuse_name, to_file_bytes
from prep_core.cli.options import answers_of, read_recipe
from prep_core.cli.outcome import ALL_FAILED, DONE, WRONG, complain, exit_code, tell
from prep_core.inspection import Summary, inspect
from prep_core.io import GuardedReader, write_atomic
from prep_core.line import RecipeError
from prep_core.provenance import to_json
from prep_core.run import StepError, fit
from prep_core.scan import Scan
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


def inspect_scans(options: argparse.Namespace, reader: GuardedReader) -> int:
    records: dict[str, dict[str, Any]] = {}
    successes = []
    for found in loaded(options.path, reader.load, **answers_of(options)):
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


def fit_recipe(options: argparse.Namespace, reader: GuardedReader) -> int:
    recipe = read_recipe(options.recipe)
    if not any(line.over == "dataset" for line in recipe.lines):
        return complain(WRONG, "nothing to fit: no line of the recipe says over: dataset")
    refuse_name(options.output, recipe)
    scans: list[Scan] = []
    for found in loaded(options.path, reader.load, **answers_of(options)):
        if found.scan is None:
            return complain(ALL_FAILED, f"{found.error}; nothing was fitted: a training set must be whole")
        scans.append(found.scan)
    try:
        fitted = fit(recipe, scans)
    except StepError as error:
        return complain(ALL_FAILED, str(error))
    write_atomic(Path(options.output), to_file_bytes(fitted))
    for i, line in enumerate(fitted.lines, start=1):
        if line.fitted:
            images = {name: " x ".join(map(str, array.data.shape)) for name, array in line.fitted.arrays.items()}
            numbers = ", ".join(f"{name} {value}" for name, value in {**line.fitted.numbers, **images}.items())
            tell(f"line {i}: {line.step} {numbers} ({line.fitted.scans} scans, {line.fitted.voxels} voxels)")
    return DONE


def apply_recipe(options: argparse.Namespace, reader: GuardedReader) -> int:
    recipe = read_recipe(options.recipe)
    if recipe.waiting:
        i = recipe.waiting[0]
        step = recipe.lines[i - 1].step
        raise RecipeError(f"line {i}: {step} is measured over a dataset; fit the recipe on the training scans first")
    outcomes: list[Outcome] = []
    folder = Path(options.output)
    answers = answers_of(options)
    for outcome in apply_all(recipe, options.path, folder, options.format, options.resume, reader.load, **answers):
        outcomes.append(outcome)
        tell(f"failed: {outcome.error}" if outcome.error else f"kept: {outcome.file}" if outcome.kept else outcome.file)
    return exit_code([outcome.ok for outcome in outcomes])
