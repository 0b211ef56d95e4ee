"""Reading in a process of its own: the reader, the process, and what they say to each other."""
