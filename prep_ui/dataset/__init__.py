"""The page Dataset: a set of scans, what its numbers are, and a fit that is looked at before it is accepted."""
