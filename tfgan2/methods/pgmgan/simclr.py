"""SimCLR: learns embeddings in which two views of one image are close, without labels.

Chen, Kornblith, Norouzi and Hinton (ICML 2020). PGMGAN's first stage: the embeddings give the nearest neighbours.
"""

import functools
from typing import Annotated, Literal

import tensorflow as tf

from tfgan2.layers.views import AUGMENTATIONS, NOISE, Augmentations, check_augmentations, view
from tfgan2.losses.contrastive import contrastive
from tfgan2.methods.base.game import Game
from tfgan2.ranges import In, Seed, UnitInterval


class SimCLR(Game):
    """Minimises the contrastive loss of two random views of each image.

    Each replica contrasts the views of its own images only. So several replicas differ from one with the same global
    batch.

    Args:
      embedder: Network: images -> embeddings [n, d]. The loss ignores their lengths.
      temperature: Temperature of the similarities, at least 0.001.
      augmentations: Random augmentations that make a view: crop, flip, color and grey.
      smallest_crop: Smallest area of a crop as a share of the image's area, in [0, 1].
      image_range: Range of the images: "symmetric" [-1, 1] or "unit" [0, 1].
      seed: Seed of the random numbers that training draws.
    """

    roles = ("embedder",)
    averaged_roles = ("embedder",)

    def __init__(
        self,
        embedder,
        *,
        temperature: Annotated[float, In("[0.001, inf)")] = 0.1,
        augmentations: Augmentations = AUGMENTATIONS,
        smallest_crop: UnitInterval = 0.2,
        image_range: Literal["symmetric", "unit"] = "symmetric",
        seed: Seed = 0,
    ):
        super().__init__({"embedder": embedder}, seed=seed)
        check_augmentations(augmentations, embedder.input_shape[1:])
        self.temperature = temperature
        options = {"smallest_crop": smallest_crop, "output_range": image_range}
        self.view = functools.partial(view, augmentations=tuple(augmentations), **options)

    @property
    def players(self):
        return {"embedder": ["embedder"]}

    def train_step(self, batch):
        count = batch["real"].shape[0]
        noises = [self.random(name, [count, NOISE], "unit") for name in ("first_view", "second_view")]
        return self.minimize("embedder", self.contrastive_loss, batch["real"], *noises)

    def contrastive_loss(self, real, first_noise, second_noise):
        """NT-Xent of two views of each image. All views pass through the embedder as one batch."""
        views = tf.concat([self.view(real, first_noise), self.view(real, second_noise)], axis=0)
        embeddings = tf.cast(self.embedder(views, training=True), tf.float32)
        loss, accuracy = contrastive(*tf.split(embeddings, 2), temperature=self.temperature)
        return loss, {"accuracy": accuracy}

    def embed(self, samples):
        """Embeddings [n, d] of samples in the network's range, in inference mode."""
        return self.embedder(samples, training=False)
