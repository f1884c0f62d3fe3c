"""Networks for labelled samples, made from those of a family without labels."""

import abc
import copy

import keras


class ConditionalNetworks(abc.ABC):
    """Adds conditional networks to a family with `latent_dim`, `generator` and `discriminator`.

    The layer "features" of the family's discriminator has its last activations. All heads start from there.
    """

    @abc.abstractmethod
    def generator(self, sample_shape):
        """Makes the network: latents [n, latent_dim] -> samples [n, *sample_shape]."""

    @abc.abstractmethod
    def discriminator(self, sample_shape):
        """Makes the network: samples [n, *sample_shape] -> logits [n, 1]."""

    def conditional_generator(self, sample_shape, class_count):
        """Makes the network: latents with one-hot labels [n, latent_dim + class_count] -> samples [n, *sample_shape].

        It is the family's generator for latents of a larger dimension.
        """
        wider = copy.copy(self)
        wider.latent_dim = self.latent_dim + class_count
        return wider.generator(sample_shape)

    def conditional_discriminator(self, sample_shape, class_count, heads):
        """Makes the network: samples -> [logits [n, 1], an output [n, class_count] for each head].

        Args:
          sample_shape: Shape of one sample.
          class_count: Number of labels.
          heads: Names of outputs. "projection" is the inner product of the features with an embedding of each label;
            features of images are averaged over places (Miyato and Koyama, 2018).
        """
        discriminator = self.discriminator(sample_shape)
        outputs = [self._head(discriminator, head, class_count) for head in heads]
        return keras.Model(discriminator.input, [discriminator.output, *outputs], name="discriminator")

    def _head(self, discriminator, head, class_count):
        if head == "projection":
            return self._projection(discriminator, class_count)
        features = discriminator.get_layer("features").output
        if len(features.shape) > 2:
            features = keras.layers.Flatten(name=f"{head}_flatten", dtype="float32")(features)
        return keras.layers.Dense(class_count, name=head, dtype="float32")(features)

    def _projection(self, discriminator, class_count):
        features = discriminator.get_layer("features").output
        if len(features.shape) > 2:
            features = keras.layers.GlobalAveragePooling2D(name="projection_pool", dtype="float32")(features)
        return keras.layers.Dense(class_count, use_bias=False, name="projection", dtype="float32")(features)
