"""Compile all kernels now, so that no program has to: python -m prep_core.kernels."""

import os
import sys

from prep_core.kernels.loading import loaded


def main() -> None:
    """Beside a program that waits for it: what people wait for goes first."""
    if hasattr(os, "nice"):
        os.nice(10)
    sys.stdout.write(f"{len(loaded(aside=False))} kernels are compiled\n")


if __name__ == "__main__":
    main()
