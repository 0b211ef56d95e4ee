"""Histograms of the same voxels, side by side, linked with each other and with the viewer, drawn in the browser."""

from prep_ui.histograms.component import histograms
from prep_ui.histograms.payload import Chart, Mark, Steer, pack

__all__ = ["Chart", "Mark", "Steer", "histograms", "pack"]
