"""PGMGAN's comparisons: on points, with two sweeps, and on stacked digits, with and without guide and partitioner."""

_GUIDE_WEIGHTS = ("6", "150")
_PARTITIONS = {"grid25": (10, 50), "ring8": (4, 16)}
_SLOWER = ("--network.magnification=10", "--optimizer.learning_rate=0.0005", "--optimizer.beta_1=0.8")
"""Settings by which the discriminator alone does not bring every generator to a mode."""

_SHARED = ("--stages_dir=runs/stages",)
"""One pretext and one partitioner of a seed for all runs that differ in the mixture alone."""


def rows_of_points(name):
    """(name, configuration, flags, folder) of the runs on a set of points."""
    config = f"pgmgan_{name}"
    unconstrained = ("--backbone=unconstrained_mlp",)
    without = ("--pgmgan.guide_weight=0",)
    yield "PGMGAN", config, (), "pgmgan"
    yield "Partition GAN, no guide", config, without, "no_guide"
    yield "unconstrained partitioner", config, unconstrained, "unconstrained"
    yield "random partitions", config, (*without, "--pgmgan.partitioner=random"), "random"
    if name == "grid25":
        yield "PGMGAN, slower", config, _SLOWER, "slower"
        yield "Partition GAN, no guide, slower", config, (*_SLOWER, *without), "slower_no_guide"
    for weight in _GUIDE_WEIGHTS:
        yield f"guide {weight}", config, (f"--pgmgan.guide_weight={weight}",), f"guide_{weight.replace('.', '')}"
    for count in _PARTITIONS[name]:
        yield f"{count} partitions", config, (f"--pgmgan.partitions={count}",), f"parts_{count}"


def rows_of_stacks():
    """(name, configuration, flags, folder) of the four methods on stacked digits, after the paper's Table 1."""
    config, without = "pgmgan_stacked_digits", ("--pgmgan.guide_weight=0",)
    yield "GAN", "gan_stacked_digits", (), "gan"
    yield "random partitions", config, (*without, "--pgmgan.partitioner=random"), "random"
    yield "Partition GAN, no guide", config, (*_SHARED, *without), "no_guide"
    yield "PGMGAN", config, _SHARED, "pgmgan"
