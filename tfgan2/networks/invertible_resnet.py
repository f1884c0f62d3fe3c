"""Invertible residual networks for images, the backbone of PGMGAN's partitioner (Behrmann et al., 2019, i-ResNet)."""

import dataclasses
from typing import Literal, get_args

import keras

from tfgan2.checks import check_at_least
from tfgan2.layers.invertible import ActNorm, InvertibleConv2D, SpaceToDepth
from tfgan2.networks.backbones import BackboneNetworks, check_norm
from tfgan2.networks.image_networks import check_width_multiplier, image_of, multiplied

Variant = Literal["strict", "public"]

_WIDTH = 32
_PADDED = 16
_FEATURES = 512


@dataclasses.dataclass(kw_only=True)
class InvertibleResNet(BackboneNetworks):
    """i-ResNet: stages of invertible residual blocks, with space-to-depth between the stages.

    A block is x + F(x), where F is ELU, conv3, ELU, conv1, ELU, conv3 and each convolution's norm as an operator is at
    most the coefficient L: (1 - L^3) ||x - y|| <= ||B(x) - B(y)|| <= (1 + L^3) ||x - y||. The inner width is 32
    channels in the first stage and doubles with each. The very first block has no leading ELU.

    - strict: images are neither padded nor scaled, and the features are all numbers of the last stage, as many as those
      of an image. So the map is onto and smooth, and PGMGAN's Theorem 3 holds where every part has a sample: a
      partitioner's guide has no local optima but those inside the part, and every part is connected.
    - public: as the authors' code, images are padded with zeros to 16 channels, an unbounded scale and offset comes
      before each block, and the features are 512 numbers after batch norm, LReLU(0.2), global average pooling and a
      dense layer, which all step outside the theorem. The scales start as 1 instead of from the first batch.

    Args:
      variant: strict for what the theory needs, public for the authors' code.
      stages: number of stages; images have to be divisible by 2 ** (stages - 1).
      blocks: number of residual blocks in each stage.
      width_multiplier: the inner widths, and the features of the public variant, are multiplied by it and rounded, to
        at least 8.
      coefficient: largest norm of each convolution, in (0, 1).
      power_iterations: of the spectral norm, before each update.
      synchronized: take the statistics of the public variant's batch norm over all devices; over several it does not
        compile with XLA.

    Further arguments are those of `BackboneNetworks`, with its errors.

    Raises:
      ValueError: a value is out of range.
    """

    variant: Variant = "strict"
    stages: int = 3
    blocks: int = 7
    width_multiplier: float = 1.0
    coefficient: float = 0.9
    power_iterations: int = 5
    synchronized: bool = False

    def __post_init__(self):
        super().__post_init__()
        if self.variant not in get_args(Variant):
            raise ValueError(f"variant is {self.variant!r}; it must be one of {', '.join(get_args(Variant))}.")
        check_at_least(1, stages=self.stages, blocks=self.blocks)
        check_width_multiplier(self.width_multiplier)
        check_norm(self.coefficient, self.power_iterations)

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
