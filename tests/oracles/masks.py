"""What the steps of the family masks are compared with."""

from tests.oracles.oracle import Oracle

ORACLES: tuple[Oracle, ...] = ()
