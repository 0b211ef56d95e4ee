"""A journey through the dashboard that fails at the first look at another computer: python -m tests.ui.offline_journey.

Run by test_no_network.py in a namespace without a network, where the system lets it.
"""

import errno
import socket
import struct
import sys
from importlib import import_module
from ipaddress import ip_address
from typing import Any

import numpy as np

from prep_ui.work import running
from tests.ui.dashboard import PAGES, add_step, go, npy, opened, upload

LOOKS = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")
LOOKED = "the program asked for another computer"
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def is_here(host: object) -> bool:
    if host in ("", None, "localhost", b"localhost"):
        return True
    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False


def forbid(event: str, args: tuple[Any, ...]) -> None:
    """Refuse what `event` looks for outside this computer; files are no hosts (Unix sockets)."""
    if event not in LOOKS:
        return
    host = args[1] if event in ("socket.connect", "socket.sendto") else args[0]
    if isinstance(host, tuple) and host:
        host = host[0]
    elif event == "socket.connect":
        return
    if not is_here(host):
        # Said at once: whoever catches the error cannot hide it.
        sys.stderr.write(f"{LOOKED}: {event} {host!r}\n")
        raise AssertionError(f"{LOOKED}: {event} {host!r}")


def loopback_up() -> None:
    """In a namespace of its own even this computer has to be switched on; everything else leads nowhere."""
    # Not there on Windows, which has no such namespaces and still runs the other tests of this file.
    fcntl = import_module("fcntl")
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
        if any_socket.connect_ex(("192.0.2.1", 80)) != errno.ENETUNREACH:
            raise AssertionError("this namespace has a network")


def journey() -> None:
    """Open a scan, look at every page, build a recipe, and apply it to the whole scan."""
    running.PATIENCE = 60.0
    app = opened()
    upload(app, "scan.npy", npy(np.random.default_rng(0).uniform(1, 900, (24, 24)).astype(np.float32)))
    for page in PAGES:
        go(app, page)
    add_step(go(app, "tune"), "clip")
    go(app, "recipe").button(key="recipe.apply").click().run()
    assert not app.exception
    assert any("scan" in element.value and "MB" in element.value for element in app.success)


if __name__ == "__main__":
    if "--alone" in sys.argv:
        loopback_up()
    sys.addaudithook(forbid)
    journey()
    sys.stdout.write("arrived\n")
