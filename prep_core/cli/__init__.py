"""The command line."""

from prep_core.cli.main import main

__all__ = ["main"]
