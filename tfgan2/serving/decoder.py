"""The generator of a game as a Keras model from latents to samples in data units."""

import keras

from tfgan2.data.scaling import Scaling
from tfgan2.errors import InputError


@keras.saving.register_keras_serializable("tfgan2")
class ToData(keras.layers.Layer):
    """Maps the range of the networks to data units, for images with opacity. See `Scaling`.

    Args:
      offset, scale, background: As in `Scaling`.
      **options: Options of `keras.layers.Layer`.
    """

    def __init__(self, offset, scale, background, **options):
        super().__init__(**options)
        self.scaling = Scaling(offset, scale, tuple(background))

    def call(self, inputs):
        return self.scaling.to_data(inputs)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), **self.scaling._asdict()}


def decoder_of(model, scaling):
    """Returns a functional Keras model with the networks and the present weights of a game.

    Its input is "latents", float32 [n, latent_dim]. If samples can be chosen, it also has "choice", int32 [n]: the
    numbers of classes, generators or partitions. Its output is "samples" in data units, float32 [n, ...].

    Args:
      model: A `GenerativeGame`.
      scaling: The `Scaling` between data units and the output range of the generator.

    Raises:
      InputError: `drawn` rejects latents, or `generate` is not made of Keras layers and operations.
    """
    name = type(model).__name__
    if model.rejects:
        raise InputError(
            f"{name} redraws latents until their sample lies in its partition, and only a SavedModel can hold this "
            "rejection. Take --format=saved_model."
        )
    latents = keras.Input((model.latent_dim,), name="latents")
    choice = keras.Input((), dtype="int32", name="choice") if model.choice else None
    try:
        generated = model.generate((latents, choice) if model.choice else latents)
    except (ValueError, TypeError, NotImplementedError) as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(
            f"generate of {name} cannot be a Keras model: {reason} Write it with keras.ops instead of tf, or take "
            "--format=saved_model."
        ) from error
    options = {"name": "samples", "dtype": "float32"}
    if scaling.background is None:
        to_data = keras.layers.Rescaling(scaling.scale, scaling.offset, **options)
    else:
        to_data = ToData(*scaling, **options)
    return keras.Model([latents, choice] if model.choice else latents, to_data(generated), name="decoder")
