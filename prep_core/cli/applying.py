"""The command `apply`: write every scan, processed, with its provenance."""

import argparse
from collections import Counter
from contextlib import closing
from pathlib import Path

from prep_core.batch import FolderError, Outcome, apply_all
from prep_core.cli.options import answers_of, engine_of, opener_of, read_recipe
from prep_core.cli.outcome import INTERRUPTED, CallError, complain, exit_code, tell
from prep_core.cli.progress import Bar
from prep_core.line import RecipeError
from prep_core.recipe import Recipe


def apply_recipe(options: argparse.Namespace) -> int:
    recipe = read_recipe(options.recipe)
    if recipe.waiting:
        i = recipe.waiting[0]
        step = recipe.lines[i - 1].step
        raise RecipeError(f"line {i}: {step} is measured over a dataset; fit the recipe on the training scans first")
    counts: Counter[str] = Counter()
    try:
        _apply(recipe, options, counts)
    except FolderError as error:
        raise CallError(str(error)) from None
    except KeyboardInterrupt:
        after = counts["done"] + counts["failed"]
        scans = "scan" if after == 1 else "scans"
        words = f"interrupted after {after} {scans}; what is written is whole; the same command with --resume goes on"
        return complain(INTERRUPTED, words)
    tell(_summary(counts, Path(options.output)))
    return exit_code([True] * min(1, counts["done"]) + [False] * min(1, counts["failed"]))


def _apply(recipe: Recipe, options: argparse.Namespace, counts: Counter[str]) -> None:
    """Work on all scans, and count what becomes of them."""
    read, answers, folder = opener_of(options), answers_of(options), Path(options.output)
    with engine_of(options, folder) as engine, Bar() as bar:
        outcomes = apply_all(
            recipe,
            options.path,
            folder,
            options.format,
            options.resume,
            read,
            engine,
            lambda done, of: bar.show(done, of, counts["failed"]),
            **answers,
        )
        with closing(outcomes):
            for outcome in outcomes:
                counts.update(_kinds(outcome))
                _tell(bar, outcome)


def _kinds(outcome: Outcome) -> list[str]:
    return ["done" if outcome.ok else "failed"] + ["warned"] * bool(outcome.warnings)


def _tell(bar: Bar, outcome: Outcome) -> None:
    if outcome.error:
        bar.tell(f"failed: {outcome.error}")
    elif not bar.is_drawn:
        bar.tell(f"kept: {outcome.file}" if outcome.kept else outcome.file)
    for warning in outcome.warnings:
        bar.tell(f"warning: {outcome.file}: {warning}")


def _summary(counts: Counter[str], folder: Path) -> str:
    warned = f", {counts['warned']} with warnings" if counts["warned"] else ""
    return f"{counts['done']} done, {counts['failed']} failed{warned}: see {folder / 'report.html'}"
