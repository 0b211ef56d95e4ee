"""Steps that raise contrast."""
