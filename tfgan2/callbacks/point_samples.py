"""Pictures of generated points during training."""

import tensorflow as tf

from tfgan2.callbacks.pictures import Pictures
from tfgan2.evaluation.figures import pixels
from tfgan2.evaluation.panel import panel_for
from tfgan2.evaluation.point_pictures import filmstrip, points_picture
from tfgan2.evaluation.sample_health import SampleHealth


class PointSamples(Pictures):
    """Draws points of the averaged generator over the data.

    The .npz file of a picture has its points: `points`, float32 [count, d], in data units.

    Args:
      folder: Folder of the pictures.
      point_set: The data, in data units.
      scaling: Maps data units to the range of the networks and back.
      every: Steps between two pictures, or `ByTime`. 0 draws none.
      count: Number of points in a picture.
      seed: Seed of the latents. All pictures have the same latents, so that each point can be followed.
      board: A `TensorBoard` callback that also receives the pictures, or None.
      log: The `MetricsLog` that receives the health of the samples, or None.
      held_out: The `HeldOutGap` of the discriminator, which is logged, too, or None.
    """

    kept = "points"

    def __init__(self, folder, point_set, scaling, *, every, count=2000, seed=0, board=None, log=None, held_out=None):
        health = SampleHealth(point_set.samples)
        options = {"every": every, "count": count, "seed": seed, "board": board, "log": log, "held_out": held_out}
        super().__init__(folder, point_set.kind, scaling, health, **options)
        self._point_set = point_set
        self._panel = panel_for(point_set)

    def _draw(self, step):
        points = self._sampler.sample(self._count, seed=self._seed)
        self._keep(step, points)
        figure = points_picture(
            self._point_set.samples,
            points,
            discriminator=self._probability if self._judges_points else None,
            title=f"{self._point_set.name}, {self._title(step, points)}",
        )
        self._write(step, f"step_{step:07d}", pixels(figure))
        return points

    def _draw_evolution(self, step, frames):
        figure = filmstrip([(self._title(at, points), points) for at, points in frames], real=self._point_set.samples)
        self._write(step, "evolution", pixels(figure))

    def _title(self, step, points):
        if self._panel is None or self._panel.covered is None:
            return f"step {step:,}"
        return f"step {step:,}: {self._panel.measure(points)[self._panel.covered]} of {self._panel.modes} modes"

    @property
    def _judges_points(self):
        return hasattr(self.model, "score") and getattr(self.model, "packing", 1) == 1

    def _probability(self, points):
        """Probability [n, 1] by the discriminator that points [n, d] in data units are real."""
        return tf.sigmoid(self._sampler.units.score(points))
