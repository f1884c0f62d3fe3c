"""Small games to export and to sample from, and how their samples are compared."""

import keras
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from tfgan2.data.scaling import Scaling
from tfgan2.layers.spectral import SpectralDense
from tfgan2.methods.gngan import GNGAN
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks.mlp import MLP

SCALING = Scaling(-4.0, 8.0)
SEED = 7


def compiled(model):
    """Compiles a game that keeps averages, and moves its weights away from them."""
    optimizers = {role: keras.optimizers.SGD() for role in model.trained_roles}
    model.compile(optimizers, ema_decay=0.9)
    for variable in model.generator.variables + (model.encoder.variables if "encoder" in model.networks else []):
        variable.assign_add(np.random.default_rng(0).uniform(0.1, 0.3, variable.shape).astype("float32"))
    return model


def autoencoding_game():
    keras.utils.set_random_seed(1)
    mlp = MLP(latent_dim=3, hidden_units=8)
    return compiled(GNGAN(mlp.generator((2,)), mlp.discriminator((2,)), mlp.encoder((2,))))


def game_without_encoder(generator):
    discriminator = MLP(hidden_units=4).discriminator(generator.output_shape[1:])
    return compiled(GNGAN(generator, discriminator, autoencoder=False, prior="normal"))


def spectral_game():
    """Our own layers, statistics that do not train, and samples of two axes."""
    keras.utils.set_random_seed(2)
    latents = keras.Input((3,))
    hidden = keras.layers.BatchNormalization()(SpectralDense(8, activation="relu")(latents))
    return game_without_encoder(keras.Model(latents, keras.layers.Reshape((4, 2))(SpectralDense(8)(hidden))))


class Chooser(StandardGAN):
    """A GAN with three labels to choose from."""

    choice = "label"
    offered_choices = (0, 1, 2)


def choosing_game():
    """Moves latents by 10 times the label."""
    latents, labels = keras.Input((2,)), keras.Input((), dtype="int32")
    places = keras.layers.Embedding(
        3, 2, embeddings_initializer=keras.initializers.Constant([[10.0 * i] * 2 for i in range(3)])
    )
    generator = keras.Model([latents, labels], latents + places(labels))
    model = Chooser(generator, MLP(hidden_units=4).discriminator((2,)))
    model.compile({role: keras.optimizers.SGD() for role in model.trained_roles})
    return model


def assert_close(actual, desired):
    np.testing.assert_allclose(actual, desired, rtol=1e-6, atol=1e-6)


def assert_differ(actual, desired):
    assert np.abs(actual - desired).max() > 1e-2


def replay(path):
    """(signature, inputs, outputs) of each warm-up request of an export, one for each signature."""
    signatures = tf.saved_model.load(str(path)).signatures
    records = tf.data.TFRecordDataset(str(path / "assets.extra/tf_serving_warmup_requests"))
    replayed = []
    for record in records.as_numpy_iterator():
        log = prediction_log_pb2.PredictionLog.FromString(record)
        assert log.WhichOneof("log_type") == "predict_log"
        signature = log.predict_log.request.model_spec.signature_name
        inputs = {key: tf.make_ndarray(value) for key, value in log.predict_log.request.inputs.items()}
        outputs = signatures[signature](**{key: tf.constant(value) for key, value in inputs.items()})
        assert all(len(value) == 16 for value in outputs.values())
        replayed.append((signature, inputs, outputs))
    assert sorted(signature for signature, _, _ in replayed) == sorted(signatures)
    return replayed
