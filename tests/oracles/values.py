"""What the steps of the family values are compared with."""

from tests.oracles.oracle import Oracle

ORACLES: tuple[Oracle, ...] = ()
