"""TIFF, OME-TIFF, ImageJ and GeoTIFF."""
