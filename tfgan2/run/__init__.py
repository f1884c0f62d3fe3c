"""One run: built from flags, restored from its folder, trained from its start to its summary."""
