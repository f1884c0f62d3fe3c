"""Regularisers of discriminators that every method can add to its loss: R1, R2 and LeCam; and ADA's adaptation."""

import dataclasses

import tensorflow as tf

from tfgan2.errors import InputError
from tfgan2.layers.adaptive_augmentation import AdaptiveAugmentation
from tfgan2.losses.lecam import lecam
from tfgan2.losses.sample_penalties import lazily, penalized
from tfgan2.methods.base.logit_averages import LogitAverages
from tfgan2.methods.base.schedules import cosine
from tfgan2.ranges import Count, NonNegative, UnitInterval, check_fields


@dataclasses.dataclass(kw_only=True, frozen=True)
class Regularizers:
    """What is added to the loss of each discriminator.

    Args:
      r1_weight: Weight gamma of R1, gamma / 2 times the mean squared norm of the logit's gradient at real samples.
      r2_weight: Weight gamma of R2, the same at generated samples.
      penalty_end: Factor of both weights at the end. They move there from the start by half a cosine, over
        schedule_steps.
      penalty_every: Number of steps from one computation of R1 and R2 to the next. It multiplies their weights.
      lecam_weight: Weight of LeCam, which holds the logits of real samples near the average logit of generated samples,
        and the reverse.
      schedule_steps: Number of steps that the schedule spans.

    Raises:
      ArgumentError: a value is out of range.
    """

    r1_weight: NonNegative = 0.0
    r2_weight: NonNegative = 0.0
    penalty_end: UnitInterval = 1.0
    penalty_every: Count = 1
    lecam_weight: NonNegative = 0.0
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
    """

    def __init__(self, regularizers, networks):
        judges = {role: network for role, network in networks.items() if role.endswith("discriminator")}
        self._regularizers = regularizers
        self._averages = {role: LogitAverages() for role in judges} if regularizers.lecam_weight else {}
        self._augmentations = {role: list(_adaptive_layers(network)) for role, network in judges.items()}
        self._batch_sizes = {}

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
        follows = bool(self._averages.get(role) or self._augmentations.get(role))
        if not (any(options.weights) or follows):
            return None, {}
        self._batch_sizes[role] = 0 if real is None else real[1].shape[0]
        sides = {"r1": (options.r1_weight, real), "r2": (options.r2_weight, fake)}
        total, terms, logits = 0.0, {}, {}
        for name, (weight, side) in sides.items():
            if weight and side is not None:
                logits[name], terms[f"{prefix}{name}"] = self._penalty(step, *side)
                total += weight * self._factor(step) * terms[f"{prefix}{name}"]
            if follows and side is not None and logits.get(name) is None:
                logits[name] = side[0](side[1])
        if follows and real is not None:
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

    def follow(self, player, roles, report):
        """Updates the averages and the probabilities of augmentation after an update of a player.

        Args:
          player: The player's name.
          roles: Roles of the networks that it moved.
          report: What the update reported on this replica.

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
                replicas = tf.distribute.get_replica_context().num_replicas_in_sync
                layer.adapt(_mean(report[f"{start}sign"]), self._batch_sizes[role] * replicas)
                added[f"{start}augmentation_probability"] = tf.convert_to_tensor(layer.probability)
        return added

    def check_used(self, method):
        """Raises InputError if there are regularisers and a method has never added them to a loss."""
        wanted = any(self._regularizers.weights) or any(self._augmentations.values())
        if wanted and not self._batch_sizes:
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
