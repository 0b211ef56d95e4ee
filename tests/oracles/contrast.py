"""What the steps of the family contrast are compared with."""

from tests.oracles.oracle import Oracle

ORACLES: tuple[Oracle, ...] = ()
