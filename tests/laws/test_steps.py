"""Laws that every step keeps, whatever it does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.line import Line
from prep_core.preview import preview, resolve, whole_lines
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply, fit
from prep_core.scan import Scan
from prep_core.steps import STEPS, Step
from tests.strategies import lines, recipes, unit_scan, wild_scan
from tests.suited import SUITED, ready, result_of, suited_scan

every_step = pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
FREE = [step for step in STEPS.values() if len(step.population.get("over", ())) == 2]
every_step_of_either_population = pytest.mark.parametrize("step", FREE, ids=[step.name for step in FREE])


def result_or_reason(line: Line, scan: Scan) -> Scan | None:
    """The result; None where the line says in a sentence why there is none."""
    try:
        return result_of(line, scan)
    except StepError as error:
        assert str(error).startswith(f"line 1: {line.step} ")
        return None


@given(recipe=recipes())
def test_yaml_round_trip_is_exact(recipe: Recipe) -> None:
    assert Recipe.from_yaml(recipe.to_yaml()) == recipe


@every_step
@given(data=st.data())
def test_result_is_finite_for_every_legal_parameter(step: Step, data: st.DataObject) -> None:
    result = result_or_reason(data.draw(lines(step, population=False)), suited_scan(step.name))
    if result is None:
        assert step.population or step.domain == "volume", "only what is measured can have no answer"
        return
    assert result.data.dtype == np.float32
    assert np.isfinite(result.data[result.valid]).all()


@every_step
@given(data=st.data())
def test_wild_values_give_a_finite_result_or_a_reason(step: Step, data: st.DataObject) -> None:
    result = result_or_reason(data.draw(lines(step, population=False)), wild_scan())
    assert result is None or np.isfinite(result.data[result.valid]).all()


@every_step
def test_same_input_gives_same_bytes_and_stays_untouched(step: Step) -> None:
    scan = suited_scan(step.name)
    before = scan.data.tobytes()
    first, second = (result_of(Line(step.name), scan) for _ in range(2))
    assert first.data.tobytes() == second.data.tobytes()
    assert scan.data.tobytes() == before
    assert not first.data.flags.writeable


@every_step
@pytest.mark.parametrize(
    "odd",
    [
        Scan(np.full((2, 9, 9), 0.5, np.float32), "ZYX", spacing_known=True),
        Scan(np.full((1, 1), 0.5, np.float32), "YX", spacing_known=True),
        Scan(np.full((5, 6), np.nan, np.float32), "YX", spacing_known=True),
        replace(unit_scan(), mask=np.zeros((3, 20, 24), bool)),
    ],
    ids=["constant", "one voxel", "all NaN", "empty mask"],
)
@pytest.mark.parametrize("inside", ["all", "foreground", "mask"])
def test_odd_images_give_a_result_or_a_reason(step: Step, odd: Scan, inside: str) -> None:
    choices = step.population.get("inside", ())
    line = Line(step.name, inside=inside if inside in choices else "")
    result = result_or_reason(line, odd)
    assert result is None or np.isfinite(result.data[result.valid]).all()


@every_step_of_either_population
@pytest.mark.parametrize("per", ["all", "channel", "frame", "plane"])
@pytest.mark.parametrize("inside", ["all", "positive", "foreground", "mask"])
def test_an_image_is_a_dataset_of_one(step: Step, per: str, inside: str) -> None:
    scan = unit_scan("TCZYX")
    per_image = apply(Recipe((Line(step.name, per=per, inside=inside),)), scan)
    frozen = fit(Recipe((Line(step.name, over="dataset", per=per, inside=inside),)), [scan])
    assert apply(frozen, scan).data.tobytes() == per_image.data.tobytes()
    assert Recipe.from_yaml(frozen.to_yaml(), frozen.arrays) == frozen


@every_step
@pytest.mark.parametrize("per", ["all", "channel", "plane"])
def test_preview_of_a_plane_equals_the_plane_of_the_result(step: Step, per: str) -> None:
    scan = suited_scan(step.name) if step.name in SUITED else unit_scan("CZYX")
    recipe = ready(Line(step.name, per=per if per in step.population.get("per", ()) else ""), scan)
    own = (*recipe.lines, Line("zscore"))
    full = apply(Recipe(own), scan)
    if whole_lines(own):
        scan = apply(recipe, scan)
        own = own[1:]
    at = {axis: min(i, scan.size(axis) - 1) for axis, i in (("C", 2), ("Z", 1)) if axis in scan.axes}
    *_, last = preview(resolve(own, scan, {}), at)
    assert last.scan.data.tobytes() == full.take(at).data.tobytes()


@every_step
def test_words_are_sentences(step: Step) -> None:
    assert step.help.endswith(".")
    for field in step.fields.values():
        assert field.p.help.endswith(".")
        assert field.type in (bool, str) or field.choices or field.p.limits, "every number has limits"


@pytest.mark.parametrize("name", [step.name for step in STEPS.values() if step.domain == "voxel"])
def test_padding_moves_nothing(name: str) -> None:
    scan = unit_scan()
    other = replace(scan, data=np.where(scan.valid, scan.data, np.float32(0.999)))
    recipe = ready(Line(name), scan)
    first, second = (apply(recipe, s) for s in (scan, other))
    assert np.array_equal(first.data[first.valid], second.data[second.valid])
