"""What `tools/benchmark.py` times."""
