"""Networks for labelled samples, made from those of a family without labels."""

import abc
import copy

import keras


class ConditionalNetworks(abc.ABC):
    """Adds conditional networks to a family that has `latent_dim`, `generator` and `discriminator`.

    The family's discriminator names its last activations "features"; all heads start from there.
    """

    @abc.abstractmethod
    def generator(self, sample_shape):
        """Latents [n, latent_dim] -> samples [n, *sample_shape]."""

    @abc.abstractmethod
    def discriminator(self, sample_shape):
        """Samples [n, *sample_shape] -> logits [n, 1]."""

    def conditional_generator(self, sample_shape, class_count):
        """Latents followed by one-hot labels [n, latent_dim + class_count] -> samples [n, *sample_shape].

        The labels join the latents as if these had more dimensions.
        """
        wider = copy.copy(self)
        wider.latent_dim = self.latent_dim + class_count
        return wider.generator(sample_shape)

    def conditional_discriminator(self, sample_shape, class_count, heads):
        """Samples -> [logits [n, 1], an output [n, class_count] for each head].

        Args:
          sample_shape: of a sample.
          class_count: number of labels.
          heads: names of outputs; "projection" is the inner product of the features, of images their mean over places,
            with an embedding of each label (Miyato and Koyama, 2018).
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
