"""PGMGAN: a partition of the data guides a mixture of generators."""
