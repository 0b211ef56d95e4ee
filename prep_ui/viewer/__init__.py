"""The viewer: pictures side by side with their histograms, drawn in the browser."""

from prep_ui.viewer.component import viewer
from prep_ui.viewer.parts import Crosshair, Histogram, Marker, Pane, Planes, Window
from prep_ui.viewer.payload import pack
from prep_ui.viewer.place import Place, Slices

__all__ = ["Crosshair", "Histogram", "Marker", "Pane", "Place", "Planes", "Slices", "Window", "pack", "viewer"]
