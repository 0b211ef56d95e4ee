"""Steps that bring a scan to a common scale."""
