"""python -m prep_core: the recipe without the screen.  Data goes to stdout, progress and complaints to stderr."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from prep_core.batch import Found, Outcome, apply_all, loaded
from prep_core.inspection import Summary, inspect
from prep_core.io import FORMATS, Answers, GuardedReader, Limits, RawForm, write_atomic
from prep_core.line import RecipeError
from prep_core.provenance import to_json
from prep_core.recipe import Recipe
from prep_core.run import StepError, fit
from prep_core.scan import Scan
from prep_core.steps import STEPS
from prep_core.wording import step_record, step_text, summary_text

DONE, WRONG, ALL_FAILED, SOME_FAILED, INTERRUPTED = 0, 2, 3, 8, 9


LIMITS = Limits(
    file_bytes=2**34,
    voxels=2**31,
    decoded_bytes=2**34,
    members=100_000,
    archive_bytes=2**34,
    seconds=600,
    memory_bytes=2**36,
)
"""A command line serves one person, who knows what is asked of the machine; a page serves many."""


class CallError(ValueError):
    """An option that says something impossible."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 wrong call or recipe, 3 all failed, 8 some, 9 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (RecipeError, CallError) as error:
        return _complain(WRONG, str(error))
    except OSError as error:
        return _complain(WRONG, f"cannot write {error.filename}: {error.strerror}")
    except KeyboardInterrupt:
        return _complain(INTERRUPTED, "interrupted; what is written is whole, and the same command goes on")
    return code


def _reading(run: Callable[[argparse.Namespace, GuardedReader], int]) -> Callable[[argparse.Namespace], int]:
    """A command that reads files of strangers, in a process of their own."""

    def command(options: argparse.Namespace) -> int:
        with GuardedReader(limits=_limits(options)) as reader:
            return run(options, reader)

    return command


def _steps(options: argparse.Namespace) -> int:
    if options.name and options.name not in STEPS:
        return _complain(WRONG, f"unknown step {options.name!r}; there are {', '.join(STEPS)}")
    steps = [STEPS[options.name]] if options.name else list(STEPS.values())
    if options.json:
        sys.stdout.write(to_json([step_record(step) for step in steps]))
    else:
        sys.stdout.write("\n".join(step_text(step, bool(options.name)) for step in steps) + "\n")
    return DONE


def _inspect(options: argparse.Namespace, reader: GuardedReader) -> int:
    records: dict[str, dict[str, Any]] = {}
    successes = []
    for found in loaded(options.path, reader.load, **_answers(options)):
        record = records.setdefault(found.path, {"path": found.path, "ok": True, "error": None, "scans": []})
        summary = _summary(found)
        successes.append(isinstance(summary, Summary))
        if isinstance(summary, Summary):
            record["scans"].append(summary.plain())
            sys.stdout.write("" if options.json else summary_text(summary))
        else:
            errors = summary if record["ok"] else f"{record['error']}; {summary}"
            record.update(ok=False, error=errors)
            _tell(summary)
    if options.json:
        sys.stdout.write(to_json(list(records.values())))
    return _exit_code(successes)


def _summary(found: Found) -> Summary | str:
    """The scan in numbers, or the reason why there are none."""
    if found.scan is None:
        return found.error
    try:
        return inspect(found.scan)
    except ValueError as error:
        return str(error)


def _check(options: argparse.Namespace) -> int:
    recipe = _recipe(options.recipe)
    note = f"; waits for fit: line {', '.join(map(str, recipe.waiting))}" if recipe.waiting else ""
    sys.stdout.write(f"valid: {len(recipe.lines)} lines, digest {recipe.digest}{note}\n")
    return DONE


def _fit(options: argparse.Namespace, reader: GuardedReader) -> int:
    recipe = _recipe(options.recipe)
    if not any(line.over == "dataset" for line in recipe.lines):
        return _complain(WRONG, "nothing to fit: no line of the recipe says over: dataset")
    scans: list[Scan] = []
    for found in loaded(options.path, reader.load, **_answers(options)):
        if found.scan is None:
            return _complain(ALL_FAILED, f"{found.error}; nothing was fitted: a training set must be whole")
        scans.append(found.scan)
    try:
        fitted = fit(recipe, scans)
    except StepError as error:
        return _complain(ALL_FAILED, str(error))
    write_atomic(Path(options.output), fitted.to_yaml().encode())
    for i, line in enumerate(fitted.lines, start=1):
        if line.fitted:
            numbers = ", ".join(f"{name} {value}" for name, value in line.fitted.numbers.items())
            _tell(f"line {i}: {line.step} {numbers} ({line.fitted.scans} scans, {line.fitted.voxels} voxels)")
    return DONE


def _apply(options: argparse.Namespace, reader: GuardedReader) -> int:
    recipe = _recipe(options.recipe)
    if recipe.waiting:
        i = recipe.waiting[0]
        step = recipe.lines[i - 1].step
        raise RecipeError(f"line {i}: {step} is measured over a dataset; fit the recipe on the training scans first")
    outcomes: list[Outcome] = []
    folder = Path(options.output)
    answers = _answers(options)
    for outcome in apply_all(recipe, options.path, folder, options.format, options.resume, reader.load, **answers):
        outcomes.append(outcome)
        _tell(
            f"failed: {outcome.error}" if outcome.error else f"kept: {outcome.file}" if outcome.kept else outcome.file
        )
    return _exit_code([outcome.ok for outcome in outcomes])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m prep_core", description="Preprocessing recipes, replayed exactly.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    steps = _command(commands, "steps", _steps, "every step, or one with its parameters, limits and units")
    steps.add_argument("name", nargs="?", metavar="NAME")
    steps.add_argument("--json", action="store_true", help="as JSON")
    look = _command(commands, "inspect", _reading(_inspect), "what each scan is: shape, unit, range, decades, findings")
    look.add_argument("--json", action="store_true", help="as JSON")
    check = _command(commands, "check", _check, "0 if the recipe is valid, else the complaint")
    measure = _command(commands, "fit", _reading(_fit), "measure dataset lines on these training scans and freeze them")
    run = _command(commands, "apply", _reading(_apply), "write every scan, processed, with its provenance")
    for command in (check, measure, run):
        command.add_argument("recipe", metavar="RECIPE", help="a recipe file (YAML)")
    for command in (look, measure, run):
        command.add_argument("path", nargs="+", metavar="PATH", help="a file, a folder or an archive")
        _add_answers(command)
    measure.add_argument("-o", "--output", required=True, metavar="RECIPE", help="where the fitted recipe goes")
    run.add_argument("-o", "--output", required=True, metavar="DIR", help="where the results go")
    run.add_argument("--resume", action="store_true", help="keep results that are there and were made in the same way")
    run.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="default: %(default)s")
    return parser


def _command(commands: Any, name: str, run: Any, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(run=run)
    return parser


def _add_answers(parser: argparse.ArgumentParser) -> None:
    told = parser.add_argument_group("what a file cannot tell, and what it may cost")
    told.add_argument("--axes", help="axes of an array, in its own order: ZYX, TYX, CYX, YXC, ...")
    told.add_argument("--spacing", type=_spacing, metavar="Z,Y,X", help="voxel size in mm")
    told.add_argument("--unit", help="unit of the values: HU, dB, a.u., ...")
    told.add_argument("--modality", help="DICOM code: CT, MR, CR, US, OPT, MIC, MSI, AST, ...")
    told.add_argument("--part", help="which array of a file that holds several, by its name there")
    told.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="raise or lower a limit that an error names; may be repeated",
    )
    told.add_argument(
        "--raw",
        metavar="TYPE:ZxYxX[:little|big][:HEADER]",
        help="what bare numbers are: type, lengths (the slowest axis first), byte order (default: little), and bytes "
        "of header to leave out; int16:44x256x256, or float32:512x512:big:1024",
    )


def _spacing(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(","))


def _answers(options: argparse.Namespace) -> dict[str, Any]:
    """What the user says of all scans, checked before the first is read."""
    told = {name: getattr(options, name) for name in ("axes", "spacing", "unit", "modality", "part")}
    try:
        told["raw"] = RawForm.parse(options.raw) if options.raw else None
        Answers(**told)
    except ValueError as error:
        raise CallError(str(error)) from None
    return told


def _limits(options: argparse.Namespace) -> Limits:
    try:
        return LIMITS.with_words(options.limit)
    except ValueError as error:
        raise CallError(str(error)) from None


def _recipe(path: str) -> Recipe:
    try:
        return Recipe.from_yaml(Path(path).read_bytes())
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror}") from None


def _exit_code(successes: list[bool]) -> int:
    if all(successes):
        return DONE
    return SOME_FAILED if any(successes) else ALL_FAILED


def _complain(code: int, words: str) -> int:
    _tell(words)
    return code


def _tell(words: str) -> None:
    sys.stderr.write(words + "\n")
