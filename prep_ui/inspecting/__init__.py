"""The pages Inspect and Header."""
