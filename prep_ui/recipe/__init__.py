"""The page Recipe: files, the whole scan, other programs, the report."""
