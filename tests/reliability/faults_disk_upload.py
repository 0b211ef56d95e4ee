"""The folder of temporary files has no room while somebody uploads."""

from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from tests.reliability.aftermath import wrong
from tests.reliability.dashboard import PATIENCE, STREAMLIT, Dashboard, goes_on, person, quiet, running
from tests.reliability.faults_server import scans

WITHOUT_ROOM = 'mount -t tmpfs -o size=4k prep "$TMPDIR" && head -c 4096 /dev/zero > "$TMPDIR/full" && exec "$@"'
SIDES = (1200, 2500)
"""Of square scans of float32: one below the size from which uploads lie in a segment, and one above."""


class WithoutRoom(Dashboard):
    """A dashboard whose folder of temporary files is a disk of its own, which is full (unshare, Linux)."""

    def program(self, python: tuple[str, ...]) -> list[str]:
        return ["unshare", "--map-root-user", "--mount", "sh", "-c", WITHOUT_ROOM, "sh", *python]


def upload(folder: Path, turn: int) -> list[str]:
    """Upload a scan of 6 MB, one of 25 MB and one of a few bytes."""
    small, _ = scans(folder)
    with running(folder / f"server{turn}", STREAMLIT, WithoutRoom) as (dashboard, browser):
        page = person(browser, dashboard.url)
        for side in SIDES:
            file = folder / f"side{side}.npy"
            np.save(file, np.zeros((side, side), np.float32))
            page.locator("input[type=file]").first.set_input_files(file)
            expect(page.get_by_text(f"YX {side} x {side} float32").first).to_be_visible(timeout=PATIENCE * 1000)
            quiet(page)
        return wrong({"a small scan cannot be opened": goes_on(page, small), **dashboard.amiss()})
