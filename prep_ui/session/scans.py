"""The scans of a session: which there are, which is chosen, and where its pixels lie."""

from dataclasses import replace

from prep_core.io import distinct
from prep_core.scan import Scan
from prep_ui.session.app_state import AppState, Opened
from prep_ui.session.store import NoRoomError, sample, scan_store


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
    """Put uploaded scans in front of the list, behind those of the same upload, and choose the first of them.

    What there is no room for is a complaint.
    """
    for scan in scans:
        fresh, others = state.opened[: state.fresh], state.opened[state.fresh :]
        name = distinct(scan.name, {opened.name.lower() for opened in fresh})
        try:
            key = scan_store().put(state.shelf, scan, keep=[opened.key for opened in fresh])
        except NoRoomError as fault:
            state.complaints = (*state.complaints, str(fault))
        else:
            state.opened = (*fresh, Opened(name, key=key, words=_in_words(scan)), *others)
            state.fresh += 1
            choose(state, 0)


def _in_words(scan: Scan) -> str:
    return f"{scan.modality} {scan.axes} {' x '.join(map(str, scan.data.shape))} {scan.data.dtype}"


def replace_scan(state: AppState, scan: Scan) -> None:
    """Put a corrected scan in the place of the chosen one."""
    old = state.opened[state.chosen]
    fresh = replace(old, key=scan_store().put(state.shelf, scan, instead_of=old.key), words=_in_words(scan))
    state.opened = (*state.opened[: state.chosen], fresh, *state.opened[state.chosen + 1 :])
    choose(state, state.chosen)
