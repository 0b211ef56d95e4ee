"""What the README shows is what the program gives."""

import re
from pathlib import Path

from docs.depth_table import table
from prep_core.recipe import Recipe
from prep_core.steps import STEPS
from prep_ui.tune.step_menu import FAMILIES

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_depth_table_is_the_one_measured_here() -> None:
    shown = README.split("<!-- depth table: begin -->\n")[1].split("<!-- depth table: end -->")[0]
    assert shown == table()


def test_the_recipe_is_a_recipe() -> None:
    text = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert text is not None
    assert [line.step for line in Recipe.from_yaml(text.group(1)).lines] == ["magnitude", "decibel", "clip", "zscore"]


def test_the_steps_are_counted_and_every_family_is_named() -> None:
    (row,) = re.findall(r"^\| steps \| (.*) \|$", README, re.MULTILINE)
    assert row.startswith(f"{len(STEPS)} in {len(FAMILIES)} families: ")
    assert all(f"{FAMILIES[family].lower()} (" in row for family in FAMILIES)
    named = set(re.findall(r"\w+", row))
    assert {step.family for step in STEPS.values() if step.name in named} == set(FAMILIES)
