"""Steps that change what a value says."""
