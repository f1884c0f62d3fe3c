"""PGMGAN: one generator per partition of the data, kept in it by a guide loss (Armandpour et al., CVPR 2021)."""

from typing import Annotated, Literal

import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.losses.guide import guide
from tfgan2.methods.base.families import network_of
from tfgan2.methods.pgmgan.rejecting_game import RejectingGame
from tfgan2.methods.pgmgan.stages import CLUSTERS, NEIGHBORS, PRETEXT
from tfgan2.ranges import In, NonNegative, Repeats, Seed, Steps, check_call


class PGMGAN(RejectingGame):
    """Partition-guided mixture of GANs: one generator and one discriminator, both conditioned on the partition.

    A partitioner S = softmax(f) divides the data space into k partitions. Earlier stages train it; here it is frozen. A
    real sample belongs to the partition of its largest f_i. Generated samples are requested in the partitions of the
    real ones, and a guide R_i (Eq. 6) pulls a sample that is outside into its partition. As in the public code the loss
    is a hinge and the guide a mean over f; the paper has Eq. 8 and a sum.

    In Eq. 2 the discriminator of a partition sees only those generated samples that fall into it. Here, as in the
    public code, it sees all samples that were requested in the partition.

    Without a partitioner each sample has a fixed partition, random (the paper's ablation) or from labels (its
    class-conditional GAN). Then there is no guide and no rejection.

    Args:
      generator: Network: (latents [n, latent_dim], partitions int32 [n]) -> samples.
      discriminator: Network: samples -> logits [n, k], one for each partition.
      partition_network: Network: samples -> f, logits [n, k]; None with random partitions or labels.
      partitioner: Source of the partitions: learned from neighbours; kmeans of points or of embeddings; random; labels.
      partitions: Number k of partitions, at least 2.
      loss: Loss of both players: hinge, as in the public code; logistic, with the non-saturating generator; saturating
        (Eq. 8).
      guide_weight: Weight lambda of the guide at the start; 0 is the paper's Partition GAN.
      guide_reduction: Reduction of the guide over the k logits: mean, as in the public code, or sum (Eq. 6), which is k
        times the mean.
      guide_steps: Steps in which the guide's weight decreases linearly to 0; 0 keeps it constant.
      minimum_guide_weight: Lower bound of the guide's weight, in [0, guide_weight].
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      rejection_rounds: Largest number of draws of latents until a sample lies in its partition. The last draw is used
        in any case. The public code redraws 21 times.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.

    Raises:
      ArgumentError: a value is out of range, or the networks do not match it.
    """

    stages = (PRETEXT, NEIGHBORS, CLUSTERS)
    takes_backbone = True

    def __init__(
        self,
        generator,
        discriminator,
        partition_network=None,
        *,
        partitioner: Literal["learned", "kmeans", "random", "labels"] = "learned",
        partitions: Annotated[int, In("[2, 4096]")] = 25,
        loss: Literal["hinge", "logistic", "saturating"] = "hinge",
        guide_weight: NonNegative = 6.0,
        guide_reduction: Literal["mean", "sum"] = "mean",
        guide_steps: Steps = 50_000,
        minimum_guide_weight: NonNegative = 0.0,
        discriminator_steps: Repeats = 4,
        rejection_rounds: Annotated[int, In("[1, 1000]")] = 22,
        prior: Literal["normal", "uniform"] = "normal",
        seed: Seed = 0,
    ):
        learns = _learns(partitioner)
        if learns != (partition_network is not None):
            accepted = "random or labels without" if learns else "learned or kmeans with"
            raise ArgumentError("partitioner", partitioner, f"{accepted} a partition_network")
        judges = {"discriminator": discriminator} | ({"partitioner": partition_network} if learns else {})
        super().__init__(
            {"generator": generator} | judges,
            partitions=partitions,
            loss=loss,
            discriminator_steps=discriminator_steps,
            fixed_partitions=None if learns else partitioner,
            rejection_rounds=rejection_rounds,
            prior=prior,
            seed=seed,
        )
        if guide_weight and not learns:
            accepted = f"0 with the partitioner {partitioner}, which no guide can follow"
            raise ArgumentError("guide_weight", guide_weight, accepted)
        if minimum_guide_weight > guide_weight:
            accepted = f"at most the guide_weight, {guide_weight}"
            raise ArgumentError("minimum_guide_weight", minimum_guide_weight, accepted)
        self.guide_weight = guide_weight
        self.guide_reduction = guide_reduction
        self.guide_steps = guide_steps
        self.minimum_guide_weight = minimum_guide_weight

    @classmethod
    def stages_of(cls, arguments):
        return {"learned": (PRETEXT, NEIGHBORS), "kmeans": (PRETEXT, CLUSTERS)}.get(arguments["partitioner"], ())

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments, backbone=None):
        """The generator, the discriminator and, where partitions are learned, the `backbone` family's partitioner."""
        partitions = arguments["partitions"]
        check_call(cls.__init__, arguments)
        if arguments["partitioner"] == "labels" and not classes:
            advice = "Sort images into sub-folders, or save labels beside arrays."
            raise ArgumentError("partitioner", "labels", "another for data without labels", advice)
        if arguments["partitioner"] == "labels" and classes != partitions:
            raise ArgumentError("partitions", partitions, f"{classes}, the number of classes of the data")
        return [
            network_of(family, "generator", shape, generators=partitions, output_shape=shape),
            network_of(family, "discriminator", shape, heads=partitions),
            network_of(backbone, "partitioner", shape, partitions) if _learns(arguments["partitioner"]) else None,
        ]

    def train_step(self, batch):
        partitions = self.partition(batch["real"]) if "partitioner" in self.networks else batch["labels"]
        draws = self.partitioned_draws(batch["real"], partitions)
        report = self.update_discriminator(draws)
        # The public code, too, updates the generator with the latents and partitions of the last of these updates.
        _, own, latents = draws[-1]
        return report | self.minimize("generator", self.generator_loss, own, latents, self.present_guide_weight())

    def generator_loss(self, partitions, latents, guide_weight):
        """The adversarial loss (Eq. 8) and the guide of each sample towards its own partition (Eq. 6)."""
        fake = self.generator((latents, partitions), training=True)
        loss = self.adversarial_loss.generator(self.judge(fake, partitions))
        if "partitioner" not in self.networks:
            return loss, {}
        logits = self.partitioner(fake, training=False)
        outside = guide(logits, partitions, reduction=self.guide_reduction)
        inside = tf.reduce_mean(tf.cast(outside == 0.0, tf.float32))
        guidance = tf.reduce_mean(outside)
        return loss + guide_weight * guidance, {"guide": guidance, "guide_weight": guide_weight, "inside": inside}

    def present_guide_weight(self):
        """The weight of the guide at this step, a float32 scalar."""
        if not self.guide_steps:
            return tf.constant(self.guide_weight, tf.float32)
        left = 1.0 - tf.cast(self.step, tf.float32) / self.guide_steps
        return tf.maximum(self.guide_weight * left, self.minimum_guide_weight)


def _learns(partitioner):
    """Whether a partitioner is trained, so that partitions are not fixed."""
    return partitioner in ("learned", "kmeans")
