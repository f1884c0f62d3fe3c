"""A staged method of a user through the commands: the package knows stages only by their objects.

It is a small self-conditioned GAN. An autoencoder and a classifier of its errors come first. Then the method clusters
the data by its discriminator, anew every few steps.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.data.neighbors import pseudo_labels
from tfgan2.errors import ArgumentError
from tfgan2.methods.base.game import Game
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.methods.base.prepared import Grouping
from tfgan2.methods.base.stage import Stage
from tfgan2.ranges import Count, In


class Autoencoder(Game):
    """A generator that reconstructs the samples of an encoder's latents.

    Args:
      scale: Factor of the loss.
    """

    roles = ("generator", "encoder")
    players = {"autoencoder": ["generator", "encoder"]}  # noqa: RUF012

    def __init__(self, generator, encoder, *, scale: float = 1.0, seed: int = 0):
        super().__init__({"generator": generator, "encoder": encoder}, seed=seed)
        self.scale = scale

    def train_step(self, batch):
        return self.minimize("autoencoder", self.error, batch["real"])

    def error(self, real):
        made = self.generator(self.encoder(real, training=True), training=True)
        return self.scale * tf.reduce_mean((made - real) ** 2), {}

    def errors_of(self, samples):
        return tf.reduce_sum((self.generator(self.encoder(samples)) - samples) ** 2, axis=1)


class Classifier(Game):
    """A discriminator that learns which samples have large errors."""

    roles = ("discriminator",)
    players = {"classifier": ["discriminator"]}  # noqa: RUF012
    batch_keys = ("real", "labels")

    def __init__(self, discriminator, *, seed: int = 0):
        super().__init__({"discriminator": discriminator}, seed=seed)

    def train_step(self, batch):
        return self.minimize("classifier", self.error_loss, batch["real"], batch["labels"])

    def error_loss(self, real, labels):
        logits = self.discriminator(real, training=True)[:, 0]
        labels = tf.cast(labels, tf.float32)
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, logits)), {}


class AutoencoderStage(Stage):
    name = "autoencoder"
    game = Autoencoder
    train_steps = 10
    batch_size = 16
    optional = True
    family = "network"


class ClassifierStage(Stage):
    name = "classifier"
    game = Classifier
    train_steps = 10
    batch_size = 16
    optimizer = {"learning_rate": 0.01}  # noqa: RUF012
    family = "network"
    uses = ("clusters",)
    array_keys = ("labels",)

    def check(self, samples, values, replicas):
        super().check(samples, values, replicas)
        if len(samples.labels) * values["quantile"] < 1:
            raise ArgumentError("quantile", values["quantile"], f"at least 1/{samples.size}")

    def prepare(self, samples, before, seed, arguments, *, quantile: Annotated[float, In("(0, 1)")] = 0.5):
        """The samples with errors above a quantile.

        Args:
          quantile: Label the samples above this quantile.
        """
        errors = samples.flat()[:, 0] if before is None else samples.mapped(before.errors_of)
        return {"labels": (errors > np.quantile(errors, quantile)).astype(np.int32)}


class Reclustering(GenerativeGame):
    """A GAN. The number of a real sample's cluster is its weight in the discriminator's loss.

    Args:
      clusters: Number of clusters.
      every: Steps between two clusterings.
    """

    stages = (AutoencoderStage(), ClassifierStage())
    batch_keys = ("real", "labels")
    array_keys = ("labels",)
    players = {"discriminator": ["discriminator"], "generator": ["generator"]}  # noqa: RUF012

    def __init__(self, generator, discriminator, *, clusters: Count = 3, every: Count = 20, seed: int = 0):
        super().__init__({"generator": generator, "discriminator": discriminator}, seed=seed)
        self.clusters, self.every = clusters, every

    def check_samples(self, samples):
        if self.clusters > samples.size:
            raise ArgumentError("clusters", self.clusters, f"at most {samples.size}")

    def learn_from(self, game, samples):
        self.discriminator.set_weights(game.discriminator.get_weights())
        return Grouping(self.arrays_of(samples)["labels"], self.clusters)

    def schedule(self, train_steps):
        ends = [*range(self.every, train_steps, self.every), train_steps]
        return [(f"clustering_{number}", end) for number, end in enumerate(ends)]

    def arrays_of(self, samples):
        return {"labels": pseudo_labels(samples.mapped(self.discriminator), self.clusters, self.seed, n_init=1)}

    def train_step(self, batch):
        latents = self.random("latents", [batch["real"].shape[0], self.latent_dim])
        report = self.minimize("discriminator", self.discriminator_loss, batch["real"], batch["labels"], latents)
        return report | self.minimize("generator", self.generator_loss, latents)

    def discriminator_loss(self, real, labels, latents):
        fake = self.discriminator(self.generator(latents, training=True), training=True)
        weights = 1.0 + tf.cast(labels, tf.float32)
        losses = weights * tf.nn.softplus(-self.discriminator(real, training=True)[:, 0])
        return tf.reduce_mean(losses) + tf.reduce_mean(tf.nn.softplus(fake)), {}

    def generator_loss(self, latents):
        logits = self.discriminator(self.generator(latents, training=True), training=True)
        return tf.reduce_mean(tf.nn.softplus(-logits)), {}


ARGV = (
    f"--method={__name__}:Reclustering",
    "--dataset=ring8",
    "--data.points_per_mode=20",
    "--network.hidden_units=8",
    "--batch_size=16",
    "--optimizer.learning_rate=0.01",
    "--train_steps=40",
    "--steps_per_execution=5",
    "--log_every=5",
    "--sample_every=0",
    "--evaluate_every=0",
    "--checkpoint_every=5",
    "--keep_checkpoints=9",
)


@pytest.fixture(scope="module")
def finished(call, tmp_path_factory):
    """The workdir of a whole run, not to be written to."""
    workdir = tmp_path_factory.mktemp("own_stages") / "run"
    ended = call("train", *ARGV, f"--workdir={workdir}")
    assert ended.code == 0, ended.err
    begun = [line.split()[2] for line in ended.err.splitlines() if line.startswith("tfgan2: stage")]
    assert begun == ["autoencoder,", "classifier,"]
    return workdir


def stage_of(workdir, name):
    (folder,) = (path for path in Path(workdir, "stages").glob(f"{name}-*") if path.is_dir())
    return folder


def arrays_of(path):
    with np.load(path) as archive:
        return dict(archive)


def test_the_clusters_of_each_phase_come_from_its_first_weights(finished, state_of):
    files = sorted((finished / "arrays").iterdir())
    assert [path.name.partition("-")[0] for path in files] == ["step_00000000", "step_00000020"]
    first, second = (arrays_of(path)["labels"] for path in files)
    assert first.shape == (160,) and set(first) == set(second) == {0, 1, 2}
    assert not np.array_equal(first, second)
    report = json.loads((stage_of(finished, "classifier") / "partition.json").read_text())
    assert report["sizes"] == np.bincount(first).tolist()


def test_the_second_stage_learns_from_the_first_one(finished):
    (path,) = (finished / "stages").glob("classifier-*.npz")
    assert np.bincount(arrays_of(path)["labels"]).tolist() == [80, 80]
    assert not list((finished / "stages").glob("autoencoder-*.npz"))  # which needs to know nothing of the samples


def test_a_run_that_continues_within_a_phase_uses_its_arrays(finished, call, differing, tmp_path):
    found = {}
    for name, clusters_anew in (("kept", False), ("anew", True)):
        workdir = tmp_path / name
        shutil.copytree(finished, workdir)
        for step in (30, 35, 40):
            shutil.rmtree(workdir / "checkpoints" / f"step_{step:08d}")
        if clusters_anew:
            shutil.rmtree(workdir / "arrays")
        ended = call("train", *ARGV, f"--workdir={workdir}")
        assert ended.code == 0, ended.err
        found[name] = differing(workdir, finished)
    assert found["kept"] == []
    assert found["anew"]  # so the file is what makes them equal


def test_one_stage_after_the_other_is_the_same(finished, call, differing, tmp_path):
    workdir = tmp_path / "one"
    ended = call("train", *ARGV, f"--workdir={workdir}", "--stage=main")
    assert ended.code == 2 and "--stage=main needs the stage autoencoder, which is not finished" in ended.err
    for stage in ("autoencoder", "classifier"):
        ended = call("train", *ARGV, f"--workdir={workdir}", f"--stage={stage}")
        assert ended.code == 0, ended.err
        assert ended.out.splitlines()[-1] == f"done: step 10, in {stage_of(workdir, stage)}"
        assert differing(stage_of(workdir, stage), stage_of(finished, stage)) == []
        assert not (workdir / "checkpoints").exists()
    assert call("train", *ARGV, f"--workdir={workdir}", "--stage=main").code == 0
    assert differing(workdir, finished) == []


def test_a_finished_stage_of_another_run(finished, call, differing, tmp_path):
    workdir, ready = tmp_path / "ready", stage_of(finished, "classifier")
    ended = call("train", *ARGV, f"--workdir={workdir}", f"--stage_from={ready}")
    assert ended.code == 0 and "stage" not in ended.err, ended.err
    assert not (workdir / "stages").exists()
    assert differing(workdir, finished) == []
    for folder, flags, message in (
        (ready, ["--method.clusters=4"], "was trained with --method.clusters 3, and this run has 4."),
        (ready, ["--network.hidden_units=4"], "was trained with --network.hidden_units 8, and this run has 4."),
        (stage_of(finished, "autoencoder"), [], "trains generator, encoder; this run needs discriminator. Name the"),
    ):
        ended = call("train", *ARGV, *flags, f"--workdir={tmp_path}/refused", f"--stage_from={folder}")
        assert ended.code == 2 and message in ended.err
        assert not (tmp_path / "refused").exists()


def test_an_optional_stage_is_left_out(call, tmp_path):
    ended = call("train", *ARGV, f"--workdir={tmp_path}/run", "--autoencoder.train_steps=0", "--train_steps=5")
    assert ended.code == 0, ended.err
    assert [path.name[:10] for path in (tmp_path / "run" / "stages").iterdir() if path.is_dir()] == ["classifier"]


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--classifier.quantile=1.5", "--classifier.quantile is 1.5; it must be in (0, 1)."),
        ("--classifier.quantile=0.001", "--classifier.quantile is 0.001; it must be at least 1/160."),
        ("--classifier.batch_size=161", "--classifier.batch_size is 161; it must be at most 160, the samples of"),
        ("--classifier.train_steps=0", "--classifier.train_steps is 0; it must be at least 1."),
        ("--autoencoder.train_steps=-1", "--autoencoder.train_steps is -1; it must be at least 0."),
        ("--method.clusters=161", "--method.clusters is 161; it must be at most 160."),
        ("--stage=clasifier", "did you mean classifier? give one of all, autoencoder, classifier, main"),
        ("--backbone=invertible_mlp", f"--method={__name__}:Reclustering takes no backbone; leave it out"),
        ("--pretext.train_steps=5", "--pretext.train_steps belongs to the method pgmgan"),
    ],
)
def test_bad_flags_are_rejected_before_anything_is_trained(flag, message, call, tmp_path):
    for dry in ((), ("--dry_run",)):
        ended = call("train", *ARGV, flag, f"--workdir={tmp_path}/run", *dry)
        assert ended.code == 2 and message in ended.err
        assert not (tmp_path / "run").exists()


def test_its_flags_are_in_the_help(call):
    shown = call("train", "--help", ARGV[0], "--dataset=ring8").out
    assert "Stage classifier: A discriminator that learns which samples have large errors." in " ".join(shown.split())
    for flag, about in {
        "classifier.quantile": "Label the samples above this quantile.",
        "autoencoder.train_steps": "Train this stage for this many steps. 0 leaves the stage out.",
        "classifier.train_steps": "Train this stage for this many steps.",
        "classifier.optimizer.learning_rate": "",
    }.items():
        assert re.search(rf"--{flag}=.*\n +{about}", shown), flag
    assert "--classifier.seed" not in shown and "pretext" not in shown


def test_samples_and_exports(finished, call, tmp_path):
    assert call("sample", f"--workdir={finished}", "--count=6", f"--output={tmp_path}/six.npz").code == 0
    ended = call("export", f"--workdir={finished}", f"--output={tmp_path}/export")
    assert ended.code == 0, ended.err
    served = tf.saved_model.load(str(tmp_path / "export" / "1"))
    asked = {"count": tf.constant(6, tf.int64), "seed": tf.constant(0, tf.int64)}
    found = served.signatures["generate"](**asked)["samples"]
    np.testing.assert_allclose(found, np.load(tmp_path / "six.npz")["samples"], rtol=1e-4, atol=1e-5)
