"""Regularisers of discriminators that every method can add to its loss: R1, R2 and LeCam; and ADA's probability."""

import dataclasses
from typing import Annotated

import tensorflow as tf

from tfgan2.errors import ArgumentError, InputError
from tfgan2.layers.adaptive_augmentation import AdaptiveAugmentation
from tfgan2.losses.lecam import lecam
from tfgan2.losses.sample_penalties import lazily, penalized
from tfgan2.methods.base.logit_averages import LogitAverages
from tfgan2.methods.base.schedules import cosine
from tfgan2.ranges import Count, In, NonNegative, UnitInterval, check_fields


@dataclasses.dataclass(kw_only=True, frozen=True)
class Regularizers:
    """What is added to the loss of each discriminator, and how strongly its images are augmented.

    Args:
      r1_weight: Weight gamma of R1, gamma / 2 times the mean squared norm of the logit's gradient at real samples.
      r2_weight: Weight gamma of R2, the same at generated samples.
      penalty_end: Factor of both weights at the end. They move there from the start by half a cosine, over
        schedule_steps.
      penalty_every: Number of steps from one computation of R1 and R2 to the next. It multiplies their weights.
      lecam_weight: Weight of LeCam, which holds the logits of real samples near the average logit of generated samples,
        and the reverse.
      ada_target: Target of the mean sign of the logits of real samples, with --network.augmentation=ada. The
        probability of the transformations rises while it is above.
      ada_end: Probability of these transformations at the end, as in R3GAN. It moves there from 0 by half a cosine,
        over schedule_steps, instead of following the target. None follows the target.
      schedule_steps: Number of steps that the schedules span.

    Raises:
      ArgumentError: a value is out of range.
    """

    r1_weight: NonNegative = 0.0
    r2_weight: NonNegative = 0.0
    penalty_end: UnitInterval = 1.0
    penalty_every: Count = 1
    lecam_weight: NonNegative = 0.0
    ada_target: Annotated[float, In("[-1, 1]")] = 0.6
    ada_end: UnitInterval | None = None
    schedule_steps: Count = 1

    def __post_init__(self):
        check_fields(self)

    @property
    def weights(self):
        """The weights of all regularisers."""
        return self.r1_weight, self.r2_weight, self.lecam_weight


class Regularization:
    """Computes the regularisers of a game's discriminators, and keeps what they remember from step to step.

    Args:
      regularizers: The `Regularizers`.
      networks: role -> network. Roles of discriminators end in "discriminator".

    Raises:
      ArgumentError: a probability of augmentation is given, and no discriminator has adaptive augmentation.
    """

    def __init__(self, regularizers, networks):
        judges = {role: network for role, network in networks.items() if role.endswith("discriminator")}
        self._regularizers = regularizers
        self._averages = {role: LogitAverages() for role in judges} if regularizers.lecam_weight else {}
        self._augmentations = {role: list(_adaptive_layers(network)) for role, network in judges.items()}
        self._batch_sizes = {}
        self._used = False
        if regularizers.ada_end is not None and not any(self._augmentations.values()):
            accepted = "None without adaptive augmentation in a discriminator"
            raise ArgumentError("ada_end", regularizers.ada_end, accepted, "Try --network.augmentation=ada.")

    def terms(self, role, step, real, fake, boundary):
        """The regularisers of one discriminator.

        Args:
          role: Role of the discriminator.
          step: Number of steps before this one.
          real, fake, boundary: See `Game.regularized`.

        Returns:
          (sum of the weighted regularisers or None without any, terms to report).
        """
        options, prefix = self._regularizers, _prefix(role)
        self._used = True
        follows = real is not None and bool(self._averages.get(role) or self._augmentations.get(role))
        if not (any(options.weights) or follows):
            return None, {}
        sides = {"r1": (options.r1_weight, real), "r2": (options.r2_weight, fake)}
        total, terms, logits = 0.0, {}, {}
        for name, (weight, side) in sides.items():
            if weight and side is not None:
                logits[name], terms[f"{prefix}{name}"] = self._penalty(step, *side)
                total += weight * self._factor(step) * terms[f"{prefix}{name}"]
            if follows and side is not None and logits.get(name) is None:
                logits[name] = side[0](side[1])
        if follows:
            self._batch_sizes[role] = real[1].shape[0]
            real_logits, fake_logits = logits["r1"], logits["r2"]
            means = tf.reduce_mean(real_logits), tf.reduce_mean(fake_logits)
            terms |= {f"{prefix}real_mean": means[0], f"{prefix}fake_mean": means[1]}
            limit = means[1] if boundary is None else boundary
            terms[f"{prefix}sign"] = tf.reduce_mean(tf.sign(real_logits - limit))
            if role in self._averages:
                averages = self._averages[role]
                terms[f"{prefix}lecam"] = lecam(real_logits, fake_logits, averages.real, averages.fake)
                total += options.lecam_weight * terms[f"{prefix}lecam"]
        return total, terms

    def follow(self, player, roles, report, step):
        """Updates the averages and the probabilities of augmentation after an update of a player.

        Args:
          player: The player's name.
          roles: Roles of the networks that it moved.
          report: What the update reported on this replica.
          step: Number of steps before this one.

        Returns:
          What to report besides.
        """
        added = {}
        for role in roles:
            start = f"{player}/{_prefix(role)}"
            if f"{start}sign" not in report:
                continue
            if role in self._averages:
                self._averages[role].update(*(_mean(report[f"{start}{kind}_mean"]) for kind in ("real", "fake")))
            for layer in self._augmentations[role]:
                self._move(layer, report[f"{start}sign"], self._batch_sizes[role], step)
                added[f"{start}augmentation_probability"] = tf.convert_to_tensor(layer.probability)
        return added

    def check_used(self, method):
        """Raises InputError if there are regularisers and a method has never added them to a loss."""
        wanted = any(self._regularizers.weights) or any(self._augmentations.values())
        if wanted and not self._used:
            raise InputError(
                f"{method} never calls `regularized`, so --regularizer.* and --network.augmentation=ada have no effect "
                "on it. Leave them out, or call it in the loss of the discriminator."
            )

    def state(self):
        """Name -> variable, for checkpoints."""
        return {
            f"{role}/{name}": variable
            for role, averages in self._averages.items()
            for name, variable in averages.state().items()
        }

    def _move(self, layer, sign, batch_size, step):
        """Moves the probability of an augmentation after a step."""
        options = self._regularizers
        if options.ada_end is not None:
            layer.probability.assign(cosine(step + 1, options.schedule_steps, 0.0, options.ada_end))
            return
        replicas = tf.distribute.get_replica_context().num_replicas_in_sync
        layer.adapt(_mean(sign), batch_size * replicas, options.ada_target)

    def _penalty(self, step, function, samples):
        """(logits or None, penalty); the logits are those of the penalty's own pass, if each step has one."""
        if self._regularizers.penalty_every == 1:
            return penalized(function, samples)
        return None, lazily(lambda: penalized(function, samples)[1], step, self._regularizers.penalty_every)

    def _factor(self, step):
        options = self._regularizers
        return 1.0 if options.penalty_end == 1.0 else cosine(step, options.schedule_steps, 1.0, options.penalty_end)


def _adaptive_layers(network):
    return (layer for layer in network._flatten_layers() if isinstance(layer, AdaptiveAugmentation))


def _prefix(role):
    return role.removesuffix("discriminator")


def _mean(value):
    """Mean over the replicas."""
    context = tf.distribute.get_replica_context()
    return value if context.num_replicas_in_sync == 1 else context.all_reduce(tf.distribute.ReduceOp.MEAN, value)
