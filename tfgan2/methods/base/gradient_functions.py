"""The gradients of a player's loss."""

import tensorflow as tf

from tfgan2.methods.base.step_checks import StepError, check_loss


def make_gradient_function(player, loss_function, variables):
    """Makes the function that differentiates a loss.

    Args:
      player: Name of the player, for the error.
      loss_function: Maps tensors to (loss, terms): a scalar and a dict of scalars.
      variables: role -> list of the Keras variables that the player moves.

    Returns:
      A function (tensors) -> (loss, terms, gradients), the gradients in the structure of the variables. It raises
      StepError if the loss is not a scalar or does not depend on each of the variables.
    """

    def gradient_function(*tensors):
        watched = tf.nest.map_structure(lambda variable: variable.value, variables)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(watched)
            result = loss_function(*tensors)
            check_loss(player, result)
        loss, terms = result
        gradients = tape.gradient(loss, watched)
        pairs = zip(tf.nest.flatten(variables), tf.nest.flatten(gradients), strict=True)
        missing = [variable.path for variable, gradient in pairs if gradient is None]
        if missing:
            raise StepError(f"the loss of the player {player!r} does not reach {', '.join(missing)}.")
        # If the loss is linear in a weight, TensorFlow drops the order of the weight's read and update, and can read
        # the weight after the update. The loss depends on all reads.
        with tf.control_dependencies([loss]):
            gradients = tf.nest.map_structure(tf.identity, gradients)
        return loss, terms, gradients

    return gradient_function
