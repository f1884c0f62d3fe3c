"""The rows of Rumi-GAN's experiments on images: methods, sizes, and the runs of its Table 1."""

import re

from experiments.definition import Row

_ONE_UPDATE, _NETWORK = "--standard_gan.discriminator_steps=1", "--network.variant=rumi"

SIBLINGS = {
    "LSGAN": ("--flagfile=configs/common/as_lsgan.cfg",),
    "ACGAN": ("--flagfile=configs/common/as_acgan.cfg",),
    "TAC-GAN": ("--flagfile=configs/common/as_tacgan.cfg",),
    "CGAN-PD": ("--flagfile=configs/common/as_cgan_pd.cfg",),
    "Rumi-LSGAN": (),
}
"""Method -> the flags that turn a configuration of Rumi-LSGAN for images into it."""

MINORITIES = {
    "mnist": ("rumi_mnist_minority5", "mnist", 200, ()),
    "fashion_mnist": ("rumi_fashion_mnist_overlap", "fashion-mnist", 200, ("--train_steps=10000",)),
    "cifar10": ("rumi_cifar10_minority_horse", "cifar10", 250, ()),
}
"""Dataset -> configuration, name of its classifier's data, images of a minority, further flags."""

ARMS = {
    "LSGAN": SIBLINGS["LSGAN"],
    "LSGAN, one update": (*SIBLINGS["LSGAN"], _ONE_UPDATE),
    "LSGAN, network of Rumi-GAN": (*SIBLINGS["LSGAN"], _NETWORK),
    "LSGAN, network of Rumi-GAN, one update": (*SIBLINGS["LSGAN"], _NETWORK, _ONE_UPDATE),
    "ACGAN": SIBLINGS["ACGAN"],
    "ACGAN, labels concatenated": (*SIBLINGS["ACGAN"], "--network.labels=concatenated"),
    "TAC-GAN": SIBLINGS["TAC-GAN"],
    "CGAN-PD": SIBLINGS["CGAN-PD"],
    "Rumi-LSGAN": (),
    "Rumi-LSGAN, two updates": ("--rumi.discriminator_update=alternate",),
    "Rumi-LSGAN, one batch of all kinds": ("--rumi.passes=together",),
    "Rumi-LSGAN, labels of the code": ("--rumi.preset=code",),
    "Rumi-LSGAN, weights 1 and 0.5": ("--rumi.positive_weight=1", "--rumi.negative_weight=0.5"),
    "Rumi-LSGAN, no negative weight": ("--rumi.negative_weight=0",),
}
"""Method and difference -> the flags. Updates are those of the discriminator for one of the generator."""

_CLASSES = 10
_SIZE = (
    *("--network.width_multiplier=0.25", "--batch_size=50", "--train_steps=3000"),
    "--optimizer.learning_rate=0.0006",
)
_EVEN = "--data.positive_classes=0,2,4,6,8", "--data.negative_classes=1,3,5,7,9"
_NO_WEIGHT = "Rumi-LSGAN, no negative weight"
_OVERLAPPING = "LSGAN", "Rumi-LSGAN", "Rumi-LSGAN, one batch of all kinds"


def reduced_rows():
    """Fashion-MNIST at a width and length for minutes on a CPU: even against odd classes, and a minority of 200.

    The even classes also at equal networks and updates. The minority is class 5 against all others.
    """
    for name in (*SIBLINGS, "LSGAN, network of Rumi-GAN, one update", _NO_WEIGHT):
        yield _reduced("even", name, _EVEN, table="Even classes")
    for name in (*SIBLINGS, _NO_WEIGHT):
        minority = *_against_all(5), "--data.minority=5:200"
        yield _reduced("minority", name, minority, table="A minority of 200 sandals")


def digits_rows():
    """Digits of 8 x 8 pixels: even against odd digits with all `ARMS`, and the overlapping classes of Fashion-MNIST."""
    size = "--network.width_multiplier=0.25", "--train_steps=4000"
    for name, flags in ARMS.items():
        yield Row(name, "rumi_digits", (*size, *flags), _folder(name), table="Even digits")
    overlap = "--data.positive_classes=1,2,4,5,7,9", "--data.negative_classes=0,2,3,6,8,9"
    for name in _OVERLAPPING:
        flags = (*size, *overlap, *ARMS[name])
        yield Row(name, "rumi_digits", flags, f"overlap_{_folder(name)}", table="Overlapping digits")


def reduced_overlap_rows():
    """The same size with the overlapping classes of the configuration."""
    for name in _OVERLAPPING:
        yield _reduced("overlap", name, ())


def _reduced(experiment, name, classes, table=""):
    flags = (*classes, *_SIZE, *ARMS[name])
    return Row(name, "rumi_fashion_mnist_overlap", flags, f"{experiment}_{_folder(name)}", table=table)


def _folder(name):
    return "_".join(re.findall("[a-z0-9]+", name.lower().replace(".", "")))


def overlap_rows():
    """The runs behind the curves of Figure 3, at the paper's size.

    The two were measured by classifiers of two trainings, so each has a table of its own.
    """
    length = "--train_steps=10000", "--checkpoint_every=500", "--evaluate_every=500", "--evaluate_metrics=frechet"
    for name in ("LSGAN", "Rumi-LSGAN"):
        flags, table = (*length, *SIBLINGS[name]), f"{name}, by a classifier of its own"
        yield Row(name, "rumi_fashion_mnist_overlap", flags, _folder(name), table=table)


def table1_rows(dataset, classes):
    """The runs of Table 1 on a data set; a line of the table is the mean over the minorities.

    Args:
      dataset: a key of MINORITIES.
      classes: the minorities, as numbers separated by commas, or "all".
    """
    config, _, kept, besides = MINORITIES[dataset]
    for label in range(_CLASSES) if classes == "all" else map(int, classes.split(",")):
        for name, sibling in SIBLINGS.items():
            flags = (*_against_all(label), f"--data.minority={label}:{kept}", *besides, *sibling)
            folder = f"{_folder(name)}_{label}"
            yield Row(f"{name}, {folder}", config, flags, folder, group=name)


def _against_all(label):
    others = ",".join(str(other) for other in range(_CLASSES) if other != label)
    return f"--data.positive_classes={label}", f"--data.negative_classes={others}"
