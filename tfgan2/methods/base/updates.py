"""Updates: gradient steps of players, with the optimizers of their networks.

A network has one optimizer for all players that move it, or one optimizer for each of these players. Adam's moments are
then shared or separate. Shared moments mix the losses: the step of one player continues beta_1 of the previous player's
step. Separate moments do not mix them, but Adam divides a gradient by its size: once the gradient of one loss vanishes,
its optimizer takes full steps along noise. On GN-GAN's grid of 25 modes shared moments covered 24 or 25 modes and
separate moments covered 11 to 16, in trials of one seed each (results/gngan_grid25.md).
"""

import tensorflow as tf

from tfgan2.layers.spectral import power_iterate
from tfgan2.methods.base.gradient_functions import make_gradient_function


class Updates:
    """Moves players down their losses.

    Args:
      networks: Role -> network.
      optimizers: Name -> built Keras optimizer. The name is a role, or "<role>/<player>" for the optimizer of one
        player.
      compiled: Whether XLA compiles each loss with its gradient where several replicas train. On one device the whole
        step is compiled instead.
    """

    def __init__(self, networks, optimizers, *, compiled):
        self._networks = networks
        self._optimizers = optimizers
        for optimizer in optimizers.values():
            # Keras exchanges the gradients of each network. `minimize` has then exchanged those of all networks.
            optimizer._all_reduce_sum_gradients = lambda gradients_and_variables: gradients_and_variables
        self._compiled = compiled
        self._gradient_functions = {}

    def minimize(self, player, roles, loss_function, tensors, *, coupled):
        """Moves one player one step down its loss.

        Args:
          player: The player's name.
          roles: Roles of the networks that it moves.
          loss_function: Maps `tensors` to (loss, terms): a scalar, the mean over this replica's samples, and a dict of
            scalars to report.
          tensors: Arguments of the loss.
          coupled: Whether the loss calls `Game.global_mean`.

        Returns:
          The loss, the terms and the norm of the gradient of this replica's loss, named "<player>/<term>".
        """
        for role in roles:
            power_iterate(self._networks[role])
        variables = {role: self._networks[role].trainable_variables for role in roles}
        context = tf.distribute.get_replica_context()
        replicas = context.num_replicas_in_sync
        gradient_function = self._gradient_function(player, loss_function, variables, replicas, coupled)
        loss, terms, gradients = gradient_function(*tensors)
        summed = gradients
        if replicas > 1:
            # One exchange for all networks, as its cost hardly depends on its size.
            shares = tf.nest.map_structure(lambda gradient: gradient / replicas, gradients)
            summed = context.all_reduce(tf.distribute.ReduceOp.SUM, shares)
        for role in roles:
            optimizer = self._optimizers.get(f"{role}/{player}") or self._optimizers[role]
            optimizer.apply(summed[role], variables[role])
        report = {"loss": loss, **terms, "gradient_norm": tf.linalg.global_norm(tf.nest.flatten(gradients))}
        return {f"{player}/{term}": tf.cast(value, tf.float32) for term, value in report.items()}

    def forget(self):
        """Drops the compiled losses. The losses of a new phase are others."""
        self._gradient_functions.clear()

    def _gradient_function(self, player, loss_function, variables, replicas, coupled):
        """Maps tensors to (loss, terms, gradients). A function that XLA compiles is traced once and used again."""
        function = make_gradient_function(player, loss_function, variables)
        if not self._compiled or replicas == 1 or coupled:
            return function
        compiled = tf.function(function, autograph=False, jit_compile=True)
        return self._gradient_functions.setdefault((player, loss_function), compiled)
