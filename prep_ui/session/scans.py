"""The scans of a session: which there are, which is chosen, and where its pixels lie."""

from dataclasses import replace

from prep_core.io import distinct
from prep_core.scan import Scan
from prep_ui.session.app_state import AppState, Opened
from prep_ui.session.store import sample, scan_store


def current(state: AppState) -> Scan | None:
    """The chosen scan; None if its memory had to make room for others."""
    return scan_of(state.opened[state.chosen])


def scan_of(opened: Opened) -> Scan | None:
    """The scan of one that was opened; None if its memory had to make room for others."""
    return sample(opened.sample) if opened.sample else scan_store().get(opened.key)


def identity(state: AppState) -> str:
    """A key for what is computed from the chosen scan."""
    chosen = state.opened[state.chosen]
    return chosen.sample or chosen.key


def choose(state: AppState, index: int) -> None:
    """Take another scan; the place in it starts anew."""
    state.chosen, state.at, state.known = index, {}, {}


def open_scans(state: AppState, scans: list[Scan]) -> None:
    """Put uploaded scans in front of the list, behind those of the same upload, and choose the first of them."""
    names = {opened.name.lower() for opened in state.opened[: state.fresh]}
    opened = []
    for scan in scans:
        name = distinct(scan.name, names)
        names.add(name.lower())
        opened.append(Opened(name, key=scan_store().put(scan), words=_in_words(scan)))
    before, after = state.opened[: state.fresh], state.opened[state.fresh :]
    state.opened = (*before, *opened, *after)
    state.fresh += len(opened)
    choose(state, 0)


def _in_words(scan: Scan) -> str:
    return f"{scan.modality} {scan.axes} {' x '.join(map(str, scan.data.shape))} {scan.data.dtype}"


def replace_scan(state: AppState, scan: Scan) -> None:
    """Put a corrected scan in the place of the chosen one."""
    old = state.opened[state.chosen]
    scan_store().drop(old.key)
    fresh = replace(old, key=scan_store().put(scan), words=_in_words(scan))
    state.opened = (*state.opened[: state.chosen], fresh, *state.opened[state.chosen + 1 :])
    choose(state, state.chosen)
