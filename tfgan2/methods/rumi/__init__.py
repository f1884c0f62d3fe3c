"""Rumi-GAN: learns the positive samples and avoids the negative ones.

If positives and negatives overlap and the discriminator has batch norm, only `passes="together"` plays the game. With
`passes="apart"` the discriminator recognises the batch of negatives by its statistics, and does not lower its output on
what they share with the positives. In a probe with `rumi_cnn`, half of the images were shared and generated images were
distributed as the positives. After 800 updates the outputs on shared and on other positives among generated images were
1.26 and 1.32 (apart), 1.02 and 1.44 (together); 1.125 and 1.429 are exact. In training on the digits 0 to 3 against 2
to 5 (one run each of 800 steps, half the width of configs/rumi_digits.cfg) the shared digits had a share of 0.45
(apart) and 0.04 (together). It is 0.50 in the data and 0.28 at the solution. So apart hardly avoids them, and together
avoids them too much.
"""
