"""Output of samples to a file of arrays, a picture, or a folder of images."""

import sys
from pathlib import Path

import numpy as np

from tfgan2.data.kinds import IMAGES
from tfgan2.errors import InputError
from tfgan2.evaluation.figures import png
from tfgan2.evaluation.image_folders import write_images
from tfgan2.evaluation.image_grids import encoded
from tfgan2.evaluation.point_pictures import points_picture
from tfgan2.evaluation.sample_files import write_arrays
from tfgan2.system.files import write_whole


def is_folder(output):
    """Whether the output is a folder of images: an existing folder, or a name without an ending."""
    return Path(output).is_dir() or Path(output).suffix == ""


def write_samples(output, run, samples, *, title, picture, real=None, paths=None):
    """Writes samples as arrays (.npz), as images of a folder, or as a picture.

    Args:
      output: Path of the file or folder.
      run: A `TrainedRun`.
      samples: [..., shape of a sample] in data units.
      title: Title of a picture of points.
      picture: Function from stored images to a picture, uint8 [height, width, 3].
      real: Points in the background of a picture. None takes those of the run's data.
      paths: Sets of points [n, d], which lines in a picture join in order, or None.

    Raises:
      InputError: The output is a folder, and the samples are points.
      StorageError: The output cannot be written. No incomplete file stays.
    """
    stored, are_images = run.facts.kind.as_stored(samples), run.facts.kind is IMAGES
    if is_folder(output):
        if not are_images:
            raise InputError(f"--output={output} is a folder, but points are not images. Name a .png or .npz file.")
        write_images(Path(output), stored.reshape(-1, *run.facts.shape))
    elif Path(output).suffix == ".npz":
        write_arrays(Path(output), samples=stored)
    elif are_images:
        write_whole(Path(output), encoded(picture(stored)))
    else:
        real = _real_points(run) if real is None else real
        paths = None if paths is None else np.stack(paths, axis=1)
        points = stored.reshape(-1, stored.shape[-1])
        write_whole(Path(output), png(points_picture(real, points, paths=paths, title=title)))


def _real_points(run):
    """The points of the run's data for the background of a picture. Empty if they cannot be read."""
    try:
        return run.data.samples
    except (InputError, OSError) as error:
        print(f"tfgan2: the picture is without real points: {error}", file=sys.stderr)
        return np.empty((0, *run.facts.shape), np.float32)
