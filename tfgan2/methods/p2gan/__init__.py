"""P2GAN: generators pulled by data and pushed by others."""
