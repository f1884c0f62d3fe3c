"""The self-conditioned GAN (Liu et al., CVPR 2020), and Logo-GAN (Sage et al., CVPR 2018) with fixed clusters."""

from typing import Annotated, Literal

from tfgan2.data.neighbors import pseudo_labels, reclustered
from tfgan2.errors import ArgumentError, InputError
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.features import pooled_features_of
from tfgan2.methods.base.partitioned_game import PartitionedGame
from tfgan2.methods.base.prepared import Grouping
from tfgan2.methods.self_conditioned.stages import AUTOENCODER, CLASSIFIER
from tfgan2.ranges import Count, In, Repeats, Seed, check_call


class SelfConditionedGAN(PartitionedGame):
    """A GAN that is conditioned on clusters of its own discriminator's features.

    Before the first step, and then every N steps,
      1. the features of all real samples are computed by the discriminator, in inference mode;
      2. k-means divides them into k clusters. It starts from the means of the present clusters in the new features, so
         that these move as little as they must; the first time it starts at random, ten times;
      3. the new clusters get the numbers of the present ones so that as many samples as possible keep their number
         (the Hungarian method).
    In between each real sample x keeps its cluster c, and a step is one of a conditional GAN: the discriminator D(x, c)
    has a logit for each cluster, and G(z, c) makes a sample for the cluster of each real one. Both players see the same
    latents z. Samples are drawn from the clusters in proportion to their share of the data.

    The authors' code finds the clusters of a subset of the data and assigns the other samples to the nearest mean. Here
    all samples take part. For ImageNet and Places the code has R1, here `--regularizer.r1_weight=20`.

    With `features=autoencoder` or `features=classifier` the clusters are found once, in features of a network that is
    trained before: Logo-GAN-AE, and Logo-GAN-RC with a classifier that learns the labels of the data. The network has
    the layers of the discriminator.

    Args:
      generator: Network: (latents [n, latent_dim], clusters int32 [n]) -> samples.
      discriminator: Network: samples -> logits [n, k], one for each cluster. Its layer "features" has the features.
        Those of places in an image are averaged.
      partitions: Number k of clusters, at least 2.
      features: Network with the features: discriminator, clustered anew every N steps; autoencoder or classifier, once.
      recluster_every: Number N of steps between two clusterings. The authors' code has 25,000 for CIFAR-10, 5,000 for
        points.
      loss: Loss of both players: logistic, as in the authors' code, with the non-saturating generator; hinge;
        saturating.
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.

    Raises:
      ArgumentError: a value is out of range, or the discriminator does not match it.
    """

    stages = (AUTOENCODER, CLASSIFIER)
    batch_keys = ("real", "labels")
    array_keys = ("labels",)

    def __init__(
        self,
        generator,
        discriminator,
        *,
        partitions: Annotated[int, In("[2, 4096]")] = 100,
        features: Literal["discriminator", "autoencoder", "classifier"] = "discriminator",
        recluster_every: Count = 10_000,
        loss: Literal["logistic", "hinge", "saturating"] = "logistic",
        discriminator_steps: Repeats = 1,
        prior: Literal["normal", "uniform"] = "normal",
        seed: Seed = 0,
    ):
        common = {"partitions": partitions, "loss": loss, "discriminator_steps": discriminator_steps}
        super().__init__({"generator": generator, "discriminator": discriminator}, **common, prior=prior, seed=seed)
        self.feature_source = features
        self.recluster_every = recluster_every
        self._numbers = None  # Cluster of each sample in this phase.
        if self.reclusters:
            self._features = pooled_features_of(discriminator)
            if self._features is None:
                accepted = "autoencoder or classifier for a discriminator without a layer named features"
                raise ArgumentError("features", features, accepted)

    @property
    def reclusters(self):
        """Whether the clusters are found anew every N steps."""
        return self.feature_source == "discriminator"

    @classmethod
    def stages_of(cls, arguments):
        return {"autoencoder": (AUTOENCODER,), "classifier": (CLASSIFIER,)}.get(arguments["features"], ())

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
        check_call(cls.__init__, arguments)
        if arguments["features"] == "classifier" and classes < 2:
            raise ArgumentError("features", "classifier", "another for data without labels of two classes")
        partitions = arguments["partitions"]
        return [
            network_of(family, "generator", shape, generators=partitions, output_shape=shape),
            network_of(family, "discriminator", shape, heads=partitions, output_shape=(partitions,)),
        ]

    def schedule(self, train_steps):
        if not self.reclusters:
            return super().schedule(train_steps)
        # One name for all phases: their losses do not differ, so the traced step is kept.
        ends = range(self.recluster_every, train_steps, self.recluster_every)
        return [("train", end) for end in (*ends, train_steps)]

    def learn_from(self, game, samples):
        """Finds the clusters of Logo-GAN in the features of the last stage."""
        if self.reclusters:
            return None
        if game is self:
            raise ArgumentError(
                "features", self.feature_source, "discriminator with --init_from, which starts without stages"
            )
        network = pooled_features_of(game.networks[game.averaged_roles[0]])
        self._numbers = pseudo_labels(samples.mapped(network), self.partitions, self.seed)
        return Grouping(self._numbers, self.partitions)

    def arrays_of(self, samples):
        """The cluster of each sample for the phase that begins."""
        begins = self.global_step == 0 or (self.reclusters and self.global_step % self.recluster_every == 0)
        if not begins or (self._numbers is None and self.global_step):
            raise InputError(
                f"the clusters of step {self.global_step} are missing in the folder arrays of the run; restore that "
                "folder, or start a new run."
            )
        if not self.reclusters:
            return {"labels": self._numbers}
        features = samples.mapped(lambda block: self._features(block, training=False))
        if self._numbers is None:
            return {"labels": pseudo_labels(features, self.partitions, self.seed)}
        return {"labels": reclustered(features, self._numbers, self.partitions, self.seed + self.global_step)}

    def take_arrays(self, arrays):
        self._numbers = arrays["labels"]
        self.share_out(self._numbers)

    def train_step(self, batch):
        draws = self.partitioned_draws(batch["real"], batch["labels"])
        report = self.update_discriminator(draws)
        _, own, latents = draws[-1]
        return report | self.minimize("generator", self.generator_loss, own, latents)

    def generator_loss(self, partitions, latents):
        """The adversarial loss of each sample's logit for its own cluster."""
        fake = self.generator((latents, partitions), training=True)
        return self.adversarial_loss.generator(self.judge(fake, partitions)), {}
