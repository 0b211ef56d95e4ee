"""Which planes of a scan are looked at, and how they reach the viewer."""
