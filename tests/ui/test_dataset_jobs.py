"""Work beside the session: progress, an answer, a fault, and a stop at the next scan."""

import gc
from threading import Event

import pytest

from prep_core.fitting import Progress
from prep_ui.dataset.job import Cancelled, Job, Tell
from prep_ui.dataset.kept import MOST_KNOWN, Dataset


class Owner:
    """Stands for a session."""


def test_the_answer_and_the_progress_are_those_of_the_work() -> None:
    def work(tell: Tell) -> int:
        tell(Progress("counting", 2))
        return 7

    owner = Owner()
    job = Job("key", work, 2, owner)
    assert job.wait(10)
    assert (job.result(), job.now, job.finished) == (7, Progress("counting", 2), True)


def test_a_fault_is_raised_where_the_answer_is_asked_for() -> None:
    def work(tell: Tell) -> None:
        raise ValueError("line 1: no answer")

    owner = Owner()
    job = Job("key", work, 1, owner)
    assert job.wait(10)
    with pytest.raises(ValueError, match="line 1: no answer"):
        job.result()


@pytest.mark.parametrize("leaves", [True, False], ids=["the session ended", "cancelled"])
def test_work_stops_at_the_next_scan(leaves: bool) -> None:
    looked, go = Event(), Event()
    seen = []

    def work(tell: Tell) -> None:
        for i in range(3):
            tell(Progress("looking", i))
            seen.append(i)
            looked.set()
            assert go.wait(10)

    owners = [Owner()]
    job = Job("key", work, 3, owners[0])
    assert looked.wait(10)
    assert not job.wait(0)
    if leaves:
        owners.clear()
        gc.collect()
    else:
        job.cancel()
    go.set()
    assert job.wait(10)
    with pytest.raises(Cancelled):
        job.result()
    assert seen == [0]


def test_old_results_make_room() -> None:
    dataset = Dataset()
    for i in range(MOST_KNOWN + 3):
        dataset.remember(str(i), i)
    assert len(dataset.known) == MOST_KNOWN
    assert next(iter(dataset.known)) == "3"
