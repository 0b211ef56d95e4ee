"""MATLAB 5 files of plain arrays."""
