"""Archives: looked at before anything is unpacked, unpacked in memory only."""
