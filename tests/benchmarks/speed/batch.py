"""Scans a second, and memory, of a batch by one worker and by two."""

from collections.abc import Iterator

from tests.benchmarks.batch_throughput import measured
from tests.benchmarks.speed.figures import Figure, workers_in_words

SCANS = 1000


def figures() -> Iterator[Figure]:
    seconds, peaks = measured(SCANS)
    for workers, took in seconds.items():
        memory = ", ".join(f"{kind} {peak / 2**20:.0f} MiB" for kind, peak in sorted(peaks[workers].items()))
        what = f"apply on {SCANS} scans of 16 x 64 x 64, {workers_in_words(workers)}"
        yield Figure(what, (SCANS / took,), "scans/s", remark=f"resident at most: {memory}")
    yield Figure("2 workers over 1", (seconds[1] / seconds[2],), "times")
