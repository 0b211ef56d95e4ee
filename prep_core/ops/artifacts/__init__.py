"""Steps that find what is no tissue."""
