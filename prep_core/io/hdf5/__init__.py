"""HDF5, and MATLAB 7.3, which is HDF5."""
