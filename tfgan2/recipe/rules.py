"""The rules of a recipe: from the pictures, the machine and the measured speed to flags, each with a reason.

Every rule is a pure function. `values` are flag -> value, those of the user among them.
"""

from tfgan2.data.held_out import can_hold_out
from tfgan2.flags.durations import duration_text
from tfgan2.flags.texts import to_text
from tfgan2.recipe.draft import Choice

SIZES = (16, 32, 64, 128)
"""Image sizes that a recipe chooses from, in pixels."""

NEEDED = {16: 0, 32: 150_000, 64: 2_000_000, 128: 8_000_000}
"""Image size -> number of samples, steps times batch, that a run must be able to train for before it is chosen."""

_WIDER = 4_000_000  # Samples that a run must be able to train for before its networks get wider.
_ENLARGED = 0.75  # Pictures may be enlarged to 1 / 0.75 of their side.
_MANY = 50_000  # Pictures from which on a discriminator does not learn them by heart.
_FEW_BAD = 0.1  # Largest share of unreadable files that a recipe leaves out.
_HELD_OUT = 0.1  # Share of the pictures that measures the run.
_ENOUGH_TO_HOLD_OUT = 100  # Pictures from which on a tenth of them can be missed.
_LONG = 1800  # Seconds of a run that has time for a classifier.
_AVERAGED = 10  # A run has at least this many times the steps over which its weights are averaged.
_CHUNKS = (50, 20, 10, 5, 2, 1)
_CHUNK_SECONDS = 2.0  # Longest time without a look at the clock.
_CADENCES = ("log_every", "sample_every", "checkpoint_every", "evaluate_every")


def choice(flag, value, reason=""):
    """A `Choice` of a value."""
    return Choice(flag, to_text(value), reason)


def sizes_for(side):
    """Returns the image sizes for pictures with this typical shorter side, in pixels. The smallest is always there."""
    return [size for size in SIZES if size == SIZES[0] or size * _ENLARGED <= side]


def first_size(side, machine):
    """The `Choice` of the image size before the speed is measured, or if there is no budget."""
    fitting = sizes_for(side)
    limit = 64 if machine.gpus else 32
    size = max(size for size in fitting if size <= limit)
    if size == fitting[-1]:
        return choice("data.image_size", size, f"the pictures have about {side} pixels")
    return choice("data.image_size", size, f"small enough for {machine.text}; the pictures have about {side} pixels")


def of_pictures(surveys, machine, values):
    """Yields choices that follow from the pictures and the machine.

    Args:
      surveys: Flag -> `Survey`, "dataset" first, then those of other datasets.
      machine: The `Machine`.
      values: Flag -> value.
    """
    survey = next(iter(surveys.values()))
    channels = {1 if each.grey == each.count else 3 for each in surveys.values()}
    if channels == {1}:
        yield choice("data.channels", 1, "the pictures have no colour")
    elif len(channels) > 1:
        yield choice("data.channels", 3, "some of the pictures have colour")
    bad = sum(each.left_out for each in surveys.values())
    if 0 < bad <= _FEW_BAD * sum(each.count for each in surveys.values()):
        yield choice("data.skip_corrupt", True, f"{bad:,} file{'s' * (bad > 1)} cannot be used")
    yield from _batches(survey, machine, values)
    if survey.count >= _MANY:
        yield choice("network.augmentation", (), f"{survey.count:,} pictures are too many to be learned by heart")
    if machine.bfloat16:
        unit = "tensor cores" if machine.gpus else "AMX"
        yield choice("precision", "mixed_bfloat16", f"it is faster with the {unit} of the machine")
    if "network.preset" in values:
        yield choice("network.preset", "small" if machine.gpus else "tiny", f"for {machine.text}")
    yield from _forces(values)
    yield from _losses(values)


def of_measurement(sets):
    """Yields the choice of a share of the pictures that is kept apart to measure the run.

    Args:
      sets: The `DataSet`s without such a share, that of the wanted pictures first.
    """
    if sets[0].size >= _ENOUGH_TO_HOLD_OUT and all(can_hold_out(each, _HELD_OUT) for each in sets):
        yield choice("data.held_out", _HELD_OUT, "the run is measured by pictures that it does not train with")


def _batches(survey, machine, values):
    batch, repeats = values["batch_size"], values.get(f"{values['method']}.discriminator_steps", 1)
    if machine.gpus:
        batch = max(batch, 64) + -max(batch, 64) % machine.gpus
        yield choice("batch_size", batch, f"for {machine.text}")
    if batch * repeats > survey.count:
        fitting = _power_of_two(survey.count // repeats)
        yield choice("batch_size", fitting, f"a step must not take more than the {survey.count:,} pictures")
    for flag, value in values.items():
        if flag.count(".") == 1 and flag.endswith(".batch_size") and value > survey.count:
            yield choice(flag, _power_of_two(survey.count), f"there are {survey.count:,} pictures")
    if values.get("partitioner.neighbors", 0) >= survey.count:
        yield choice("partitioner.neighbors", max(1, survey.count // 10), f"there are {survey.count:,} pictures")
    if "pgmgan.partitions" in values:
        parts = min(50, max(2, survey.count // 100))
        yield choice("pgmgan.partitions", parts, "one for each hundred pictures, but 2 to 50")


def _forces(values):
    """P2GAN's forces in the configuration are those for one set of auxiliary data."""
    if "p2gan.forces" not in values:
        return
    count = len(values["auxiliary_dataset"]) + bool(values.get("data.auxiliary_classes"))
    own = [force for force in values["p2gan.forces"] if not force.startswith("auxiliary_")]
    of_first = [force for force in values["p2gan.forces"] if force.startswith("auxiliary_0:")]
    if count == 0 or not values["p2gan.forces"]:
        yield choice("p2gan.forces", (), "there are no auxiliary data")
        yield choice("p2gan.sampled_generators", (), "")
        yield choice("p2gan.num_generators", 3, "generators that push each other cover more of the pictures")
    elif count > 1:
        others = [force.replace("auxiliary_0", f"auxiliary_{n}") for n in range(count) for force in of_first]
        yield choice("p2gan.forces", (*own, *others), f"the same forces for all {count} sets of auxiliary data")


def _losses(values):
    if values.get("pgmgan.partitioner") in ("random", "labels"):
        yield choice("pgmgan.guide_weight", 0.0, "no guide can follow such parts")
    loss = values.get("standard_gan.loss")
    if loss == "relativistic":
        for flag in ("regularizer.r1_weight", "regularizer.r2_weight"):
            yield choice(flag, 1.0, "the relativistic loss needs R1 and R2")
    if loss == "wasserstein":
        yield choice("standard_gan.gradient_penalty", "two_sided", "the Wasserstein loss needs a slope of 1")
        yield choice("standard_gan.discriminator_steps", 5, "the Wasserstein loss needs a discriminator that is ahead")


def of_speed(sizes, values, seconds_per_step, seconds):
    """Yields the image size and the width that a budget of time can train.

    Args:
      sizes: Image sizes in pixels to choose from, in ascending order. Only one if the size is fixed.
      values: Flag -> value, those with which the speed was measured.
      seconds_per_step: The measured speed.
      seconds: Time for all steps.
    """
    measured, width = values["data.image_size"], values.get("network.width_multiplier")
    batch = values["batch_size"]

    def samples(size, factor=1):
        return batch * seconds / (seconds_per_step * (size / measured) ** 2 * factor**2)

    size = max((size for size in sizes if samples(size) >= NEEDED.get(size, 0)), default=sizes[0])
    if size != measured:
        time = duration_text(seconds)
        enough = f"the largest size with {NEEDED[size]:,} samples in {time}"
        yield choice("data.image_size", size, enough if NEEDED[size] else f"{time} are too short for more")
    factor = 1
    while width is not None and width * factor * 2 <= 1 and samples(size, factor * 2) >= _WIDER:
        factor *= 2
    if factor > 1:
        yield choice("network.width_multiplier", width * factor, f"{duration_text(seconds)} are enough for more width")


def of_length(steps, values, given, *, labelled=False, seconds_per_step=None):
    """Yields choices that follow from the number of steps: averages, schedules and chunks.

    Args:
      steps: Number of steps of the main training.
      values: Flag -> value.
      given: Names of the flags of the user.
      labelled: Whether the pictures have classes.
      seconds_per_step: The measured speed, or None.
    """
    decays = [decay for decay in (values["ema_decay"], 0.99, 0.9) if decay <= values["ema_decay"]]
    decay = next((decay for decay in decays if steps * (1 - decay) >= _AVERAGED), decays[-1])
    if decay != values["ema_decay"]:
        yield choice("ema_decay", decay, f"{steps:,} steps are few")
    if "pgmgan.guide_steps" in values:
        yield choice("pgmgan.guide_steps", max(1, steps // 2), "the guide fades in the first half")
    limit = min(steps // 20, int(_CHUNK_SECONDS / seconds_per_step) if seconds_per_step else steps)
    yield choice("steps_per_execution", chunk(limit, {flag: values[flag] for flag in given & values.keys()}))
    if labelled and not values.get("best_metric") and seconds_per_step and steps * seconds_per_step < _LONG:
        yield choice("evaluate_every", 0, "an evaluation trains a classifier of the classes, which takes minutes")


def chunk(limit, given):
    """Returns the largest number of steps between two returns to Python that divides all cadences of the user.

    Args:
      limit: Largest number of steps.
      given: Flag -> value, those of the user.
    """
    cadences = [given[flag] for flag in _CADENCES if isinstance(given.get(flag), int)]
    return next(size for size in _CHUNKS if size <= max(1, limit) and not any(every % size for every in cadences))


def nice(number):
    """Rounds a positive integer down to two digits and zeros."""
    unit = 10 ** max(0, len(str(number)) - 2)
    return number // unit * unit


def _power_of_two(limit):
    """The largest power of two up to a limit, at least 1."""
    return 1 << (max(1, limit).bit_length() - 1)
