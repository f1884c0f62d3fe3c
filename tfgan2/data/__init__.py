"""Datasets: reading, selection, and batches for training."""
