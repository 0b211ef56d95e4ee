"""Who carries out many tasks: this process, processes beside it, or a cluster."""

from prep_core.engine.cluster import Cluster
from prep_core.engine.engine import Engine, EngineError, Here, Lost
from prep_core.engine.processes import Processes

__all__ = ["Cluster", "Engine", "EngineError", "Here", "Lost", "Processes"]
