"""python -m tfgan2.sample --workdir=W --output=FILE: draws samples of a trained generator, or asks its encoder."""

import sys
from pathlib import Path

from tfgan2 import cli

_FEW, _POINTS = 64, 2000  # samples where --count is not given

_LARGEST_BYTES = 2**33  # of samples, which lie in memory together


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_sample, sys.argv[1:] if argv is None else argv)


def _sample(argv):
    from tfgan2 import flags
    from tfgan2.run.restore import load

    settings = flags.parse("sample", argv)
    if _is_folder(settings):
        from tfgan2.evaluation.image_folders import check_folder

        check_folder(settings.output)
    experiment = load(settings.workdir, step=settings.step, best=settings.checkpoint == "best")
    {"generate": _generate, "encode": _encode, "reconstruct": _reconstruct, "interpolate": _interpolate}[settings.task](
        settings, experiment
    )
    print(settings.output)


def _generate(settings, experiment):
    import math

    from tfgan2.errors import InputError
    from tfgan2.evaluation.image_grids import square_grid
    from tfgan2.evaluation.sampling import draw_samples, names_of_choices

    largest = _LARGEST_BYTES // (4 * math.prod(experiment.model.generator.output_shape[1:]))
    count = settings.count or (_FEW if experiment.facts.are_images else _POINTS)
    if count > largest:
        raise InputError(f"--count={count}: give at most {largest}; draw more with another --seed each time")
    try:
        choice = experiment.choice_numbers(settings.choice)
    except ValueError as error:
        raise InputError(f"--{error}") from error
    how = {"count": count, "seed": settings.seed, "choice": choice}
    samples = draw_samples(experiment, averaged=settings.averaged, **how)
    title = f"{count:,} samples, step {experiment.model.global_step}"
    names = names_of_choices(experiment, **how)
    _write(settings, experiment, samples, title=title, picture=lambda levels: square_grid(levels, names))


def _encode(settings, experiment):
    from tfgan2.evaluation.sample_files import write_arrays

    samples = _given(settings, experiment)
    latents = _asked(settings, experiment.encode, samples, averaged=settings.averaged)
    write_arrays(Path(settings.output), latents=latents)


def _reconstruct(settings, experiment):
    from tfgan2.evaluation.image_grids import grid, paired, square_grid
    from tfgan2.evaluation.sample_files import read_samples

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

    _write(settings, experiment, samples, title=title, picture=picture, real=originals, paths=(originals, samples))


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
    _write(settings, experiment, rows, title=title, picture=picture, paths=tuple(rows.swapaxes(0, 1)))


def _given(settings, experiment):
    """The samples that a task is about, in data units; images may be uint8."""
    from tfgan2.evaluation.encoding import samples_of_data
    from tfgan2.evaluation.sample_files import read_samples

    if settings.samples is None:
        return samples_of_data(experiment, settings.count or _FEW, settings.seed)
    channels = experiment.facts.shape[-1] if experiment.facts.are_images else None
    return read_samples(settings.samples, channels=channels, samples_range=settings.samples_range)


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


def _write(settings, experiment, samples, *, title, picture, real=None, paths=None):
    """Writes samples in data units: as arrays, as the picture of image levels or of points, or as a folder of images.

    Of points the picture has the real ones, those of the data if None, and lines through `paths`, points [n, d] each.
    """
    import numpy as np

    from tfgan2.errors import InputError
    from tfgan2.evaluation.image_folders import write_images
    from tfgan2.evaluation.image_grids import encoded, to_uint8
    from tfgan2.evaluation.pictures import png, points_picture
    from tfgan2.evaluation.sample_files import write_arrays
    from tfgan2.system.files import write_whole

    output = Path(settings.output)
    are_images = experiment.facts.are_images
    samples = to_uint8(samples) if are_images else samples
    if output.suffix == ".npz" and not _is_folder(settings):
        write_arrays(output, samples=samples)
    elif _is_folder(settings):
        if not are_images:
            raise InputError(f"--output={output} is a folder, and points are no images; give a file .png or .npz.")
        write_images(output, samples.reshape(-1, *experiment.facts.shape))
    elif are_images:
        write_whole(output, encoded(picture(samples)))
    else:
        real = _real_points(experiment) if real is None else real
        points = samples.reshape(-1, samples.shape[-1])
        paths = None if paths is None else np.stack(paths, axis=1)
        write_whole(output, png(points_picture(real, points, paths=paths, title=title)))


def _is_folder(settings):
    output = Path(settings.output)
    return output.is_dir() or output.suffix == ""


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
