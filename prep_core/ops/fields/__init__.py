"""Steps that even out bias, shading and illumination."""
