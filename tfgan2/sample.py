"""python -m tfgan2.sample --workdir=W --output=FILE: draws samples of a trained generator, or asks its encoder."""

import sys
from pathlib import Path

from tfgan2 import command

_LARGEST_BYTES = 2**33  # of samples, which lie in memory together


def main(argv=None):
    """Runs the command and returns its exit code."""
    return command.run(_sample, sys.argv[1:] if argv is None else argv)


def _sample(argv):
    from tfgan2 import flags
    from tfgan2.restored import load

    settings = flags.parse("sample", argv)
    experiment = load(settings.workdir, step=settings.step, best=settings.checkpoint == "best")
    {"generate": _generate, "encode": _encode, "reconstruct": _reconstruct, "interpolate": _interpolate}[settings.task](
        settings, experiment
    )
    print(settings.output)


def _generate(settings, experiment):
    import math

    from tfgan2.errors import InputError
    from tfgan2.evaluation.image_grids import square_grid
    from tfgan2.evaluation.sampling import draw_samples

    largest = _LARGEST_BYTES // (4 * math.prod(experiment.model.generator.output_shape[1:]))
    if settings.count > largest:
        raise InputError(f"--count={settings.count}: give at most {largest}; draw more with another --seed each time")
    try:
        choice = experiment.choice_numbers(settings.choice)
    except ValueError as error:
        raise InputError(f"--{error}") from error
    how = {"seed": settings.seed, "averaged": settings.averaged, "choice": choice}
    samples = draw_samples(experiment, count=settings.count, **how)
    title = f"{settings.count} samples, step {experiment.model.global_step}"
    _write(settings, experiment, samples, title=title, picture=square_grid)


def _encode(settings, experiment):
    from tfgan2.evaluation.sampling import write_arrays

    samples = _given(settings, experiment)
    latents = _asked(settings, experiment.encode, samples, averaged=settings.averaged)
    write_arrays(Path(settings.output), latents=latents)


def _reconstruct(settings, experiment):
    from tfgan2.evaluation.image_grids import grid, paired, square_grid
    from tfgan2.evaluation.sampling import read_samples

    title = f"reconstructions, step {experiment.model.global_step}"
    if settings.latents is not None:
        latents = read_samples(settings.latents, "latents")
        samples = _asked(settings, experiment.decode, latents, averaged=settings.averaged)
        _write(settings, experiment, samples, title=title, picture=square_grid)
        return
    originals = _given(settings, experiment)
    samples = _asked(settings, experiment.reconstruct, originals, averaged=settings.averaged)

    def picture(levels):
        columns = min(8, len(levels))
        return grid(paired(_levels(originals), levels, columns), columns)

    _write(settings, experiment, samples, title=title, picture=picture, real=originals)


def _interpolate(settings, experiment):
    import numpy as np

    from tfgan2.errors import InputError
    from tfgan2.evaluation.image_grids import grid

    ends = _given(settings, experiment)
    if len(ends) % 2:
        mend = "leave out the last one" if len(ends) > 1 else "give two or more"
        raise InputError(f"--task=interpolate takes pairs of samples, and there are {len(ends)}; {mend}")
    first, second = ends[::2], ends[1::2]
    rows = _asked(settings, experiment.interpolate, first, second, settings.between, averaged=settings.averaged)

    def picture(levels):
        """Each row between what it leads from and to."""
        framed = np.concatenate([_levels(first)[:, None], levels, _levels(second)[:, None]], axis=1)
        return grid(framed.reshape(-1, *levels.shape[2:]), settings.between + 2)

    title = f"between {len(rows)} pairs, step {experiment.model.global_step}"
    _write(settings, experiment, rows, title=title, picture=picture)


def _given(settings, experiment):
    """The samples that a task is about, in data units; images may be uint8."""
    from tfgan2.evaluation.encoding import samples_of_data
    from tfgan2.evaluation.sampling import read_samples

    if settings.samples is None:
        return samples_of_data(experiment, settings.count, settings.seed)
    return read_samples(settings.samples)


def _asked(settings, function, *arguments, **options):
    """What a function of the experiment answers; what it cannot do with the given files is an input error."""
    from tfgan2.errors import InputError

    try:
        return function(*arguments, **options)
    except ValueError as error:
        asked = {name: getattr(settings, name) for name in ("task", "samples", "latents")}
        flags = " ".join(f"--{name}={value}" for name, value in asked.items() if value is not None)
        raise InputError(f"{flags}: {error}") from error


def _levels(images):
    from tfgan2.evaluation.image_grids import to_uint8

    return images if images.dtype == "uint8" else to_uint8(images)


def _write(settings, experiment, samples, *, title, picture, real=None):
    """Writes samples in data units as arrays, or as the picture of image levels, or of points over real ones."""
    from tfgan2.evaluation.image_grids import encoded, to_uint8
    from tfgan2.evaluation.pictures import png, points_picture
    from tfgan2.evaluation.sampling import write_arrays
    from tfgan2.files import write_whole

    output = Path(settings.output)
    are_images = experiment.facts.are_images
    samples = to_uint8(samples) if are_images else samples
    if output.suffix == ".npz":
        write_arrays(output, samples=samples)
    elif are_images:
        write_whole(output, encoded(picture(samples)))
    else:
        real = _real_points(experiment) if real is None else real
        write_whole(output, png(points_picture(real, samples.reshape(-1, samples.shape[-1]), title=title)))


def _real_points(experiment):
    """The points of the run's data, for the background of a picture; none if they cannot be read any more."""
    import numpy as np

    from tfgan2.errors import InputError

    try:
        return experiment.data.points
    except (InputError, OSError) as error:
        print(f"tfgan2: the picture is without real points: {error}", file=sys.stderr)
        return np.empty((0, *experiment.facts.shape), np.float32)


if __name__ == "__main__":
    sys.exit(main())
