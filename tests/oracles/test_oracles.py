"""Every step against an implementation that is not ours, with the tolerance that docs/steps.md states."""

import math

import pytest

from tests.oracles.catalogue import ORACLES
from tests.oracles.oracle import Oracle


@pytest.mark.parametrize("oracle", ORACLES, ids=[f"{oracle.step}: {oracle.against}" for oracle in ORACLES])
def test_a_step_agrees_with_its_oracle(oracle: Oracle) -> None:
    difference = oracle.difference()
    assert math.isfinite(difference)
    assert difference <= oracle.tolerance
