"""The lock of a fitted recipe: what it was made with, what it answered then, and what its training scans were like."""
