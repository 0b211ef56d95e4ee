"""DICOM as it is in the wild: files, series, frames."""
