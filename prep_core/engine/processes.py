"""Many tasks in processes of this machine."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import wait
from typing import Generic, Self, TypeVar

from prep_core.engine.engine import Lost
from prep_core.engine.rounds import Died, in_rounds
from prep_core.engine.serving import packed
from prep_core.engine.threads import share
from prep_core.engine.worker import Worker

Item = TypeVar("Item")
Answer = TypeVar("Answer")

AHEAD = 2
"""Items that a worker is given at most: the one it works on, and one that follows without a pause."""


class Processes:
    """Tasks in `workers` processes of this machine, which live until the block ends and share its processors.

    A task whose process dies is done again, alone; if it dies again the answer is `Lost`.  Use it in a `with` block; a
    program that does so in its main module needs ``if __name__ == "__main__":``, since workers import that module.

    Raises
    ------
    ValueError
        For fewer workers than one.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise ValueError(f"workers must be 1 or more, got {workers}")
        self._workers = workers
        self._staff: list[Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._dismiss(self._staff)

    def each(self, task: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[tuple[int, Answer | Lost]]:
        """See `Engine.each`.  One iteration at a time; what an abandoned one had begun is stopped."""
        self._dismiss([worker for worker in self._staff if worker.held])
        things = list(items)
        while len(self._staff) < min(self._workers, len(things)):
            self._staff.append(Worker(share(self._workers)))
        try:
            yield from in_rounds(_Crew[Item, Answer](self._staff, packed(task), share(self._workers)), things)
        finally:
            self._dismiss([worker for worker in self._staff if worker.held])

    def _dismiss(self, workers: Iterable[Worker]) -> None:
        for worker in list(workers):
            self._staff.remove(worker)
            worker.dismiss()


class _Crew(Generic[Item, Answer]):
    """The processes of `staff`, for one task; one that dies is replaced."""

    def __init__(self, staff: list[Worker], task: bytes, threads: int) -> None:
        self._staff = staff
        self._task = task
        self._threads = threads

    def has_room(self) -> bool:
        return any(len(worker.held) < AHEAD for worker in self._staff)

    def give(self, place: int, item: Item) -> None:
        worker = min(self._staff, key=lambda worker: len(worker.held))
        if worker.has_died_at_rest():
            worker = self._replaced(worker)
        worker.give(self._task, place, item)

    def answers(self) -> Sequence[tuple[int, Answer | Died]]:
        busy = [worker for worker in self._staff if worker.held]
        if not busy:
            raise RuntimeError("what this iteration had begun was stopped: its engine was ended or used again")
        ready = wait([worker.pipe for worker in busy])
        found: list[tuple[int, Answer | Died]] = []
        for worker in [worker for worker in busy if worker.pipe in ready]:
            answers = worker.answers()
            if any(isinstance(answer, Died) for _, answer in answers):
                self._replaced(worker)
            found += answers
        return found

    def _replaced(self, worker: Worker) -> Worker:
        self._staff[self._staff.index(worker)] = fresh = Worker(self._threads)
        worker.dismiss()
        return fresh
