"""The experiments behind results/: what is compared, how it is measured, and the pages of its tables and pictures."""
