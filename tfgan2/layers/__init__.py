"""Layers and functions of images that Keras lacks, or has without the gradients that the methods need."""
