"""Evaluation of models: protocols, classifiers, sampling, and pictures."""
