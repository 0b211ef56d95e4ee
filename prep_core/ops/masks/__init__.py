"""Steps that choose voxels."""
