"""The HTML page about a run: pictures, curves, scores and flags in one file."""
