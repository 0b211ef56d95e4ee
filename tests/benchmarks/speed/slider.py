"""What the server computes when a slider moves: one plane of 512^3, by the functions that the dashboard calls."""

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from prep_core import Scan
from prep_core.line import Line
from prep_ui.work.compute import grey_range, pixels
from prep_ui.work.plane_run import Known, on_plane, prepared
from prep_ui.work.results import Results
from prep_ui.work.running import BUDGET, MOST
from tests.benchmarks.speed.arrays import ct, oct_intensity, scan_of
from tests.benchmarks.speed.figures import Figure

SIDE = 512
MOVES, WARM_UP = 30, 3
LIMIT = 10.0


@dataclass(frozen=True)
class Move:
    """A slider: the lines for each of its places."""

    name: str
    lines: Callable[[int], tuple[Line, ...]]
    limit: float | None = LIMIT
    remark: str = ""


OF_INTEGERS = (
    Move("centre of window, int16", lambda i: (_line("window", center=40.0 + i, width=400.0),)),
    Move(
        "upper percentile of percentile_rescale, int16: a new number each time",
        lambda i: (_line("percentile_rescale", low=1.0, high=99.0 + i / 100),),
    ),
    Move(
        "gamma below two lines, int16",
        lambda i: (
            _line("percentile_clip", low=0.5, high=99.5),
            _line("percentile_rescale", low=0.0, high=100.0),
            _line("gamma", gamma=0.5 + i / 100),
        ),
    ),
)
OF_FLOATS = (
    Move("floor of decibel, float32", lambda i: (_line("decibel", floor_db=-80.0 - i),)),
    Move(
        "clip limit of clahe, engine fast, below decibel, float32",
        lambda i: (
            _line("decibel", floor_db=-60.0),
            _line("clahe", engine="fast", clip_limit=0.005 + i / 1000, input_range="fixed", in_low=-60.0, in_high=0.0),
        ),
    ),
    Move(
        "upper percentile of percentile_rescale, float32: a new number each time",
        lambda i: (_line("percentile_rescale", low=1.0, high=99.0 + i / 100),),
        limit=None,
        remark="a new number of floats takes a pass over the volume",
    ),
)


def figures() -> Iterator[Figure]:
    for scan, moves in ((_scan(ct(SIDE)), OF_INTEGERS), (_scan(oct_intensity(SIDE)), OF_FLOATS)):
        for move in moves:
            values = tuple(1000 * seconds for seconds in _moved(scan, move))
            yield Figure(f"slider, {SIDE}^3: {move.name}", values, "ms of CPU", move.limit, move.remark)


def _moved(scan: Scan, move: Move) -> list[float]:
    """Seconds of processor, of all threads, for each place of the slider."""
    known: Known = {}
    results = Results(MOST, BUDGET)
    gc.collect()
    # As the dashboard does: what was there before is not looked through again.
    gc.freeze()
    seconds = []
    for i in range(WARM_UP + MOVES):
        start = time.process_time()
        ready = prepared("speed", scan, move.lines(i), known, results, lambda stage: None)
        shown = on_plane(ready, scan, {"Z": SIDE // 2})
        if shown.error:
            raise shown.error
        after = shown.done[-1].done.scan
        grey_range(after)
        pixels(after)
        seconds.append(time.process_time() - start)
    return seconds[WARM_UP:]


def _line(step: str, **params: Any) -> Line:
    return Line(step, params)


def _scan(volume: Any) -> Scan:
    scan = scan_of(volume)
    # Looked at once when a scan is opened.
    assert scan.all_valid
    return scan
