"""Old recipes load for ever, and old numbers stay."""

from pathlib import Path

import numpy as np
import pytest

from prep_core.recipe import Recipe
from prep_core.steps import STEPS
from tests.goldens.inputs import results

HERE = Path(__file__).parent
RECIPES = {
    "every_step": (14, "3b8fa54e229f117b"),
    "oct_fitted": (4, "c3f50bca892333c0"),
    "n4_fitted": (2, "1c7d5ef6140a0280"),
}


def test_every_golden_recipe_is_listed_here() -> None:
    assert {path.stem for path in (HERE / "recipes").iterdir()} == set(RECIPES)


@pytest.mark.parametrize("name", RECIPES)
def test_old_recipes_load_and_mean_what_they_meant(name: str) -> None:
    recipe = Recipe.from_yaml((HERE / "recipes" / f"{name}.yaml").read_bytes())
    assert (len(recipe.lines), recipe.digest) == RECIPES[name]


def test_every_step_has_a_golden() -> None:
    with np.load(HERE / "steps.npz") as goldens:
        assert set(goldens.files) == set(STEPS)


@pytest.mark.parametrize("name", STEPS)
def test_steps_give_the_golden_values(name: str) -> None:
    with np.load(HERE / "steps.npz") as goldens:
        golden = goldens[name]
    result = results()[name]
    assert result.dtype == golden.dtype
    # Other processors and library versions may round the last bit of a logarithm or a spline otherwise.
    np.testing.assert_allclose(result, golden, rtol=1e-5, atol=1e-6)
