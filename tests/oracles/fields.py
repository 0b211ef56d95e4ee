"""What the steps of the family fields are compared with."""

from tests.oracles.oracle import Oracle

ORACLES: tuple[Oracle, ...] = ()
