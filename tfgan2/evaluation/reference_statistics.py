"""Comparison of generated images with published statistics or features of real images."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tfgan2.data.archives import DAMAGE
from tfgan2.data.kinds import IMAGES
from tfgan2.errors import InputError
from tfgan2.evaluation.comparison import Comparison, Seen
from tfgan2.evaluation.extractors import extractor_named
from tfgan2.evaluation.features import Features
from tfgan2.evaluation.score_errors import values_with_errors
from tfgan2.evaluation.scores import SCORES, best_values
from tfgan2.metrics.feature_statistics import feature_statistics
from tfgan2.metrics.frechet import frechet_distance_to_statistics

UNKNOWN = "unknown"
_STATISTICS = {"nothing", "statistics"}
_FEATURES = _STATISTICS | {"features"}


class Reference(NamedTuple):
    """Statistics or features of real images from a file.

    Attributes:
      path: Path of the file.
      hash: SHA-256 of the file.
      mean: float64 [d].
      covariance: float64 [d, d].
      features: float32 [n, d] in random order, or None if the file has statistics only.
    """

    path: Path
    hash: str
    mean: np.ndarray
    covariance: np.ndarray
    features: np.ndarray | None


def read_reference(path):
    """Reads the `Reference` in an .npz file.

    Args:
      path: Path of the file. It has `mu` [d] and `sigma` [d, d], as written by pytorch-fid and clean-fid. Or it has an
        array of features [n, d], n at least 2, called `features` if there are other arrays.

    Raises:
      InputError: The file cannot be read, has no such arrays, or has numbers that are not finite.
    """
    path = Path(path).expanduser()
    flag = f"--reference_statistics={path}"
    try:
        content = path.read_bytes()
        with np.lib.npyio.NpzFile(path, allow_pickle=False) as archive:
            names = archive.files
            wanted = ("mu", "sigma") if {"mu", "sigma"} <= set(names) else ("features",)
            wanted = (names[0],) if len(names) == 1 else wanted
            arrays = [np.asarray(archive[name]) for name in wanted if name in names]
    except OSError as error:
        raise InputError(f"{flag} cannot be read: {error.strerror or error}.") from error
    except DAMAGE as error:
        raise InputError(
            f"{flag} is not a whole .npz archive of plain arrays ({error}); fetch or write it again. Pickled objects "
            "are refused."
        ) from error
    shapes = [array.shape for array in arrays]
    are_statistics = len(shapes) == 2 and shapes[0] and shapes[1] == (*shapes[0], *shapes[0]) and len(shapes[0]) == 1
    are_features = len(shapes) == 1 and len(shapes[0]) == 2 and shapes[0][0] > 1
    if not are_statistics and not are_features:
        held = ", ".join(f"{name} {list(shape)}" for name, shape in zip(wanted, shapes, strict=False))
        raise InputError(
            f"{flag} holds {held or ', '.join(names) or 'nothing'}; it must hold mu [d] and sigma [d, d], or features "
            "[n, d] of at least two images."
        )
    if not all(array.dtype.kind in "fiu" and np.isfinite(array).all() for array in arrays):
        raise InputError(f"{flag} holds other than finite real numbers; fetch or write it again.")
    found = hashlib.sha256(content).hexdigest()
    if are_features:
        # The order is random, because some scores use only as many features as there are generated images.
        features = np.random.default_rng(0).permutation(arrays[0].astype(np.float32))
        _, mean, covariance = feature_statistics(features)
        return Reference(path, found, mean, covariance, features)
    return Reference(path, found, *(array.astype(np.float64) for array in arrays), None)


class ReferenceProtocol:
    """A protocol by an Inception network with a `Reference` instead of real images.

    There is no floor of real data. Scores that cannot be computed are left out, and the record lists them.

    Args:
      protocol: A `FeatureProtocol`, which sets the number of generated images and the scores.
      reference: The `Reference`.

    Raises:
      InputError: The protocol uses another network, or none of its scores can be computed.
    """

    def __init__(self, protocol, reference):
        flag = f"--reference_statistics={reference.path}"
        if protocol.network_flag != "inception_path":
            raise InputError(
                f"{flag} is for protocols by an Inception network, such as --protocol=gngan-10k5k; {protocol.name} "
                "is none."
            )
        held = _STATISTICS if reference.features is None else _FEATURES
        known = [name for name, score in SCORES.items() if score.needs in held]
        if not set(known) & set(protocol.scores):
            raise InputError(
                f"{flag} holds {self._kind(reference)}, and {protocol.name} measures {', '.join(protocol.scores)} "
                "alone; choose another protocol."
            )
        self._protocol = protocol._replace(scores=tuple(score for score in protocol.scores if score in known))
        self._refused = [score for score in protocol.scores if score not in known]
        self._reference = reference
        # Results have this name, so that they differ from results with real images.
        self.name, self.samples = f"{protocol.name}-{reference.path.stem}", protocol.samples

    @staticmethod
    def _kind(reference):
        return "statistics" if reference.features is None else "features"

    def ready(self, data, *, seed, resources, unwanted=None):
        """See `FeatureProtocol.ready`. The record has no `real_values`. Data, seed and unwanted samples are ignored.

        Raises:
          InputError: The data are points, the network is missing, or its number of features differs from that of the
            reference.
        """
        if data is not None and data.kind is not IMAGES:
            raise InputError(f"{self.name} is for images, and the data are {data.name}.")
        extractor, reference = extractor_named(self._protocol.extractor, data, resources), self._reference
        channels = 3 if data is None else data.shape[-1]
        made = extractor.extract(np.zeros((1, 32, 32, channels), np.uint8)).features.shape[1]
        if made != len(reference.mean):
            raise InputError(
                f"--reference_statistics={reference.path} is of {len(reference.mean):,} features, and the network of "
                f"{self.name} makes {made:,}; give those of the same network."
            )
        record = {"protocol": self._record() | extractor.record}

        def measure(samples, reconstruct=None, rows_of=None):
            samples = IMAGES.as_stored(samples)
            found = extractor.extract(samples)
            order = np.random.default_rng(0).permutation(len(samples))  # Samples in a file may be sorted by class.
            fake = Seen(found.rows(order), samples[order])
            real = fake  # No score of statistics uses it.
            if reference.features is not None:
                real = Seen(Features(reference.features, None), reference.features)
            comparison, values = Comparison(fake, real, extractor), {}
            for score in self._protocol.scores:
                if score == "frechet" and reference.features is None:
                    (name,) = best_values([score], extractor.title)
                    values[name] = frechet_distance_to_statistics(found.features, reference.mean, reference.covariance)
                else:
                    values |= values_with_errors(score, comparison)
            return record | self._protocol.summary("", [values])

        return measure

    def _record(self):
        """Everything that determines the numbers. Unknown facts are marked."""
        features = self._reference.features
        return self._protocol._asdict() | {
            "dataset": UNKNOWN,
            "data": self._reference.hash,
            "real": UNKNOWN if features is None else len(features),
            "reference": f"the {self._kind(self._reference)} in {self._reference.path.name}",
            "reference_resize": UNKNOWN,
            "reference_weights": UNKNOWN,
            "refused": self._refused,
            "latents": "the distribution of training",
            "batch_norm": "as the network samples",
            "quantisation": "rounded to 256 levels",
            "dtype": "float32 features, float64 scores",
        }
