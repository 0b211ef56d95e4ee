"""Steps that remove noise."""
