"""Pictures of the generated points while a run goes on."""

import numpy as np
import tensorflow as tf

from tfgan2.callbacks.pictures import Pictures
from tfgan2.evaluation.panel import panel_for
from tfgan2.evaluation.point_pictures import filmstrip, pixels, png, points_picture


class Samples(Pictures):
    """Draws points of the averaged generator over the data, and at the end how they came to be.

    Beside a picture lie its points: `points` float32 [count, d], data units.

    Args:
      folder: where to.
      point_set: the data, in data units.
      scaling: between data units and the network's range.
      every: steps between two pictures; 0 makes none at all.
      count: samples in each.
      seed: of their latents: the same in all pictures, so that points can be followed.
      board: a `TensorBoard` that shows the pictures, too.
    """

    kept = "points"

    def __init__(self, folder, point_set, scaling, *, every, count=2000, seed=0, board=None):
        super().__init__(folder, every=every, count=count, seed=seed, board=board)
        self._point_set = point_set
        self._scaling = scaling
        self._panel = panel_for(point_set)

    def _draw(self, step):
        with self.model.averaged():
            samples = self.model.generate(self.model.latents(self._seed, self._count))
        points = np.asarray(self._scaling.to_data(samples), np.float32)
        self._keep(step, points)
        figure = points_picture(
            self._point_set.points,
            points,
            discriminator=self._probability if hasattr(self.model, "score") else None,
            title=f"{self._point_set.name}, {self._title(step, points)}",
        )
        self._write(step, f"step_{step:07d}", png(figure), lambda: pixels(figure))

    def _draw_evolution(self, step, frames):
        figure = filmstrip([(self._title(at, points), points) for at, points in frames], real=self._point_set.points)
        self._write(step, "evolution", png(figure), lambda: pixels(figure))

    def _title(self, step, points):
        if self._panel is None or self._panel.covered is None:
            return f"step {step:,}"
        return f"step {step:,}: {self._panel.measure(points)[self._panel.covered]} of {self._panel.modes} modes"

    def _probability(self, points):
        """The discriminator's probability that points [n, d] in data units are real, [n, 1]."""
        return tf.sigmoid(self.model.score(self._scaling.to_network(points)))
