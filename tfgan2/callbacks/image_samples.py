"""Pictures of generated images during training."""

import numpy as np

from tfgan2.callbacks.pictures import Pictures
from tfgan2.evaluation.image_grids import film, grid, paired, panels
from tfgan2.evaluation.sample_health import SampleHealth

_COLUMNS = 8


class ImageSamples(Pictures):
    """Draws real images beside images of the averaged generator.

    If the model has an encoder, it also draws reconstructions below their originals. The .npz file of a picture has the
    first row of generated images: `images`, uint8 [8, height, width, channels].

    Args:
      folder: Folder of the pictures.
      data: Real images, an `ImageSet`.
      scaling: Maps data units, [0, 1], to the range of the networks and back.
      every: Steps between two pictures, or `ByTime`. 0 draws none.
      count: Number of generated and of real images in a picture.
      seed: Seed of the latents and of the choice of real images. All pictures have the same latents.
      board: A `TensorBoard` callback that also receives the pictures, or None.
      log: The `MetricsLog` that receives the health of the samples, or None.
      held_out: The `HeldOutGap` of the discriminator, which is logged, too, or None.
    """

    kept = "images"

    def __init__(self, folder, data, scaling, *, every, count=64, seed=0, board=None, log=None, held_out=None):
        rows = np.random.default_rng(seed).permutation(data.size)[:count]
        self._real = data.samples[np.sort(rows)]
        self._name = data.name
        health = SampleHealth(self._real, training=data.samples)
        options = {"every": every, "count": count, "seed": seed, "board": board, "log": log, "held_out": held_out}
        super().__init__(folder, data.kind, scaling, health, **options)

    def _draw(self, step):
        fake = self._kind.as_stored(self._sampler.sample(self._count, seed=self._seed))
        titled = [("real", grid(self._real, _COLUMNS)), ("generated", grid(fake, _COLUMNS))]
        if reconstruct := self._sampler.reconstruct_stored:
            titled.append(("originals, and below each its reconstruction", self._reconstructions(reconstruct)))
        self._keep(step, fake[:_COLUMNS])
        picture = panels(titled, title=f"{self._name}, step {step:,}")
        self._write(step, f"step_{step:07d}", picture)
        return fake

    def _draw_evolution(self, step, frames):
        picture = film([(f"step {at:,}", images) for at, images in frames])
        self._write(step, "evolution", picture)

    def _reconstructions(self, reconstruct):
        """A grid with rows of real images, each above the row of its reconstructions."""
        rows = max(1, -(-self._count // _COLUMNS) // 2)
        real = self._real[: rows * _COLUMNS]
        return grid(paired(real, reconstruct(real), _COLUMNS), _COLUMNS)
