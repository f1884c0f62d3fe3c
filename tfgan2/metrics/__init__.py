"""Metrics: one score per file, from NumPy arrays to plain numbers. They import only the errors of this package."""
