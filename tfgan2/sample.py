"""python -m tfgan2.sample --workdir=W --output=FILE: draws samples of a trained generator."""

import sys

from tfgan2 import command


def main(argv=None):
    """Runs the command and returns its exit code."""
    return command.run(_sample, sys.argv[1:] if argv is None else argv)


def _sample(argv):
    from pathlib import Path

    from tfgan2 import flags
    from tfgan2.data.images import ImageSet
    from tfgan2.errors import InputError
    from tfgan2.evaluation.image_grids import encoded, square_grid, to_uint8
    from tfgan2.evaluation.pictures import png, points_picture
    from tfgan2.evaluation.sampling import draw_samples, write_arrays
    from tfgan2.experiment import load
    from tfgan2.files import write_whole

    settings = flags.parse("sample", argv)
    output = Path(settings.output)
    experiment = load(settings.workdir, step=settings.step, best=settings.checkpoint == "best")
    try:
        experiment.model.check_choice(settings.choice)
    except ValueError as error:
        raise InputError(f"--{error}") from error
    how = {"seed": settings.seed, "averaged": settings.averaged, "choice": settings.choice}
    samples = draw_samples(experiment, count=settings.count, **how)
    are_images = isinstance(experiment.data, ImageSet)
    if are_images:
        samples = to_uint8(samples)
    if output.suffix == ".npz":
        write_arrays(output, samples=samples)
    elif are_images:
        write_whole(output, encoded(square_grid(samples)))
    else:
        title = f"{settings.count} samples, step {experiment.model.global_step}"
        write_whole(output, png(points_picture(experiment.data.points, samples, title=title)))
    print(output)


if __name__ == "__main__":
    sys.exit(main())
