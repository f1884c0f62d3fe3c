"""Invertible residual networks for images, the backbone of PGMGAN's partitioner (Behrmann et al., 2019, i-ResNet)."""

import dataclasses
from typing import Annotated, Literal

import keras

from tfgan2.layers.invertible import ActNorm, InvertibleConv2D, SpaceToDepth
from tfgan2.networks.backbones import BackboneNetworks
from tfgan2.networks.image_networks import image_of, multiplied
from tfgan2.ranges import In, Positive, Repeats

Variant = Literal["strict", "public"]

_WIDTH = 32
_PADDED = 16
_FEATURES = 512


@dataclasses.dataclass(kw_only=True)
class InvertibleResNet(BackboneNetworks):
    """i-ResNet: stages of invertible residual blocks, with space-to-depth between the stages.

    A block is B(x) = x + F(x). F is ELU, conv3, ELU, conv1, ELU, conv3. The operator norm of each convolution is at
    most the coefficient L, so (1 - L^3) ||x - y|| <= ||B(x) - B(y)|| <= (1 + L^3) ||x - y||. The inner width is 32
    channels in the first stage and doubles with each stage. The first block has no leading ELU.

    - strict: Images are neither padded nor scaled. The features are all numbers of the last stage, as many as those of
      an image. So the backbone is smooth and onto, and PGMGAN's Theorem 3 holds where every part has a sample: every
      local optimum of a partitioner's guide lies inside the part, and every part is connected.
    - public: As in the authors' code, images are padded with zeros to 16 channels, and an unbounded scale and offset
      comes before each block. The features are 512 numbers after batch norm, LReLU(0.2), global average pooling and a
      dense layer. The theorem does not cover these. The scales start as 1 instead of from the first batch.

    Layers for samples of 32 x 32 x 3:

    | network  | layers               | output       |
    | -------- | -------------------- | ------------ |
    | backbone | 7 x invertible block | 32 x 32 x 3  |
    |          | space to depth       | 16 x 16 x 12 |
    |          | 7 x invertible block | 16 x 16 x 12 |
    |          | space to depth       | 8 x 8 x 48   |
    |          | 7 x invertible block | 8 x 8 x 48   |

    Args:
      variant: Variant of the network: strict, which the theory needs, or public, as in the authors' code.
      stages: Number of stages. The size of images must be divisible by 2 ** (stages - 1).
      blocks: Number of residual blocks in each stage.
      width_multiplier: Factor of the inner widths, and of the features of the public variant. They are rounded, and at
        least 8.
      coefficient: Largest operator norm of each convolution, in (0, 1).
      power_iterations: Power iterations of the spectral norm before each update.
      synchronized: Whether the public variant's batch norm takes the statistics over all devices. Over several devices
        XLA does not compile it.

    Further arguments are those of `BackboneNetworks`, with its errors.
    """

    variant: Variant = "strict"
    stages: Repeats = 3
    blocks: Repeats = 7
    width_multiplier: Positive = 1.0
    coefficient: Annotated[float, In("(0, 1)")] = 0.9
    power_iterations: Repeats = 5
    synchronized: bool = False

    def _features(self, samples):
        size = image_of(samples.shape[1:]).size
        if size % (1 << (self.stages - 1)):
            most = (size & -size).bit_length()
            raise ValueError(
                f"images have {size} pixels, which {self.stages} stages cannot halve {self.stages - 1} times; "
                f"give stages of at most {most}, or resize the images."
            )
        outputs = samples
        if self.variant == "public":
            outputs = keras.ops.pad(outputs, [[0, 0]] * 3 + [[0, _PADDED - outputs.shape[-1]]])
        for stage in range(self.stages):
            if stage:
                outputs = SpaceToDepth(name=f"stage_{stage + 1}_halve")(outputs)
            for index in range(self.blocks):
                outputs = self._block(outputs, stage, index)
        return self._pooled(outputs) if self.variant == "public" else keras.layers.Flatten(name="flatten")(outputs)

    def _block(self, inputs, stage, index):
        name = f"stage_{stage + 1}_block_{index + 1}"
        if self.variant == "public":
            inputs = ActNorm(name=f"{name}_norm")(inputs)
        return InvertibleConv2D(
            multiplied(_WIDTH << stage, self.width_multiplier),
            coefficient=self.coefficient,
            iterations=self.power_iterations,
            activates_first=stage + index > 0,
            name=name,
        )(inputs)

    def _pooled(self, inputs):
        # The authors' momentum of .9 is the weight of the new batch.
        outputs = keras.layers.BatchNormalization(
            momentum=0.1, epsilon=1e-5, synchronized=self.synchronized, name="norm"
        )(inputs)
        outputs = keras.layers.LeakyReLU(0.2, name="relu")(outputs)
        outputs = keras.layers.GlobalAveragePooling2D(name="pool")(outputs)
        return keras.layers.Dense(multiplied(_FEATURES, self.width_multiplier), name="features")(outputs)
