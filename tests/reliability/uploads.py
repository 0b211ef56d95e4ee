"""Uploads that are too large, and large ones that are not, on a dashboard with its shipped settings: 2 GB are refused
by the browser before they are sent, and by the server where a program sends them; 500 MB are opened in the browser.
Memory is that of the server and all processes below it (PSS, and segments by their pages), looked at every 50 ms,
without what they held before; the disk is what they hold there in files without a name.

Try it with smaller files, beside which what any page takes weighs more and may fail the claim:
python -m tests.reliability.uploads --megabytes 50.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import find_browser, running_server, settled
from tests.reliability import report
from tests.reliability.figure import Figure
from tests.reliability.uploads_read import FORMATS, reading
from tests.reliability.uploads_refused import by_program, in_browser

READ = 500
"""Megabytes of the uploads that are read."""


def figures(told: Callable[[str], None]) -> list[Figure]:
    """All claims about uploads."""
    return measured(READ, told)


def measured(megabytes: int, told: Callable[[str], None]) -> list[Figure]:
    """The same, where what is read may be smaller."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        browser = playwright.chromium.launch(**(find_browser() or {}))
        told("2 GB, which are too much")
        with dashboard(folder, browser) as (page, url):
            found = [in_browser(page, folder), *by_program(page, url, folder)]
        for name in FORMATS:
            told(f"{megabytes} MB as {name}")
            with dashboard(folder, browser) as (page, _):
                found.append(reading(page, folder, name, megabytes))
        browser.close()
    return found


@contextmanager
def dashboard(folder: Path, browser: Browser) -> Iterator[tuple[Page, str]]:
    """One of its own, open in a page, and its address."""
    with running_server(folder / "log.txt") as url:
        page = browser.new_context().new_page()
        page.goto(url)
        settled(page)
        yield page, url
        page.context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=READ, help=f"of the uploads that are read, {READ} by default")
    found = measured(parser.parse_args().megabytes, lambda line: sys.stderr.write(f"{line}\n") and None)
    sys.stdout.writelines(f"{line}\n" for line in report.as_lines(found))
    return 1 if report.failed(found) else 0


if __name__ == "__main__":
    sys.exit(main())
