"""Training of the stages before the main training of a method."""
