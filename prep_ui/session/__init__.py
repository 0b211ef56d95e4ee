"""What one session works on: its scans, its recipe, and what of it stands in the address."""
