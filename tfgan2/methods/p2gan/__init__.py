"""P2GAN: data pull the generators, and generators or unwanted data push them away."""
