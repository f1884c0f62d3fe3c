"""Keras callbacks of a training run: checkpoints, logs, pictures, measurements, progress, and signals."""
