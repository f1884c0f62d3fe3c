"""Structural similarity of images and their reconstructions, and the best of its moving average over training."""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import uniform_filter

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import numbers, real_array

# Images in float64 at a time: with 32 x 32 x 3 pixels 6 MB for each of a dozen arrays.
CHUNK = 256


class BestAverage(NamedTuple):
    """The best window of a series.

    Attributes:
      mean: The largest moving average of the means.
      std: The average of the standard deviations in that window.
      first: Index of the first point in it, the earliest of equals.
    """

    mean: float
    std: float
    first: int


def structural_similarity(images, others, *, data_range: float, window: int = 7) -> np.ndarray:
    """SSIM of each pair of images (Wang et al., IEEE TIP 2004, Eq. 13), averaged over positions and channels.

    (2 mu_x mu_y + C1) (2 s_xy + C2) / ((mu_x^2 + mu_y^2 + C1) (s_x^2 + s_y^2 + C2)), C1 = (0.01 L)^2, C2 = (0.03 L)^2,
    with means, variances and covariance (divisor N - 1) over a square window of equal weights, for the windows that lie
    inside of the image; each channel by itself. This is scikit-image's definition, which LOGAN (AAAI 2018) uses, and
    not the one with a Gaussian window of 11. LOGAN's code has images of 0 to 255 and leaves the range to the library,
    which took 2 for floats: `data_range=2` compares with its Table 2, `data_range=255` is right.

    Args:
      images: [n, height, width, channels], n at least 1.
      others: The same shape.
      data_range: L, the largest less the smallest value that a pixel can have.
      window: Its side, odd, from 3 to the shorter side of the images.

    Returns:
      float64 [n], each in [-1, 1]; 1 for equal images.

    Raises:
      InputError: other, different or empty shapes; not finite; a range that is not positive; a window out of range.
    """
    images, others = real_array("images", images), real_array("the other images", others)
    if images.shape != others.shape or images.ndim != 4 or images.size == 0:
        raise InputError(
            f"images have shapes {images.shape} and {others.shape}; give both [count, height, width, channels], none 0"
        )
    if not 0 < data_range < np.inf:
        raise InputError(f"data_range is {data_range!r}; give the largest less the smallest value of a pixel, as 255")
    side = min(images.shape[1:3])
    if window % 2 == 0 or not 3 <= window <= side:
        raise InputError(f"window is {window!r}; for images of {images.shape[1:3]} give an odd number from 3 to {side}")
    parts = (slice(start, start + CHUNK) for start in range(0, len(images), CHUNK))
    return np.concatenate([_similarity(images[part], others[part], data_range, window) for part in parts])


def best_moving_average(means, stds, *, window: int = 20) -> BestAverage:
    """The best of the averages over `window` successive points, all of them inside of the series.

    LOGAN's protocol: after each epoch the mean and the standard deviation, over 5,000 training images, of the
    similarity to their reconstructions; window 20. The paper gives the deviation at the best point; we average it in
    the window as well.

    Args:
      means: [n], n at least `window`.
      stds: [n].
      window: At least 1.

    Raises:
      InputError: series of other or different shapes, shorter than the window, or not finite; a window below 1.
    """
    means, stds = _finite("series", means), _finite("series", stds)
    if means.shape != stds.shape or means.ndim != 1:
        raise InputError(f"means have shape {means.shape} and stds {stds.shape}; give two lists of equal length")
    if not 1 <= window <= len(means):
        raise InputError(f"window is {window!r}; for {len(means)} points give 1 to {len(means)}")
    series = np.stack([means, stds])
    averages = np.lib.stride_tricks.sliding_window_view(series, window, axis=1).mean(axis=2)
    first = int(averages[0].argmax())
    return BestAverage(*averages[:, first].tolist(), first)


def _similarity(images, others, data_range, window):
    images, others = _finite("images", images), _finite("images", others)
    margin = window // 2
    count = window**2

    def average(values):
        inner = uniform_filter(values, size=(1, window, window, 1))
        return inner[:, margin : values.shape[1] - margin, margin : values.shape[2] - margin]

    mean, other_mean = average(images), average(others)
    variances = average(images**2) - mean**2 + average(others**2) - other_mean**2
    covariance = average(images * others) - mean * other_mean
    unbiased = count / (count - 1)
    first, second = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    similarity = (2 * mean * other_mean + first) * (2 * unbiased * covariance + second)
    similarity /= (mean**2 + other_mean**2 + first) * (unbiased * variances + second)
    return similarity.mean(axis=(1, 2, 3))


def _finite(name, array):
    array = numbers(name, array).astype(np.float64)
    if not np.isfinite(array).all():
        raise InputError(f"{np.count_nonzero(~np.isfinite(array))} values of {name} are not finite")
    return array
