"""Layers that Keras does not have, or without the gradient that the methods need."""
