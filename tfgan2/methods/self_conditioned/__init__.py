"""Self-conditioned GAN: a GAN that is conditioned on clusters of the data, found in features."""
