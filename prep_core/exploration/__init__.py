"""What somebody found out about a scan, and the recipe that came of it, as one page to keep or to print."""

from prep_core.exploration.exploring import Exploration, Stage, explore
from prep_core.exploration.page import page

__all__ = ["Exploration", "Stage", "explore", "page"]
