"""Structural similarity of images and reconstructions, and the best moving average of a score during training."""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import uniform_filter

from tfgan2.errors import ArgumentError, InputError
from tfgan2.metrics.inputs import numbers, real_array

# Images in float64 at a time. With 32 x 32 x 3 pixels each of about 12 arrays takes 6 MB.
CHUNK = 256


class BestAverage(NamedTuple):
    """The window with the largest moving average.

    Attributes:
      mean: The largest moving average of the means.
      std: The average of the standard deviations in this window.
      first: Index of the first point of the window. Of equal windows, the earliest is taken.
    """

    mean: float
    std: float
    first: int


def structural_similarity(images, others, *, data_range: float, window: int = 7) -> np.ndarray:
    """SSIM of each pair of images (Wang et al., IEEE TIP 2004, Eq. 13), averaged over positions and channels.

    The value of a window is (2 mu_x mu_y + C1) (2 s_xy + C2) / ((mu_x^2 + mu_y^2 + C1) (s_x^2 + s_y^2 + C2)), with
    C1 = (0.01 L)^2 and C2 = (0.03 L)^2. Means, variances and the covariance (divisor N - 1) are over a square window
    with equal weights. The average is over all windows inside the image and over the channels. This is the definition
    of scikit-image, which LOGAN (AAAI 2018) uses. The other common definition has a Gaussian window of 11 pixels.

    The code of LOGAN has pixels from 0 to 255 and does not set the range, for which its library took 2. So
    `data_range=2` compares with Table 2 of LOGAN, while `data_range=255` is correct for these pixels.

    Args:
      images: [n, height, width, channels], n at least 1.
      others: The same shape.
      data_range: L, the largest possible value of a pixel minus the smallest, above 0.
      window: Side of the window in pixels, odd, from 3 to the shorter side of the images.

    Returns:
      float64 [n], each in [-1, 1], and 1 for equal images.

    Raises:
      InputError: The shapes are wrong, different, or empty. Pixels are not finite. `data_range` is not above 0, or
        `window` is out of range.
    """
    images, others = real_array("images", images), real_array("the other images", others)
    if images.shape != others.shape or images.ndim != 4 or images.size == 0:
        raise InputError(
            f"images have shapes {images.shape} and {others.shape}; both must be the same "
            "[count, height, width, channels], none of them 0."
        )
    if not 0 < data_range < np.inf:
        raise ArgumentError("data_range", data_range, "finite and above 0. Try 255 for 8-bit pixels")
    side = min(images.shape[1:3])
    if window % 2 == 0 or not 3 <= window <= side:
        raise ArgumentError("window", window, f"odd and in [3, {side}] for images of {images.shape[1:3]}")
    parts = (slice(start, start + CHUNK) for start in range(0, len(images), CHUNK))
    return np.concatenate([_similarity(images[part], others[part], data_range, window) for part in parts])


def best_moving_average(means, stds, *, window: int = 20) -> BestAverage:
    """The largest average over `window` successive points of a series.

    LOGAN measures the similarity of 5,000 training images to their reconstructions after each epoch. The series are its
    mean and its standard deviation over the images, and the window is 20. The paper prints the standard deviation at
    the best point. Here it is averaged over the window, too.

    Args:
      means: [n], n at least `window`.
      stds: [n].
      window: Number of points to average, from 1 to n.

    Returns:
      A BestAverage.

    Raises:
      InputError: The series have wrong or different shapes, are shorter than the window, or are not finite. `window` is
        below 1.
    """
    means, stds = _finite("series", means), _finite("series", stds)
    if means.shape != stds.shape or means.ndim != 1:
        raise InputError(
            f"means and stds have shapes {means.shape} and {stds.shape}; they must be lists of equal length."
        )
    if not 1 <= window <= len(means):
        raise ArgumentError("window", window, f"in [1, {len(means)}], the length of the series")
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
        raise InputError(
            f"{name} are not finite in {np.count_nonzero(~np.isfinite(array))} values; all must be finite."
        )
    return array
