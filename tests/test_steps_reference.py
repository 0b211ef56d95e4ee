"""docs/steps.md says what the declarations say, and every step has a comparison and a picture."""

import io
import re

import pytest
from PIL import Image

from docs.steps_reference import FILE, PICTURES, text
from prep_core.steps import STEPS
from tests.oracles.catalogue import ORACLES

MEASURED = re.compile(r"\| -?\d\.\de[+-]\d\d \|$", re.MULTILINE)


def test_the_page_is_the_one_that_the_table_gives() -> None:
    """But for the differences measured, which another machine may find otherwise."""
    written, found = MEASURED.subn("| measured |", FILE.read_text("utf-8"))
    assert written == text(lambda oracle: "measured")
    assert found == len(ORACLES)


def test_every_step_has_an_oracle() -> None:
    assert {oracle.step for oracle in ORACLES} == set(STEPS)


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_a_picture(step: str) -> None:
    picture = Image.open(io.BytesIO((PICTURES / f"{step}.jpg").read_bytes()))
    assert picture.width > picture.height > 90


def test_no_picture_is_left_over() -> None:
    assert {path.stem for path in PICTURES.iterdir()} == set(STEPS)
