"""Trained models as files that serve without this package."""
