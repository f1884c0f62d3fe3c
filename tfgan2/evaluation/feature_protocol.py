"""Measuring samples by their features, such as those of a network: against real samples, and beside them."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.computed import hash_of
from tfgan2.data.sources import load
from tfgan2.errors import InputError
from tfgan2.evaluation.classifier import reason_against, title_of
from tfgan2.evaluation.comparison import Comparison, Seen
from tfgan2.evaluation.extractors import extractor_named
from tfgan2.evaluation.occupancy import counts_of_each, measured_occupancy, occupancy_errors
from tfgan2.evaluation.reference import ReferenceSplit, features_of_rows, reference_split
from tfgan2.evaluation.score_errors import values_with_errors
from tfgan2.evaluation.scores import SCORES, copying_distances, labels_of
from tfgan2.metrics.classes import class_counts

_FEWEST = 100  # real samples of a protocol that takes all
_FEWEST_IN_HALVES = 10  # of 4 on a side there are no three neighbours to measure by
_COMPARED_VALUES = 2**27  # of the samples that copies are looked for among; 1 GiB as float64


class FeatureProtocol(NamedTuple):
    """How generated samples are measured by features.

    In each repeat other generated samples are compared with other real ones, the reference. Real samples that are not
    in it are measured in the same way: the floor. It has the size of the generated samples if there are enough real
    ones. Otherwise it is one half of the real samples, measured against the other half.

    Attributes:
      name: what `--protocol` calls it.
      extractor: a key of `EXTRACTORS`; identity is for points, all others are for images.
      scores: keys of `SCORES`.
      generated: samples generated for a repeat; None is half the number of real samples.
      real: samples of the reference in a repeat; None is all, or half where `generated` is None.
      repeats: how often; values are means over them.
      dataset: the data that it is for, or their kind such as stacked; None measures any.
      negative_classes: labels of images that the generator avoids; the reference and the floor have the others.
    """

    name: str
    extractor: str
    scores: tuple[str, ...]
    generated: int | None
    real: int | None
    repeats: int = 1
    dataset: str | None = None
    negative_classes: tuple[int, ...] = ()

    @property
    def samples(self):
        """How many samples are generated in all, of a protocol with its numbers."""
        return self.generated * self.repeats

    @property
    def measured(self):
        """What it is for, in words."""
        return self.dataset or self.kind

    @property
    def kind(self):
        """The name of the kind of data that it is for."""
        return "points" if self.extractor == "identity" else "images"

    def fits(self, data):
        """Whether it measures runs on this `DataSet`."""
        return data.kind.name == self.kind and self.dataset in (None, data.name, data.name.partition(":")[0])

    @property
    def fetches(self):
        """Whether its network has to be fetched."""
        return self.extractor.startswith("inception")

    @property
    def fewest(self):
        """How many real samples it needs."""
        return _FEWEST_IN_HALVES if self.generated is None else self.real or _FEWEST

    def reason_against(self, data):
        """Why it cannot measure data that it fits, and what to do; None if it can, given a network that it fetches.

        Raises:
          InputError: the data do not have the classes to avoid.
        """
        if self.extractor == "classifier" and (reason := reason_against(data)):
            return reason
        found, kind = len(self._wanted(data)), self.kind
        kind += " of other classes" * bool(self.negative_classes)
        if found >= self.fewest:
            return None
        why = f"compares with {self.fewest:,}; choose another protocol, or"
        if self.generated is None:
            why = f"needs {self.fewest}, as numbers of fewer are chance;"
        return f"{data.name} has {found:,} {kind}, and {self.name} {why} take more {kind}."

    def sized(self, data):
        """The protocol with its numbers of samples for a data set."""
        if self.generated is not None:
            return self
        half = len(self._wanted(data)) // 2
        return self._replace(generated=half, real=half)

    def published_data(self):
        """What samples of unknown origin are measured against.

        Raises:
          InputError: the protocol is for no dataset in particular.
        """
        if self.dataset is None or self.dataset == "stacked":
            raise InputError(f"{self.name} needs to know the real data; name them by --dataset beside --samples.")
        return load(self.dataset)

    def ready(self, data, *, seed, resources, errors=True):
        """Makes everything ready that does not depend on the generated samples, and measures the floor.

        Args:
          data: the `DataSet`.
          seed: not needed; which real samples are taken is fixed.
          resources: `Resources` of the extractor.
          errors: whether standard errors are computed where there is a single repeat.

        Returns:
          A function of samples [samples, ...], images uint8 or in [0, 1], in any order, and optionally of a function
          from images to their reconstructions, both uint8, and of name -> rows of each generator of a mixture. It
          returns a JSON-ready record: protocol, generated images by class, of a mixture those of each generator,
          `values` and `real_values`, and for each value in `spread` and `real_spread` its standard deviation over the
          repeats, or of a single repeat its standard error. A value of all repeats together has its standard error.

        Raises:
          InputError: there are too few real samples, or the extractor or the negative classes cannot be had.
        """
        if reason := self.reason_against(data):
            raise InputError(reason)
        if self.generated is None:
            return self.sized(data).ready(data, seed=seed, resources=resources, errors=errors)
        chosen, real_samples = self._wanted(data), data.samples
        with_errors = errors and self.repeats == 1
        extractor = extractor_named(self.extractor, data, resources)
        plans = [self._split(chosen, real_samples[0].size, repeat) for repeat in range(self.repeats)]
        rows = np.unique(np.concatenate([compared for plan in plans for compared in plan[:3]]))
        features = features_of_rows(extractor, data, rows, cache_dir=resources.cache_dir)

        def seen(chosen):
            return Seen(features.rows(np.searchsorted(rows, chosen)), real_samples[chosen])

        def distances(samples, plan):
            return copying_distances(samples, real_samples[plan.training]) if len(plan.training) else None

        def compared(fake, reference, *distances, reconstruct=None):
            comparison = Comparison(fake, seen(reference), extractor, *distances, self.negative_classes, reconstruct)
            known = [
                values_with_errors(score, comparison) if with_errors else SCORES[score].values(comparison)
                for score in self.scores
            ]
            return {name: value for values in known for name, value in values.items()}

        held_out = [distances(real_samples[plan.floor], plan) for plan in plans]
        floor = [
            compared(seen(plan.floor), plan.floor_reference, known, known)
            for plan, known in zip(plans, held_out, strict=True)
        ]
        of_real = self.summary("real_", floor)
        record = {"protocol": self._record(data, rows, plans[0]) | extractor.record} | of_real

        def measure(samples, reconstruct=None, rows_of=None):
            samples = data.kind.as_stored(samples)
            found = extractor.extract(samples)
            # A file may hold its samples class by class.
            order = np.random.default_rng(0).permutation(len(samples)).reshape(self.repeats, self.generated)
            values = []
            for mine, plan, known in zip(order, plans, held_out, strict=True):
                fake = Seen(found.rows(mine), samples[mine])
                own = distances(fake.samples, plan)
                values.append(compared(fake, plan.reference, own, known, reconstruct=reconstruct))
            summary = self.summary("", values)
            if found.probabilities is None:
                return record | summary
            labels, classes = labels_of(found), found.probabilities.shape[1]
            of_each = counts_of_each(labels, classes, rows_of or {})
            counts = {"class_counts": class_counts(labels, classes).tolist(), "class_names": list(data.class_names)}
            counts |= {"occupancy": of_each} if of_each else {}
            summary["values"] |= measured_occupancy(of_each)
            if errors:
                summary["spread"] |= occupancy_errors(labels, classes, rows_of or {})
            return record | counts | summary

        return measure

    def summary(self, prefix, values):
        """Means over the repeats and standard deviations; of one repeat the standard errors, where they are known."""
        table = {name: np.array([np.atleast_1d(each[name]) for each in values], np.float64) for name in values[0]}
        summary = {f"{prefix}values": {name: float(found[:, 0].mean()) for name, found in table.items()}}
        if self.repeats > 1:
            spread = {name: float(found[:, 0].std(ddof=1)) for name, found in table.items()}
        else:
            spread = {name: float(found[0, 1]) for name, found in table.items() if found.shape[1] == 2}
        return summary | {f"{prefix}spread": spread}

    def _split(self, chosen, size, repeat):
        """The `ReferenceSplit` of the chosen rows.

        Args:
          chosen: rows of real samples.
          size: numbers in a sample.
          repeat: number of the repeat.
        """
        copies = _COMPARED_VALUES // size if "neighbors" in self.scores else 0
        found = reference_split(len(chosen), real=self.real, generated=self.generated, repeat=repeat, copies=copies)
        return ReferenceSplit(*(chosen[rows] for rows in found))

    def _record(self, data, rows, plan):
        """All that the numbers depend on, beside the extractor."""
        return self._asdict() | {
            "dataset": title_of(data.name),
            "data": hash_of(data.samples[rows]),
            "real": len(plan.reference),
            "floor": [len(plan.floor), len(plan.floor_reference)],
            "copies_of": len(plan.training),
            "latents": "the distribution of training",
            "batch_norm": "as the network samples",
            "quantisation": "rounded to 256 levels" if self.kind == "images" else "none",
            "dtype": "float32 features, float64 scores",
        }

    def _wanted(self, data):
        """The rows of the data that the generator is to match."""
        rows = np.arange(data.size)
        if not self.negative_classes:
            return rows
        return rows[~np.isin(_labels_with(data, self.negative_classes), self.negative_classes)]


def _labels_with(data, negative_classes):
    """The labels of the images, which have to know the classes.

    Raises:
      InputError: they do not.
    """
    flag = f"--negative_classes={','.join(map(str, negative_classes))}"
    if data.labels is None:
        raise InputError(f"{flag} are labels, and {data.name} has none; leave it out.")
    present = np.unique(data.labels).tolist()
    if not set(negative_classes) < set(present):
        raise InputError(f"{flag}: give some, not all, of the labels of {data.name}: {', '.join(map(str, present))}.")
    return data.labels
