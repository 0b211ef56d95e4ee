"""How far a scan lies from the training population of a fitted recipe."""
