"""PGMGAN: a mixture of generators, one for each part of the data space (Armandpour et al., CVPR 2021)."""

from typing import Annotated, Literal

import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.losses.adversarial import ADVERSARIAL_LOSSES
from tfgan2.losses.guide import guide
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.methods.base.latents import draw, draw_weighted_choices
from tfgan2.ranges import In, NonNegative, Repeats, Seed, Steps, check_call

_BLOCK, _IMAGE_BLOCK = 1024, 64  # samples in one pass through the partitioner
_ROUND = 1 << 32  # added to the seed of the latents, below 2^31, in each further round


class PGMGAN(GenerativeGame):
    """Partition-guided mixture of GANs: a generator and a discriminator that are conditioned on the partition.

    It is the last stage of the method. A partitioner S = softmax(f), trained before and frozen, divides the data space
    into parts. A real sample belongs to the part of its largest f_i. A generated sample is requested for the part of a
    real one, and a guide R_i (Eq. 6) penalises it outside of this part. As in the public code, the loss is a hinge and
    the guide is a mean over f. The paper prints Eq. 8 and a sum.

    In Eq. 2 the discriminator of a part sees only those generated samples that lie in the part. Here, as in the public
    code, it sees all samples that were requested for the part.

    Without a partitioner the batches contain the partitions: random ones (the paper's ablation) or labels (its
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
      rejection_rounds: Largest number of draws of latents until a sample lies in its part. The last draw is used in any
        case. The public code redraws 21 times.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.

    Raises:
      ArgumentError: a value is out of range, or the networks do not match it.
    """

    choice = "partition"
    stages = ("pretext", "partitioner", "kmeans")

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
        super().__init__({"generator": generator} | judges, prior=prior, seed=seed)
        if guide_weight and not learns:
            accepted = f"0 with the partitioner {partitioner}, which no guide can follow"
            raise ArgumentError("guide_weight", guide_weight, accepted)
        if minimum_guide_weight > guide_weight:
            accepted = f"at most the guide_weight, {guide_weight}"
            raise ArgumentError("minimum_guide_weight", minimum_guide_weight, accepted)
        for role, network in judges.items():
            width = network.output_shape[-1]
            if width != partitions:
                raise ArgumentError("partitions", partitions, f"{width}, the number of outputs of the {role}")
        self.partitions = partitions
        self.adversarial_loss = ADVERSARIAL_LOSSES[loss]
        self.guide_weight = guide_weight
        self.guide_reduction = guide_reduction
        self.guide_steps = guide_steps
        self.minimum_guide_weight = minimum_guide_weight
        self.discriminator_steps = discriminator_steps
        self.rejection_rounds = rejection_rounds
        self.batch_keys = ("real",) if learns else ("real", "labels")
        even = tf.fill([partitions], 1.0 / partitions)
        aggregation = tf.VariableAggregation.ONLY_FIRST_REPLICA
        self.shares = tf.Variable(even, trainable=False, name="shares", aggregation=aggregation)
        specs = tf.TensorSpec([None, self.latent_dim], tf.float32), tf.TensorSpec([None], tf.int32)
        # Traced once for any number of samples.
        self._inside = tf.function(self.inside, input_signature=specs, autograph=False)

    @classmethod
    def stages_of(cls, arguments):
        return {"learned": ("pretext", "partitioner"), "kmeans": ("pretext", "kmeans")}.get(
            arguments["partitioner"], ()
        )

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

    @property
    def players(self):
        return {"discriminator": ["discriminator"], "generator": ["generator"]}

    def train_step(self, batch):
        partitions = self.partition(batch["real"]) if "partitioner" in self.networks else batch["labels"]
        draws = [
            (real, own, self.random_latents(f"latents_{index}", real.shape[0]))
            for index, (real, own) in enumerate(self.discriminator_batches(batch["real"], partitions))
        ]
        report = self.update_discriminator(draws)
        # The public code, too, updates the generator with the latents and partitions of the last of these updates.
        _, own, latents = draws[-1]
        return report | self.minimize("generator", self.generator_loss, own, latents, self.present_guide_weight())

    def discriminator_loss(self, real, partitions, latents):
        """The adversarial loss of each sample's logit for its own partition."""
        fake = self.generator((latents, partitions), training=True)
        real_logits = self.judge(real, partitions)
        fake_logits = self.judge(fake, partitions)
        loss = self.adversarial_loss.discriminator(real_logits, fake_logits)
        terms = {"real_logit": tf.reduce_mean(real_logits), "fake_logit": tf.reduce_mean(fake_logits)}
        own_logits = lambda samples: self.judge(samples, partitions)  # noqa: E731
        return self.regularized(loss, terms, (own_logits, real), (own_logits, fake))

    def generator_loss(self, partitions, latents, guide_weight):
        """The adversarial loss (Eq. 8) and the guide of each sample towards its own part (Eq. 6)."""
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

    def judge(self, samples, partitions):
        """The discriminator's logits [n] of samples in partitions [n], in training mode."""
        return tf.gather(self.discriminator(samples, training=True), partitions, axis=1, batch_dims=1)

    def partition(self, samples):
        """The part of each sample, int32 [n], by the partitioner."""
        return tf.argmax(self.partitioner(samples, training=False), axis=1, output_type=tf.int32)

    # What users call.

    @property
    def offered_choices(self):
        """The partitions with data."""
        return tuple(tf.where(self.shares.value() > 0.0)[:, 0].numpy().tolist())

    def choices(self, seed, count, choice=-1):
        """As in the base class, but a partition is drawn in proportion to its share of the data."""
        choice = tf.cast(choice, tf.int32)
        return tf.where(choice < 0, draw_weighted_choices(seed, count, self.shares), choice)

    def drawn(self, seed, count, choice=-1):
        """As in the base class. Latents whose samples lie outside their part are redrawn, up to `rejection_rounds`
        draws.
        """
        latents, partitions = super().drawn(seed, count, choice)
        if "partitioner" not in self.networks:
            return latents, partitions
        seed = tf.cast(seed, tf.int64)

        def try_again(round_, latents, outside):
            fresh = tf.gather(draw(self.prior, seed + round_ * _ROUND, count, self.latent_dim), outside)
            latents = tf.tensor_scatter_nd_update(latents, outside[:, None], fresh)
            still = tf.logical_not(self._inside(fresh, tf.gather(partitions, outside)))
            return round_ + 1, latents, tf.boolean_mask(outside, still)

        outside = tf.where(tf.logical_not(self._inside(latents, partitions)))[:, 0]
        _, latents, _ = tf.while_loop(
            lambda round_, _, outside: tf.logical_and(round_ < self.rejection_rounds, tf.size(outside) > 0),
            try_again,
            (tf.constant(1, tf.int64), latents, outside),
            shape_invariants=(tf.TensorShape([]), latents.shape, tf.TensorShape([None])),
        )
        return latents, partitions

    def inside(self, latents, partitions):
        """Whether each sample lies in its own part, booleans [n]. It works in graphs, with bounded memory."""
        count = tf.shape(latents)[0]
        block = _BLOCK if len(self.generator.output_shape) == 2 else _IMAGE_BLOCK

        def judged(first, found):
            rows = slice(first, first + block)
            samples = self.generate((latents[rows], partitions[rows]))
            return first + block, found.write(first // block, self.partition(samples) == partitions[rows])

        blocks = tf.TensorArray(tf.bool, 0, dynamic_size=True, infer_shape=False, element_shape=[None])
        _, blocks = tf.while_loop(lambda first, _: first < count, judged, (0, blocks))
        return blocks.concat()

    def acceptance_rate(self, seed, count):
        """Share of samples that lie in their own part at the first draw."""
        return float(tf.reduce_mean(tf.cast(self._inside(*super().drawn(seed, count)), tf.float32)))

    def score(self, samples):
        """The logit [n, 1] of samples for their own part; without a partitioner the mean weighted by `shares`."""
        logits = self.discriminator(samples, training=False)
        if "partitioner" not in self.networks:
            return tf.linalg.matvec(logits, self.shares)[:, None]
        return tf.gather(logits, self.partition(samples), axis=1, batch_dims=1)[:, None]

    def state(self):
        return super().state() | {"shares": self.shares}


def _learns(partitioner):
    """Whether the partitions come from a trained partitioner."""
    return partitioner in ("learned", "kmeans")
