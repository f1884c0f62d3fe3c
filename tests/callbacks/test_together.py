"""All callbacks with `fit` on a real game have the same steps and do not change the weights."""

import io

import keras
import numpy as np
import tensorflow as tf

from tfgan2.callbacks.measurements import Measurements
from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.callbacks.point_samples import PointSamples
from tfgan2.callbacks.progress import Progress
from tfgan2.callbacks.tensorboard import TensorBoard
from tfgan2.data.pipeline import batch_stream
from tfgan2.data.scaling import scaling_for
from tfgan2.data.synthetic import grid25
from tfgan2.evaluation.panel import panel_for
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks.mlp import MLP

GRID = grid25(points_per_mode=20)
SCALING = scaling_for(GRID.samples, "unit")


def trained(callbacks):
    keras.utils.set_random_seed(0)
    network = MLP(hidden_units=8)
    game = StandardGAN(network.generator((2,)), network.discriminator((2,)))
    optimizers = {role: keras.optimizers.Adam(1e-3) for role in game.trained_roles}
    game.compile(optimizers, steps_per_execution=2, ema_decay=0.9)
    data = batch_stream({"real": SCALING.to_network(GRID.samples).astype("float32")}, batch_size=8, seed=0)
    game.fit(data, epochs=2, steps_per_epoch=4, callbacks=callbacks, verbose=0)
    return game


def test_callbacks_do_not_disturb_training(tmp_path):
    stream = io.StringIO()
    log = MetricsLog(tmp_path / "metrics.jsonl", every=4)
    board = TensorBoard(tmp_path / "tensorboard", every=4)
    progress = Progress(train_steps=8, every=4, stream=stream)
    arguments = {"every": 4, "seed": 1, "board": board}
    coverage = Measurements(panel_for(GRID), SCALING, log=log, progress=progress, **arguments)
    samples = PointSamples(tmp_path / "samples", GRID, SCALING, count=50, **arguments)
    shown = trained([log, board, coverage, samples, progress])
    alone = trained([])
    for name, variable in shown.state().items():
        np.testing.assert_array_equal(variable.numpy(), alone.state()[name].numpy(), err_msg=name)
    # The steps count from the beginning of the run, not of an epoch.
    assert [(line["step"], line["kind"]) for line in log.lines()] == [
        (4, "train"),
        (4, "evaluation"),
        (8, "train"),
        (8, "evaluation"),
    ]
    assert all(np.isfinite(list(line["values"].values())).all() for line in log.lines())
    assert [line.split()[1] for line in stream.getvalue().splitlines()] == ["4/8", "8/8"]
    assert sorted(path.name for path in (tmp_path / "samples").glob("*.png")) == [
        "evolution.png",
        *(f"step_{step:07d}.png" for step in (0, 4, 8)),
    ]
    assert len(tf.io.gfile.glob(str(tmp_path / "tensorboard" / "events*"))) == 1
