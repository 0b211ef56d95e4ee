"""What keeps a server safe: what was loosened, how faults are told, names of downloads, and who signs in."""
