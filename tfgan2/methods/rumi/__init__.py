"""Rumi-GAN: learning from positives and negatives."""
