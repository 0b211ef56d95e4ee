"""A Dask scheduler with two workers, each a process of its own: answers, errors, deaths, and what is refused."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from prep_core.engine import Cluster, EngineError, Lost
from prep_core.engine.alike import difference, sees, versions
from prep_core.engine.far_task import FarTask, done_there
from prep_core.versions import LIBRARIES, library_versions
from tests.engine import tasks


def test_every_item_is_answered_at_its_place(cluster: Cluster) -> None:
    assert dict(cluster.each(tasks.square, iter(range(30)))) == {n: n * n for n in range(30)}


def test_both_workers_work_and_neither_is_this_process(cluster: Cluster) -> None:
    at_work = {answer for _, answer in cluster.each(tasks.slow_process_id, range(12))}
    assert len(at_work) == 2
    assert os.getpid() not in at_work


def test_a_task_above_the_size_of_which_dask_warns_travels_with_its_answers(cluster: Cluster) -> None:
    large = np.arange(1 << 21, dtype=np.float64)
    for place, answer in cluster.each(tasks.TimesLarge(large), range(3)):
        assert isinstance(answer, np.ndarray)
        assert np.array_equal(answer, large * place)


def test_libraries_of_a_worker_have_as_many_threads_as_it(cluster: Cluster) -> None:
    for _, answer in cluster.each(tasks.threads, range(2)):
        assert not isinstance(answer, Lost)
        itk, told = answer
        assert itk == 1
        assert {told[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")} == {"1"}


def test_what_a_task_raises_is_raised_here_and_nothing_is_left(cluster: Cluster) -> None:
    with pytest.raises(ValueError, match=r"^seven is refused$"):
        list(cluster.each(tasks.refuse_seven, range(40)))
    assert dict(cluster.each(tasks.square, range(3))) == {0: 0, 1: 1, 2: 4}


def test_the_item_that_kills_its_worker_is_lost_and_the_others_are_done(cluster: Cluster) -> None:
    answers = dict(cluster.each(tasks.die_of_three, range(6)))
    lost = answers.pop(3)
    assert isinstance(lost, Lost)
    assert lost.why.startswith("its worker process died at every try, the last time at tcp://127.0.0.1:")
    assert answers == {n: n for n in range(6) if n != 3}


def test_a_worker_with_other_versions_refuses_its_first_task(cluster: Cluster) -> None:
    ours = FarTask(tasks.square, versions())
    assert cluster.client.submit(done_there, ours, 3, pure=False).result() == 9
    other = FarTask(tasks.square, {**versions(), "numpy": "1.0"})
    with pytest.raises(EngineError, match=rf"differs from this machine: numpy is {np.__version__} there and 1\.0 here"):
        cluster.client.submit(done_there, other, 3, pure=False).result()


def test_a_worker_with_other_versions_is_refused_before_work(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prep_core.engine.alike.library_versions", lambda: {**library_versions(), "SimpleITK": "2.0"})
    versions.cache_clear()
    try:
        with pytest.raises(
            EngineError, match=r"worker tcp://.*: SimpleITK is .* there and 2\.0 here; install the same"
        ):
            Cluster(address).__enter__()
    finally:
        versions.cache_clear()


def test_versions_are_all_that_can_change_a_byte() -> None:
    assert set(versions()) == {"python", *LIBRARIES, "the code of prep_core"}
    assert difference(versions(), versions()) == ""
    assert difference({"numpy": "1", "scipy": "2"}, {"scipy": "3"}) == (
        "numpy is missing there and 1 here, scipy is 3 there and 2 here"
    )


def test_a_folder_is_made_and_left_empty_when_all_workers_see_it(address: str, tmp_path: Path) -> None:
    with Cluster(address, [tmp_path / "new" / "out"]):
        assert list((tmp_path / "new" / "out").iterdir()) == []


def test_a_folder_counts_as_seen_only_with_the_file_just_written(tmp_path: Path) -> None:
    (tmp_path / "name").write_text("content")
    assert sees(str(tmp_path), "name", "content")
    assert not sees(str(tmp_path), "name", "of another machine")
    assert not sees(str(tmp_path / "elsewhere"), "name", "content")


def test_a_folder_that_workers_do_not_see_is_refused(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is written here is what the workers look for: without it they stand as if on another file system.
    monkeypatch.setattr(Path, "write_text", lambda *_: 0)
    with pytest.raises(EngineError, match=rf"worker tcp://.* does not see {tmp_path}, or may not write there; results"):
        Cluster(address, [tmp_path]).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_that_does_not_answer_is_told() -> None:
    with pytest.raises(
        EngineError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1 within 0\.2 s; start one"
    ):
        Cluster("tcp://127.0.0.1:1", seconds=0.2).__enter__()


def test_without_dask_the_complaint_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError, match=r"not installed; run pip install 'prep-core\[cluster\]'"):
        Cluster("tcp://127.0.0.1:1").__enter__()
