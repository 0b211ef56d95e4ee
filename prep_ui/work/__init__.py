"""What is computed for the screen, also where it takes long."""
