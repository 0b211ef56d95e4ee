"""Worker processes of this machine: answers, errors, deaths, threads."""

import os
import signal
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from prep_core.engine import Lost, Processes
from prep_core.engine.serving import packed
from prep_core.engine.threads import VARIABLES, inherited, share
from prep_core.engine.worker import Worker, in_words
from tests.engine import tasks


def test_every_item_is_answered_at_its_place(two: Processes) -> None:
    assert dict(two.each(tasks.square, iter(range(50)))) == {n: n * n for n in range(50)}


def test_nothing_is_answered_with_nothing(two: Processes) -> None:
    assert list(two.each(tasks.square, [])) == []


def test_all_workers_work_and_stay_for_the_next_task(two: Processes) -> None:
    first = {answer for _, answer in two.each(tasks.slow_process_id, range(8))}
    assert len(first) == 2
    assert os.getpid() not in first
    assert {answer for _, answer in two.each(tasks.slow_process_id, range(8))} == first


def test_a_task_of_megabytes_travels_with_its_answers(two: Processes) -> None:
    large = np.arange(1 << 19, dtype=np.float64)
    for place, answer in two.each(tasks.TimesLarge(large), range(6)):
        assert isinstance(answer, np.ndarray)
        assert np.array_equal(answer, large * place)


def test_what_a_task_raises_is_raised_here_and_says_where(two: Processes) -> None:
    with pytest.raises(ValueError, match=r"^seven is refused") as caught:
        list(two.each(tasks.refuse_seven, range(40)))
    assert "refuse_seven" in caught.value.__notes__[0]
    assert dict(two.each(tasks.square, range(3))) == {0: 0, 1: 1, 2: 4}


def test_an_error_that_cannot_travel_is_told_in_words(two: Processes) -> None:
    with pytest.raises(RuntimeError, match=r"cannot be sent as it is: (.|\n)*Odd: 1 and 2"):
        list(two.each(tasks.raise_odd, [0]))


def test_an_answer_that_cannot_travel_is_an_error(two: Processes) -> None:
    with pytest.raises(Exception, match=r"answer_what_cannot_travel.*lambda"):
        list(two.each(tasks.answer_what_cannot_travel, [0]))


def test_an_abandoned_iteration_leaves_nothing_to_the_next(two: Processes) -> None:
    some = two.each(tasks.slow_process_id, range(30))
    next(some)
    assert dict(two.each(tasks.square, range(10))) == {n: n * n for n in range(10)}
    with pytest.raises(RuntimeError, match="its engine was ended or used again"):
        list(some)


def test_the_item_that_kills_its_process_is_lost_and_the_others_are_done(two: Processes) -> None:
    answers = dict(two.each(tasks.die_of_three, range(12)))
    assert answers.pop(3) == Lost(
        "its worker process was killed by signal 9 (SIGKILL), most likely because memory ran out"
    )
    assert answers == {n: n for n in range(12) if n != 3}


@pytest.mark.parametrize(
    ("exitcode", "words"),
    [
        (5, "its worker process ended by itself (exit status 5)"),
        (0, "its worker process ended by itself (exit status 0)"),
        (-11, "its worker process was killed by signal 11 (SIGSEGV)"),
        (-9, "its worker process was killed by signal 9 (SIGKILL), most likely because memory ran out"),
    ],
)
def test_the_end_of_a_process_is_told_in_words(exitcode: int, words: str) -> None:
    assert in_words(exitcode) == words


def test_a_worker_that_died_at_rest_is_no_try(two: Processes, tmp_path: Path) -> None:
    for pid in {answer for _, answer in two.each(tasks.slow_process_id, range(8))}:
        assert isinstance(pid, int)
        kill_and_leave(psutil.Process(pid))
    # Kills its process at the first try, and would be lost if the dead worker had counted as that.
    assert dict(two.each(tasks.DiesOnce(0, tmp_path), [0])) == {0: 0}
    assert (tmp_path / "0").exists()


def kill_and_leave(process: psutil.Process) -> None:
    """Kill a process, and leave its exit status to whoever started it."""
    process.kill()
    deadline = time.monotonic() + 300
    # Its main thread is a zombie before its other threads are gone; only then has it ended for whoever started it.
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_interrupt_does_not_end_a_worker(two: Processes) -> None:
    workers = {answer for _, answer in two.each(tasks.interrupt_oneself, range(12))}
    assert len(workers) <= 2
    assert not any(isinstance(worker, Lost) for worker in workers)


def test_an_interrupt_does_not_end_a_worker_that_starts(two: Processes) -> None:
    # Its start brings a helper of spawned processes with it, once.
    list(two.each(tasks.square, [0]))
    before = psutil.Process().children()
    worker = Worker(1)
    (process,) = set(psutil.Process().children()) - set(before)
    process.send_signal(signal.SIGINT)
    worker.give(packed(tasks.square), 4, 3)
    assert worker.answers() == [(4, 9)]
    worker.dismiss()
    assert not process.is_running()


def test_no_process_is_left_at_the_end() -> None:
    with Processes(1) as engine:
        ((_, pid),) = engine.each(tasks.process_id, [0])
        assert isinstance(pid, int)
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)


def test_libraries_of_a_worker_have_its_share_of_the_processors(two: Processes) -> None:
    fair = share(2)
    ((_, answer),) = two.each(tasks.threads, [0])
    assert not isinstance(answer, Lost)
    assert answer == (fair, dict.fromkeys(VARIABLES, str(fair)))


def test_a_share_is_at_least_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    assert [share(workers) for workers in (1, 2, 3, 8, 100)] == [8, 4, 2, 1, 1]


def test_the_environment_is_as_before_and_fewer_threads_that_the_user_set_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.setenv("MKL_NUM_THREADS", "many")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    before = dict(os.environ)
    with inherited(4):
        assert [os.environ[f"{name}_NUM_THREADS"] for name in ("OMP", "MKL", "OPENBLAS")] == ["2", "4", "4"]
    assert dict(os.environ) == before


def test_fewer_workers_than_one_are_refused() -> None:
    with pytest.raises(ValueError, match="workers must be 1 or more, got 0"):
        Processes(0)
