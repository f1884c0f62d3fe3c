"""PGMGAN's comparisons on points: with and without its guide, other partitioners, and two sweeps."""

_GUIDE_WEIGHTS = ("0.6", "60")
_PARTITIONS = {"grid25": (10, 50), "ring8": (4, 16)}


def rows_of_points(name):
    """(name, configuration, flags, folder) of the runs on a set of points."""
    config = f"pgmgan_{name}"
    unconstrained = ("--backbone=unconstrained_mlp",)
    without = ("--pgmgan.guide_weight=0",)
    yield "PGMGAN", config, (), "pgmgan"
    yield "Partition GAN, no guide", config, without, "no_guide"
    yield "unconstrained partitioner", config, unconstrained, "unconstrained"
    yield "random partitions", config, (*without, "--pgmgan.partitioner=random"), "random"
    for weight in _GUIDE_WEIGHTS:
        yield f"guide {weight}", config, (f"--pgmgan.guide_weight={weight}",), f"guide_{weight.replace('.', '')}"
    for count in _PARTITIONS[name]:
        yield f"{count} partitions", config, (f"--pgmgan.partitions={count}",), f"parts_{count}"
