"""Scans larger than memory, through a recipe in blocks: the same bytes as from the whole scan."""

from prep_core.large.applying import Applied, apply_in_parts
from prep_core.large.looking import look_in_parts
from prep_core.large.needs import level
from prep_core.large.thinning import blocks_of, thinned

__all__ = ["Applied", "apply_in_parts", "blocks_of", "level", "look_in_parts", "thinned"]
