"""Scans that are read a part at a time, because they are larger than memory."""
