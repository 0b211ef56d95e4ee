"""Ctrl-C for programs that tests start."""

import signal


def heed_interrupts() -> None:
    """To be called in a new process, before its program: a shell has what runs in its background ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
