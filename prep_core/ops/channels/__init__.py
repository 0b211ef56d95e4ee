"""Steps that choose and combine channels."""
