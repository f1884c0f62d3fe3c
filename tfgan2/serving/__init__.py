"""Export of trained models for servers that do not need this package."""
