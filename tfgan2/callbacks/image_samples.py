"""Pictures of generated images during training."""

import numpy as np

from tfgan2.callbacks.pictures import Pictures
from tfgan2.evaluation.image_grids import encoded, film, grid, paired, panels, to_uint8

_COLUMNS = 8


class ImageSamples(Pictures):
    """Draws real images beside images of the averaged generator.

    If the model has an encoder, it also draws reconstructions below their originals. The .npz file of a picture has the
    first row of generated images: `images`, uint8 [8, height, width, channels].

    Args:
      folder: Folder of the pictures.
      images: Real images, uint8 [n, height, width, channels].
      name: Name of the dataset, for titles.
      scaling: Maps data units, [0, 1], to the range of the networks and back.
      every: Steps between two pictures. 0 draws none.
      count: Number of generated and of real images in a picture.
      seed: Seed of the latents and of the choice of real images. All pictures have the same latents.
      board: A `TensorBoard` callback that also receives the pictures, or None.
    """

    kept = "images"

    def __init__(self, folder, images, scaling, *, name, every, count=64, seed=0, board=None):
        super().__init__(folder, every=every, count=count, seed=seed, board=board)
        rows = np.random.default_rng(seed).permutation(len(images))[:count]
        self._real = images[np.sort(rows)]
        self._name = name
        self._scaling = scaling

    def _draw(self, step):
        with self.model.averaged():
            fake = self._levels(self.model.generate(self.model.latents(self._seed, self._count)))
            titled = [("real", grid(self._real, _COLUMNS)), ("generated", grid(fake, _COLUMNS))]
            if "encoder" in self.model.networks:
                titled.append(("originals, and below each its reconstruction", self._reconstructions()))
        self._keep(step, fake[:_COLUMNS])
        picture = panels(titled, title=f"{self._name}, step {step:,}")
        self._write(step, f"step_{step:07d}", encoded(picture), lambda: picture)

    def _draw_evolution(self, step, frames):
        picture = film([(f"step {at:,}", images) for at, images in frames])
        self._write(step, "evolution", encoded(picture), lambda: picture)

    def _reconstructions(self):
        """A grid with rows of real images, each above the row of its reconstructions."""
        rows = max(1, -(-self._count // _COLUMNS) // 2)
        real = self._real[: rows * _COLUMNS]
        scaled = self._scaling.to_network(real.astype(np.float32) / np.float32(255))
        return grid(paired(real, self._levels(self.model.reconstruct(scaled)), _COLUMNS), _COLUMNS)

    def _levels(self, samples):
        return to_uint8(self._scaling.to_data(np.asarray(samples, np.float32)))
