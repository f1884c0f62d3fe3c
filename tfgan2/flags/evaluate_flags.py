"""The flags of tfgan2.evaluate."""

from pathlib import Path

from tfgan2.flags.checkpoint_flags import SAMPLED_FLAGS, SAMPLES_RANGE, runtime
from tfgan2.ranges import Seed

EVALUATE_FLAGS = (
    *SAMPLED_FLAGS,
    runtime(
        "protocol",
        str | None,
        None,
        "Measure by this protocol. None takes the first that fits the data. The page Protocols of the documentation "
        "lists them.",
    ),
    runtime("seed", Seed, 0, "Seed of the latents."),
    runtime(
        "compare",
        tuple[Path, ...],
        (),
        "Compare these evaluations: A.json,B.json,... Repeat the flag for each file if a name has a comma.",
        repeated=True,
    ),
    runtime(
        "output",
        Path | None,
        None,
        "Write this .json file. None is WORKDIR/evaluations/PROTOCOL/STEP.json, or a file beside --samples.",
    ),
    runtime(
        "inception_path",
        Path | None,
        None,
        "Read the protocol's Inception network from this file or folder. FID takes "
        "weights-inception-2015-12-05-6726825d.pth of torch-fidelity; docs/howto/evaluate.md lists other files.",
    ),
    runtime(
        "feature_network",
        Path | None,
        None,
        "Measure images by the features of MobileNetV2 in this .pth file of torchvision. They need no labels. "
        "tools/data.py mobilenet fetches the file.",
    ),
    runtime(
        "reference_statistics",
        Path | None,
        None,
        "Compare with the mu and sigma, or the features, of real images in this .npz instead of the data. This needs a "
        "--protocol with an Inception network.",
    ),
    runtime(
        "samples",
        Path | None,
        None,
        "Evaluate the samples in this .npz or folder of images instead of a run.",
    ),
    SAMPLES_RANGE,
    runtime(
        "dataset",
        str | None,
        None,
        "Compare --samples with this dataset, a name as for tfgan2.train. With --dataset=NAME, --help also shows its "
        "--data flags.",
    ),
    runtime(
        "negative_classes",
        tuple[str, ...] | None,
        None,
        "The generator must avoid these classes of images, by name or number. It is compared with the other classes. "
        "None takes the unwanted classes of the run.",
    ),
)
