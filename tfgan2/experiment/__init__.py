"""Experiments: rows of runs that differ in their seed, trained, measured alike, and compared."""
