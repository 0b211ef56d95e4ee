"""One part of the suite, in a process of its own: python -m tests.benchmarks.speed.part NAME FILE [--quick]."""

import gc
import importlib
import json
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.benchmarks.speed.cases import Case, measured
from tests.benchmarks.speed.figures import Against, Figure, plain
from tests.benchmarks.speed.machine import about
from tests.benchmarks.speed.plan import PARTS


def main(name: str, file: Path, quick: bool) -> None:
    """Write the figures of the part called `name` as JSON into `file`; with `quick` of its smallest size alone."""
    # Peers warn of what comes in their next versions.
    warnings.simplefilter("ignore")
    part = PARTS[name]
    module, _, function = part.where.partition(":")
    measure = getattr(importlib.import_module(f"tests.benchmarks.speed.{module}"), function)
    # Libraries of peers hold many objects; collecting garbage before each round would walk through them.
    gc.collect()
    gc.freeze()
    rows, figures = [], []
    for one in smallest(measure()) if quick else measure():
        for figure in measured(one) if isinstance(one, Case) else [one]:
            (rows if isinstance(figure, Against) else figures).append(plain(figure))
            sys.stderr.write(f"  {figure.words}\n")
    file.write_text(json.dumps({"machine": about(part.packages), "rows": rows, "figures": figures}), "utf-8")


def smallest(found: Iterable[Case | Figure]) -> Iterator[Case | Figure]:
    """What comes before the second size; the first is the smallest."""
    first = ""
    for one in found:
        if isinstance(one, Case):
            first = first or one.size
            if one.size != first:
                return
        yield one


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), "--quick" in sys.argv[3:])
