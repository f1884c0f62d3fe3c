"""What the operating system gives: files, paths, standard streams, environment variables."""
