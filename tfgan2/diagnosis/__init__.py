"""Findings about a run: a player wins, collapse, overfitting, or no more progress."""
