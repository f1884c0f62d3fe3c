"""The gradients of a player's loss."""

import tensorflow as tf


def make_gradient_function(player, loss_function, variables):
    """Makes the function that differentiates a loss.

    Args:
      player: Name of the player, for the error.
      loss_function: Maps tensors to (loss, terms): a scalar and a dict of scalars.
      variables: role -> list of the Keras variables that the player moves.

    Returns:
      A function (tensors) -> (loss, terms, gradients), the gradients in the structure of the variables. It raises
      ValueError if the loss does not depend on each of the variables.
    """

    def gradient_function(*tensors):
        watched = tf.nest.map_structure(lambda variable: variable.value, variables)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(watched)
            loss, terms = loss_function(*tensors)
        gradients = tape.gradient(loss, watched)
        pairs = zip(tf.nest.flatten(variables), tf.nest.flatten(gradients), strict=True)
        missing = [variable.path for variable, gradient in pairs if gradient is None]
        if missing:
            raise ValueError(f"the loss of player '{player}' does not reach {', '.join(missing)}.")
        # If the loss is linear in a weight, TensorFlow drops the order of the weight's read and update, and can read
        # the weight after the update. The loss depends on all reads.
        with tf.control_dependencies([loss]):
            gradients = tf.nest.map_structure(tf.identity, gradients)
        return loss, terms, gradients

    return gradient_function
