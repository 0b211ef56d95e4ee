"""FITS: image HDUs, scaled, with blanks, tile-compressed."""
