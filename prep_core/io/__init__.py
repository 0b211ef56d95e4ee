"""Bytes or paths to scans, and back: readers chosen by content, writers with the same bytes every time."""

import lazy_loader

# What is offered, and where it stands, is written in __init__.pyi; a module is loaded when something in it is used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
