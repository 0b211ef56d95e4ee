"""A clock that is set to another day while something runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from prep_ui.work.closed import PAUSE
from tests.batch.batches import files
from tests.engine.conftest import ROOT
from tests.reliability.aftermath import wrong
from tests.reliability.dashboard import begin_n4, goes_on, person, quiet, running
from tests.reliability.faults_batch import SCANS, command, results, undisturbed
from tests.reliability.faults_server import scans

DAY = 86400.0
MOVED = ("-m", "tests.reliability.shifted_clock")


def server(folder: Path, turn: int) -> list[str]:
    """Set the clock of a dashboard while a step runs: in even turns to tomorrow, in odd ones to yesterday."""
    small, _ = scans(folder)
    shift = folder / f"shift{turn}"
    shift.write_text("0")
    with running(folder / f"server{turn}", (*MOVED, str(shift), "streamlit")) as (dashboard, browser):
        reads, works = person(browser, dashboard.url), person(browser, dashboard.url)
        could_before = goes_on(reads, small)
        begin_n4(works, dashboard.url)
        shift.write_text(str(_days(turn)))
        # Until closed sessions have been looked for.
        works.wait_for_timeout(1000 * (PAUSE + 2))
        step = works.locator(".st-key-work-lines-tune")
        runs_on = step.get_by_role("button", name="Cancel").count() == 1
        step.get_by_role("button", name="Cancel").click()
        expect(step).to_contain_text("Stopped, nothing was changed.")
        reads.get_by_test_id("stTopNavLink").filter(has_text="Header").click()
        quiet(reads)
        return wrong(
            {
                "a scan cannot be opened": could_before,
                "the step did not run on": runs_on,
                "the scan is gone": reads.get_by_text("YX 24 x 32 float32").count() > 0,
                **dashboard.amiss(),
            }
        )


def batch(folder: Path, turn: int) -> list[str]:
    """Resume a batch on another day than that of its scans, and those were copied on a third one."""
    out, shift, days = results(folder, turn), folder / f"shift{turn}", _days(turn)
    shutil.copytree(undisturbed(folder), out)
    for day, place in ((days, folder / "scans"), (-days, out)):
        for file in filter(Path.is_file, place.rglob("*")):
            there = file.stat().st_mtime + day
            os.utime(file, (there, there))
    shift.write_text(str(days))
    call = [sys.executable, *MOVED, str(shift), *command(folder, out)[2:], "--resume"]
    ran = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    return wrong(
        {
            f"it ended with {ran.returncode}: {ran.stderr[-300:]}": ran.returncode == 0,
            "results were made again": ran.stderr.count("kept: ") == SCANS,
            "the results are other ones": files(out) == files(undisturbed(folder)),
        }
    )


def _days(turn: int) -> float:
    return DAY if turn % 2 == 0 else -DAY
