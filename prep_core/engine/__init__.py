"""Who carries out many tasks: this process, processes beside it, or a cluster."""

from prep_core.engine.engine import Engine, Here, Lost

__all__ = ["Engine", "Here", "Lost"]
