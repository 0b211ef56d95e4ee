"""The command `fit`: measure the dataset lines of a recipe on training scans, and freeze them."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from prep_core.batch import Row, TrainingFiles, Unreadable, rows_of
from prep_core.bundle import refuse_name, to_file_bytes
from prep_core.cli.options import answers_of, engine_of, opener_of, read_recipe
from prep_core.cli.outcome import ALL_FAILED, DONE, WRONG, CallError, complain, no_folder, write_output
from prep_core.cli.progress import Bar
from prep_core.cli.training import Training, folds_of_training, folds_text, training_of
from prep_core.cohort import Fold
from prep_core.fitting import Progress
from prep_core.recipe import Recipe
from prep_core.run import StepError, fit


@dataclass(frozen=True)
class Plan:
    """One recipe to be fitted: on whom, where it goes, and what is said before."""

    output: Path
    rows: tuple[Row, ...]
    told: str


def fit_recipe(options: argparse.Namespace) -> int:
    recipe = read_recipe(options.recipe)
    if not any(line.over == "dataset" for line in recipe.lines):
        return complain(WRONG, "nothing to fit: no line of the recipe says over: dataset")
    refuse_name(options.output, recipe)
    _refuse_place(Path(options.output))
    plans, beside = _planned(options)
    try:
        fitted = _fitted(recipe, plans, options)
    except Unreadable as error:
        return complain(ALL_FAILED, f"{error}; nothing was fitted: a training set must be whole")
    except StepError as error:
        return complain(ALL_FAILED, str(error))
    for path, text in beside.items():
        write_output(path, text.encode())
    for plan, one in zip(plans, fitted, strict=True):
        write_output(plan.output, to_file_bytes(one))
    return DONE


def _fitted(recipe: Recipe, plans: Sequence[Plan], options: argparse.Namespace) -> list[Recipe]:
    fitted = []
    with engine_of(options) as engine, Bar() as bar:
        for plan in plans:
            bar.tell(plan.told)
            training = TrainingFiles(plan.rows, opener_of(options), engine)
            fitted.append(fit(recipe, training, partial(_show, bar, len(plan.rows))))
            _tell_numbers(fitted[-1], bar)
    return fitted


def _planned(options: argparse.Namespace) -> tuple[Sequence[Plan], Mapping[Path, str]]:
    """What is fitted, and the texts that are written beside it."""
    output, answers, training = Path(options.output), answers_of(options), training_of(options)
    if options.fold is None:
        return [_whole(output, training, answers)], {}
    folds, are_dealt = folds_of_training(training, options.fold)
    beside = {output.with_suffix(".folds.csv"): folds_text(folds, output.parent)} if are_dealt else {}
    return list(_without_each(output, folds, training, answers)), beside


def _whole(output: Path, training: Training, answers: Mapping[str, Any]) -> Plan:
    rows = rows_of(training.entries, answers)
    return Plan(output, rows, f"{_to_fit_on(rows)}{f' ({training.told})' if training.told else ''}")


def _without_each(
    output: Path, folds: Sequence[Fold], training: Training, answers: Mapping[str, Any]
) -> Iterator[Plan]:
    for fold in folds:
        rows = rows_of(fold.training, answers)
        path = output.with_name(f"{output.stem}.fold{fold.number}{output.suffix}")
        listed = f" ({training.told})" if training.told else ""
        word = "" if fold.word == str(fold.number) else f", {fold.word}"
        told = f"fold {fold.number}{word}: {_to_fit_on(rows)}, {len(fold.left_out)} left out{listed}"
        yield Plan(path, rows, told)


def _to_fit_on(rows: Sequence[Row]) -> str:
    return f"{len(rows)} scan{'s' * (len(rows) != 1)} to fit on"


def _refuse_place(output: Path) -> None:
    """Complain about a folder that is not there before anything is measured, not after."""
    if not output.absolute().parent.is_dir():
        raise CallError(no_folder(output))


def _show(bar: Bar, rows: int, progress: Progress) -> None:
    # A file may hold several scans, and how many is not known before it is read.
    bar.show(progress.scans, max(rows, progress.scans), what=progress.what)


def _tell_numbers(fitted: Recipe, bar: Bar) -> None:
    for i, line in enumerate(fitted.lines, start=1):
        if line.fitted:
            images = {name: " x ".join(map(str, array.data.shape)) for name, array in line.fitted.arrays.items()}
            numbers = ", ".join(f"{name} {value}" for name, value in {**line.fitted.numbers, **images}.items())
            bar.tell(f"line {i}: {line.step} {numbers} ({line.fitted.scans} scans, {line.fitted.voxels} voxels)")
