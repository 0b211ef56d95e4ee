"""What the steps of the family noise are compared with."""

from tests.oracles.oracle import Oracle

ORACLES: tuple[Oracle, ...] = ()
