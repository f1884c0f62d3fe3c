"""Interfaces to the operating system: files, paths, standard streams, and environment variables."""
