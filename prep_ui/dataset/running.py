"""Work on the scans of a set: counted in scans."""

from collections.abc import Callable
from typing import Any

from prep_core.fitting import Progress
from prep_ui.work import running
from prep_ui.work.job import Stage

Tell = Callable[[Progress], None]


def wanted(kind: str, key: str, scans: int, work: Callable[[Tell], Any]) -> Any | None:
    """As `running.answer`, for work that tells of how many scans it has seen in a pass.

    Parameters
    ----------
    scans : int
        How many there are to look at in one pass; 0 where nobody knows yet.
    """
    return running.answer(kind, key, lambda tell: work(lambda progress: tell(_stage(progress, scans))))


def _stage(progress: Progress, scans: int) -> Stage:
    what = progress.what if scans else f"{progress.what}: {progress.scans} read"
    return Stage(what, progress.scans, scans, "scans" if scans else "")
