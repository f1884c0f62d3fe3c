"""Losses: functions from tensors to scalars. They import TensorFlow and no other part of this package."""
