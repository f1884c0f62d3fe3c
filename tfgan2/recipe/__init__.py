"""Recipes: flags for a user's own pictures, chosen by the pictures, the machine and a budget of time."""
