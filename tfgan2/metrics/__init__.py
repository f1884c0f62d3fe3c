"""Metrics: one score a file, NumPy arrays in, plain numbers out. They import nothing of this package but its errors."""
