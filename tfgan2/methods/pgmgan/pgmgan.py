"""PGMGAN: a mixture of generators, each guided into its part of the data space (Armandpour et al., CVPR 2021)."""

from typing import Literal

import tensorflow as tf

from tfgan2.checks import check_at_least, check_choices, check_range
from tfgan2.losses.adversarial import ADVERSARIAL_LOSSES
from tfgan2.losses.guide import guide
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.methods.base.latents import draw, draw_weighted_choices

_BLOCK, _IMAGE_BLOCK = 1024, 64  # samples that are judged at once while latents are drawn
_ROUND = 1 << 32  # what a further round adds to the seed of the latents, which is below 2^31


class PGMGAN(GenerativeGame):
    """Partition-guided mixture of GANs: one generator and one discriminator that are told the partition.

    The third stage of the method: a partitioner S = softmax(f), learned before and frozen, divides the data space into
    parts. Real samples belong to the part of their largest f_i; generated ones are asked for in the parts of the real
    ones, and a guide R_i (Eq. 6) pulls those that are outside into theirs. As in the public code the loss is a hinge
    and the guide a mean over f; the paper has Eq. 8 and a sum.

    Eq. 2 shows the discriminator of a part only those generated samples that lie in the part. Here, as in the public
    code, it sees all samples that were asked for in the part, also those outside.

    Without a partitioner the batches tell the partitions, at random (the paper's ablation) or by labels (its
    class-conditional GAN); then there is no guide and no rejection.

    Args:
      generator: (latents [n, latent_dim], partitions int32 [n]) -> samples.
      discriminator: samples -> logits [n, k], one for each partition.
      partition_network: samples -> f, logits [n, k]; None where partitions are random or labels.
      partitioner: what divides the data: learned by neighbours, kmeans of points or of embeddings, random, or labels.
      partitions: k, at least 2.
      loss: hinge, as in the public code; logistic, whose generator does not saturate; or saturating, as in Eq. 8.
      guide_weight: lambda, weight of the guide at the start, at least 0; 0 is the paper's Partition GAN.
      guide_reduction: of the guide over the k logits: mean, as in the public code, or sum, as in Eq. 6, k times
        as much.
      guide_steps: steps in which the weight falls linearly to 0, but never below its minimum; 0 keeps it.
      minimum_guide_weight: in [0, guide_weight].
      discriminator_steps: discriminator updates in each step, each on samples of its own, at least 1.
      rejection_rounds: how often at most latents are drawn for a sample until it lies in its part, at least 1; the last
        ones are taken if it never does, and 1 takes the first. The public code draws again 21 times.
      prior: distribution of the latents, "normal" or "uniform" U[-1, 1]^d.
      seed: of the random numbers drawn in training, in [0, 2^31).

    Raises:
      ValueError: a value is out of range, or the networks do not fit it.
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
        partitions: int = 25,
        loss: Literal["hinge", "logistic", "saturating"] = "hinge",
        guide_weight: float = 6.0,
        guide_reduction: Literal["mean", "sum"] = "mean",
        guide_steps: int = 50_000,
        minimum_guide_weight: float = 0.0,
        discriminator_steps: int = 4,
        rejection_rounds: int = 22,
        prior: Literal["normal", "uniform"] = "normal",
        seed: int = 0,
    ):
        choices = {"loss": loss, "guide_reduction": guide_reduction, "prior": prior}
        check_choices(PGMGAN.__init__, partitioner=partitioner, **choices)
        learns = _learns(partitioner)
        if learns != (partition_network is not None):
            needed = "needs a partition_network" if learns else "has no use for a partition_network"
            raise ValueError(f"partitioner is {partitioner!r}, which {needed}.")
        judges = {"discriminator": discriminator} | ({"partitioner": partition_network} if learns else {})
        super().__init__({"generator": generator} | judges, prior=prior, seed=seed)
        check_at_least(0.0, guide_weight=guide_weight)
        check_range(0.0, guide_weight, minimum_guide_weight=minimum_guide_weight)
        check_at_least(0, guide_steps=guide_steps)
        check_at_least(1, discriminator_steps=discriminator_steps, rejection_rounds=rejection_rounds)
        check_at_least(2, partitions=partitions)
        if guide_weight and not learns:
            raise ValueError(
                f"guide_weight is {guide_weight}; partitions that are {partitioner} have no partitioner to guide by: "
                "set it to 0."
            )
        for role, network in judges.items():
            width = network.output_shape[-1]
            if width != partitions:
                raise ValueError(f"partitions is {partitions}; the {role} has {width} outputs, and as many are needed.")
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
        # Traced once, however many are asked for.
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
        check_at_least(2, partitions=partitions)
        if arguments["partitioner"] == "labels" and not classes:
            raise ValueError(
                "partitioner is labels; the data have none: sort images into sub-folders, save labels beside arrays, "
                "or choose another."
            )
        if arguments["partitioner"] == "labels" and classes != partitions:
            raise ValueError(f"partitions is {partitions}; the data have {classes} classes, and so many are needed.")
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
        """The adversarial loss of the logits of each sample's own partition."""
        fake = self.generator((latents, partitions), training=True)
        real_logits = self.judge(real, partitions)
        fake_logits = self.judge(fake, partitions)
        return self.adversarial_loss.discriminator(real_logits, fake_logits), {
            "real_logit": tf.reduce_mean(real_logits),
            "fake_logit": tf.reduce_mean(fake_logits),
        }

    def generator_loss(self, partitions, latents, guide_weight):
        """The adversarial loss and the guide into each sample's own part."""
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
        """The weight of the guide at this step."""
        if not self.guide_steps:
            return tf.constant(self.guide_weight, tf.float32)
        left = 1.0 - tf.cast(self.step, tf.float32) / self.guide_steps
        return tf.maximum(self.guide_weight * left, self.minimum_guide_weight)

    def judge(self, samples, partitions):
        """The discriminator's logits [n] of samples in partitions [n], in training."""
        return tf.gather(self.discriminator(samples, training=True), partitions, axis=1, batch_dims=1)

    def partition(self, samples):
        """The part of each sample, int32 [n], by the partitioner."""
        return tf.argmax(self.partitioner(samples, training=False), axis=1, output_type=tf.int32)

    # What users call.

    @property
    def offered_choices(self):
        """Partitions without data are not offered."""
        return tuple(tf.where(self.shares.value() > 0.0)[:, 0].numpy().tolist())

    def choices(self, seed, count, choice=-1):
        """As in the base, but a partition is drawn as often as data are in it."""
        choice = tf.cast(choice, tf.int32)
        return tf.where(choice < 0, draw_weighted_choices(seed, count, self.shares), choice)

    def drawn(self, seed, count, choice=-1):
        """As in the base; latents whose samples are not in their part are drawn again, `rejection_rounds` at most."""
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
        """Which samples lie in their own part, booleans [n]; in graphs, too. Memory is bounded."""
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
        """Share of samples that lie in their own part at once, as they are first drawn."""
        return float(tf.reduce_mean(tf.cast(self._inside(*super().drawn(seed, count)), tf.float32)))

    def score(self, samples):
        """The logit [n, 1] of samples in the part that they lie in; without a partitioner the mean over partitions."""
        logits = self.discriminator(samples, training=False)
        if "partitioner" not in self.networks:
            return tf.linalg.matvec(logits, self.shares)[:, None]
        return tf.gather(logits, self.partition(samples), axis=1, batch_dims=1)[:, None]

    def state(self):
        return super().state() | {"shares": self.shares}


def _learns(partitioner):
    """Whether a partitioner is trained, rather than each sample given a number."""
    return partitioner in ("learned", "kmeans")
