"""python -m tfgan2.sample --workdir=W --output=FILE: draws samples of a trained generator, or runs its encoder."""

import sys
from pathlib import Path

from tfgan2 import cli

_COUNTS = {"points": 2000, "images": 64}  # Number of drawn samples without --count.
_FEW = 64  # Number of samples of the data without --count.

_LARGEST_BYTES = 2**33  # Largest size of all samples, which are in memory at once.


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_sample, sys.argv[1:] if argv is None else argv)


def _sample(argv):
    from tfgan2 import flags
    from tfgan2.evaluation.image_folders import check_folder
    from tfgan2.evaluation.sample_output import is_folder
    from tfgan2.run.restore import loaded

    settings = flags.parse("sample", argv)
    if is_folder(settings.output):
        check_folder(settings.output)
    run = loaded(settings)
    {"generate": _generate, "encode": _encode, "reconstruct": _reconstruct, "interpolate": _interpolate}[settings.task](
        settings, run
    )
    print(settings.output)


def _generate(settings, run):
    import math

    from tfgan2.errors import ArgumentError
    from tfgan2.evaluation.image_grids import square_grid
    from tfgan2.evaluation.sample_output import write_samples
    from tfgan2.evaluation.sampler import names_of_choices

    largest = _LARGEST_BYTES // (4 * math.prod(run.model.generator.output_shape[1:]))
    count = settings.count or _COUNTS[run.facts.kind.name]
    if count > largest:
        advice = "Draw more with another --seed each time."
        raise ArgumentError("count", count, f"at most {largest}", advice).of_flag("count")
    with settings.naming_flags():
        choice = run.choice_numbers(settings.choice)
    samples = run.sample(count, seed=settings.seed, averaged=settings.averaged, choice=choice)
    title = f"{count:,} samples, step {run.model.global_step}"
    names = names_of_choices(run.model, run.facts.class_names, count=count, seed=settings.seed, choice=choice)
    write_samples(settings.output, run, samples, title=title, picture=lambda levels: square_grid(levels, names))


def _encode(settings, run):
    from tfgan2.evaluation.sample_files import write_arrays

    samples = _given(settings, run)
    latents = _answer(settings, run.encode, samples, averaged=settings.averaged)
    write_arrays(Path(settings.output), latents=latents)


def _reconstruct(settings, run):
    from tfgan2.evaluation.image_grids import grid, paired, square_grid
    from tfgan2.evaluation.sample_files import read_samples
    from tfgan2.evaluation.sample_output import write_samples

    title = f"reconstructions, step {run.model.global_step}"
    if settings.latents is not None:
        latents = read_samples(settings.latents, "latents")
        samples = _answer(settings, run.decode, latents, averaged=settings.averaged)
        write_samples(settings.output, run, samples, title=title, picture=square_grid)
        return
    originals = _given(settings, run)
    samples = _answer(settings, run.reconstruct, originals, averaged=settings.averaged)

    def picture(levels):
        columns = min(8, len(levels))
        return grid(paired(run.facts.kind.as_stored(originals), levels, columns), columns)

    write_samples(
        settings.output, run, samples, title=title, picture=picture, real=originals, paths=(originals, samples)
    )


def _interpolate(settings, run):
    import numpy as np

    from tfgan2.errors import InputError
    from tfgan2.evaluation.image_grids import grid
    from tfgan2.evaluation.sample_output import write_samples

    ends = _given(settings, run)
    if len(ends) % 2:
        advice = "leave out the last one" if len(ends) > 1 else "give two or more"
        raise InputError(f"--task=interpolate takes pairs of samples, and there are {len(ends)}; {advice}")
    first, second = ends[::2], ends[1::2]
    rows = _answer(settings, run.interpolate, first, second, settings.between, averaged=settings.averaged)

    def picture(levels):
        """A grid with each row between its two original samples."""
        stored = run.facts.kind.as_stored
        framed = np.concatenate([stored(first)[:, None], levels, stored(second)[:, None]], axis=1)
        return grid(framed.reshape(-1, *levels.shape[2:]), settings.between + 2)

    title = f"between {len(rows)} pairs, step {run.model.global_step}"
    write_samples(settings.output, run, rows, title=title, picture=picture, paths=tuple(rows.swapaxes(0, 1)))


def _given(settings, run):
    """The samples of a task, in data units. Images may be uint8."""
    from tfgan2.data.sources import preparation_of
    from tfgan2.evaluation.sample_files import read_samples

    if settings.samples is None:
        return run.wanted.drawn(settings.count or _FEW, settings.seed)
    preparation = {}
    if run.facts.kind.name == "images":
        preparation = preparation_of(run.settings.dataset, run.settings.arguments("data"))
        height, width, channels = run.facts.shape
        preparation |= {"channels": channels, "image_size": height if height == width else None}
    return read_samples(settings.samples, samples_range=settings.samples_range, **preparation)


def _answer(settings, function, *arguments, **options):
    """The result of a function of the run. Its ValueError about given files is converted to InputError."""
    from tfgan2.errors import InputError

    try:
        return function(*arguments, **options)
    except ValueError as error:
        given = {name: getattr(settings, name) for name in ("task", "samples", "latents")}
        flags = " ".join(f"--{name}={value}" for name, value in given.items() if value is not None)
        raise InputError(f"{flags}: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
