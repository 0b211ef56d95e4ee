"""Long work on the pages: what was computed is not computed again, and what runs can be watched, left and stopped."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import nibabel
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.batch import process
from prep_core.inspection import Summary
from prep_core.line import Line
from prep_core.run import Done
from prep_core.samples import SAMPLES, load_sample
from prep_core.scan import Scan
from prep_ui.recipe.applying import APPLIED
from prep_ui.session import state as sessions
from prep_ui.work import compute, plane_run, running
from tests.ui.dashboard import go, state, upload, words, work

Whole = Callable[..., Iterator[Done]]
SMOOTH = Line("gaussian", {"sigma": 1.0})


@pytest.fixture
def volume(app: AppTest) -> AppTest:
    """Tune with a small volume that has a place in space."""
    values = np.random.default_rng(0).normal(100, 9, (16, 16, 5)).astype(np.float32)
    upload(app, "mine.nii", nibabel.Nifti1Image(values, np.eye(4)).to_bytes())
    return go(app, "tune")


@pytest.fixture
def carried_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps of all lines that really ran on a whole scan for a picture."""
    steps: list[str] = []
    real: Whole = plane_run.whole

    def counted(*args: Any, **named: Any) -> Iterator[Done]:
        for done in real(*args, **named):
            steps.append(done.line.step)
            yield done

    monkeypatch.setattr(plane_run, "whole", counted)
    return steps


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Holds lines on whole scans back until it is set; the page has no patience meanwhile."""
    open_gate = Event()
    real: Whole = plane_run.whole

    def held(*args: Any, **named: Any) -> Iterator[Done]:
        assert open_gate.wait(30)
        yield from real(*args, **named)

    monkeypatch.setattr(plane_run, "whole", held)
    monkeypatch.setattr(running, "PATIENCE", 0.2)
    yield open_gate
    open_gate.set()


def add(app: AppTest, line: Line) -> AppTest:
    sessions.add_line(state(app), line)
    app.run()
    assert not app.exception
    return app


def has(app: AppTest, key: str) -> bool:
    return any(button.key == key for button in app.button)


def finish(app: AppTest, gate: Event, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page once everything came to its end."""
    gate.set()
    monkeypatch.setattr(running, "PATIENCE", 60.0)
    assert work(app).jobs["lines tune"].wait(30)
    return app.run()


def test_a_line_runs_once_on_the_whole_scan_whatever_is_looked_at_or_changed_below(
    volume: AppTest, carried_out: list[str]
) -> None:
    add(volume, SMOOTH)
    assert carried_out == ["gaussian"]
    state(volume).at["Z"] = 1
    volume.run()
    add(volume, Line("clip", {"low": 90.0, "high": 110.0}))
    go(go(go(volume, "inspect"), "compare"), "tune")
    assert carried_out == ["gaussian"]
    # A second line that looks beyond its plane begins where the first one ended.
    add(volume, SMOOTH)
    assert carried_out == ["gaussian", "clip", "gaussian"]
    sessions.undo(state(volume))
    sessions.redo(state(volume))
    volume.run()
    assert carried_out == ["gaussian", "clip", "gaussian"]


def test_applying_goes_on_below_what_the_pictures_needed_and_gives_the_same_bytes(
    volume: AppTest, carried_out: list[str]
) -> None:
    add(add(volume, SMOOTH), Line("zscore"))
    scan = sessions.current(state(volume))
    assert scan is not None
    go(volume, "recipe").button(key="recipe.apply").click().run()
    assert not volume.exception
    result = work(volume).jobs[APPLIED].result()
    fresh = process(sessions.recipe(state(volume)), scan, "nii.gz")
    assert (result.data, result.sidecar) == (fresh.data, fresh.sidecar)
    assert carried_out == ["gaussian"]


def test_a_scan_is_measured_once_for_all_pages(volume: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: Any) -> None:
        raise AssertionError("measured again")

    monkeypatch.setattr(compute, "inspect", never)
    for page in ("inspect", "header", "compare", "recipe", "tune"):
        go(volume, page)


def test_a_running_line_is_shown_and_another_slice_does_not_begin_it_anew(
    volume: AppTest, gate: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(volume, SMOOTH)
    job = work(volume).jobs["lines tune"]
    assert has(volume, "work.lines tune.cancel")
    state(volume).at["Z"] = 0
    volume.run()
    assert work(volume).jobs["lines tune"] is job
    finish(volume, gate, monkeypatch)
    assert not has(volume, "work.lines tune.cancel")
    assert any(b"after gaussian" in component.proto.bytes for component in volume.get("bidi_component"))


def test_a_changed_line_takes_the_place_of_the_one_that_runs(volume: AppTest, gate: Event) -> None:
    add(volume, SMOOTH)
    first = work(volume).jobs["lines tune"]
    sessions.set_params(state(volume), state(volume).cards[0].uid, sigma=2.0)
    volume.run()
    second = work(volume).jobs["lines tune"]
    assert first.finished
    assert not first.succeeded
    assert second.now.what == "waiting for stopped work to end"
    gate.set()
    assert second.wait(30)
    assert second.succeeded


def test_cancel_stops_at_once_and_the_work_can_be_started_again(
    volume: AppTest, gate: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(volume, SMOOTH)
    volume.button(key="work.lines tune.cancel").click().run()
    assert not volume.exception
    assert any("Stopped, nothing was changed" in words(info) for info in volume.info)
    volume.button(key="work.lines tune.again").click().run()
    assert has(volume, "work.lines tune.cancel")
    finish(volume, gate, monkeypatch)
    assert volume.info == []


def test_another_scan_takes_the_place_of_the_one_that_is_measured(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, real = Event(), compute.inspect

    def held(scan: Scan, told: Callable[[str], object]) -> Summary:
        assert gate.wait(30)
        return real(scan, told)

    monkeypatch.setattr(compute, "inspect", held)
    monkeypatch.setattr(running, "PATIENCE", 0.2)
    jobs = []
    for scan in (1, 2):
        app.selectbox(key="inspect.scan").set_value(scan).run()
        assert not app.exception
        assert has(app, "work.summary.cancel")
        jobs.append(work(app).jobs["summary"])
    gate.set()
    assert jobs[0].finished
    assert not jobs[0].succeeded
    assert jobs[1].wait(30)
    assert jobs[1].result() == real(load_sample(list(SAMPLES)[2]))
