"""Protocols that compare features of generated and real samples."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.computed import hash_of
from tfgan2.data.sources import load
from tfgan2.errors import InputError
from tfgan2.evaluation import classifier, contrastive_network
from tfgan2.evaluation.classifier import title_of
from tfgan2.evaluation.comparison import Comparison, Seen
from tfgan2.evaluation.extractors import extractor_named
from tfgan2.evaluation.occupancy import counts_of_each, measured_occupancy, occupancy_errors
from tfgan2.evaluation.real_samples import compared_count, held_out_places, wanted_rows
from tfgan2.evaluation.reference import ReferenceSplit, features_of_rows, reference_split
from tfgan2.evaluation.score_errors import values_with_errors
from tfgan2.evaluation.scores import SCORES, copying_distances, labels_of
from tfgan2.evaluation.unwanted_look import unwanted_look
from tfgan2.metrics.classes import class_counts

_FEWEST = 100  # Smallest number of real samples for a protocol that uses all.
_FEWEST_IN_HALVES = 10  # Halves of fewer samples have too few neighbours.
_CHECKS = {"classifier": classifier.reason_against, "contrastive": contrastive_network.reason_against}
_COMPARED_VALUES = 2**27  # Largest number of values among which copies are searched, 1 GiB in float64.


class FeatureProtocol(NamedTuple):
    """A protocol that compares features of generated and real samples.

    Each repeat compares new generated samples with new real samples, the reference. The floor is the same comparison
    with real samples in place of the generated ones. If there are enough real samples, the floor has the number of the
    generated samples and shares none with the reference. Otherwise it compares one half of the real samples with the
    other half.

    Attributes:
      name: Name in `--protocol`.
      extractor: A key of `EXTRACTORS`. The key "identity" is for points, all others are for images.
      scores: Keys of `SCORES`.
      generated: Generated samples per repeat. None takes half the number of real samples.
      real: Samples of the reference per repeat. None takes all, or half if `generated` is None.
      repeats: Number of repeats. Values are means over the repeats.
      dataset: The dataset of the protocol, or its kind such as "stacked". None means any dataset.
      negative_classes: Labels of images that the generator avoids. Reference and floor have the other classes.
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
        """Total number of generated samples. The protocol must have its numbers, see `sized`."""
        return self.generated * self.repeats

    @property
    def measured(self):
        """The data of the protocol, in words."""
        return self.dataset or self.kind

    @property
    def kind(self):
        """Name of the kind of data of the protocol."""
        return "points" if self.extractor == "identity" else "images"

    def fits(self, data):
        """Whether the protocol is for runs on this `DataSet`."""
        return data.kind.name == self.kind and self.dataset in (None, data.name, data.name.partition(":")[0])

    @property
    def network_flag(self):
        """Name of the flag for a network that the user must download, or None if the protocol needs none."""
        return {"inception": "inception_path", "mobilenet": "feature_network"}.get(self.extractor.partition("_")[0])

    @property
    def fewest(self):
        """Smallest number of real samples."""
        return _FEWEST_IN_HALVES if self.generated is None else self.real or _FEWEST

    def reason_against(self, data):
        """Returns the reason why the protocol cannot measure data that it fits, with advice, or None.

        A missing network is not a reason.

        Raises:
          InputError: The data do not have the classes to avoid.
        """
        if (check := _CHECKS.get(self.extractor)) and (reason := check(data)):
            return reason
        found, kind = len(wanted_rows(data, self.negative_classes)), self.kind
        kind += " of other classes" * bool(self.negative_classes)
        if found >= self.fewest:
            return None
        why = f"compares with {self.fewest:,}; choose another protocol, or"
        if self.generated is None:
            why = f"needs {self.fewest}, as numbers of fewer are chance;"
        return f"{data.name} has {found:,} {kind}, and {self.name} {why} take more {kind}."

    def sized(self, data):
        """Returns the protocol with its numbers of samples for a dataset."""
        if self.generated is not None:
            return self
        number = compared_count(data, wanted_rows(data, self.negative_classes))
        return self._replace(generated=number, real=number)

    def published_data(self):
        """Loads the dataset of the protocol, for samples of unknown origin.

        Raises:
          InputError: The protocol is not for a single dataset.
        """
        if self.dataset is None or self.dataset == "stacked":
            raise InputError(f"{self.name} needs to know the real data; name them by --dataset beside --samples.")
        return load(self.dataset)

    def ready(self, data, *, seed, resources, errors=True, unwanted=None):
        """Prepares the comparison and measures the floor.

        Args:
          data: The `DataSet`.
          seed: Ignored, because the choice of real samples is fixed.
          resources: The `Resources` of the extractor.
          errors: Whether to compute standard errors for a single repeat.
          unwanted: Stored samples [m, ...] that the generator must not resemble, or None.

        Returns:
          A function that measures samples. Its first argument is samples [samples, ...] in any order. Images are uint8
          or in [0, 1]. Two further arguments are optional: a function from images to their reconstructions, both
          uint8, and name -> rows of each generator of a mixture. The result is a record for JSON. It has the
          protocol, the number of generated images of each class (for a mixture also of each generator), the number
          and the hash of unwanted images that they are compared with, `values` and `real_values`. `spread` and
          `real_spread` have the standard deviation of each value over the repeats, or its standard error if there is
          one repeat or the value is from all repeats together.

        Raises:
          InputError: There are too few real samples, the network is missing, or a negative class is unknown.
        """
        if reason := self.reason_against(data):
            raise InputError(reason)
        if self.generated is None:
            return self.sized(data).ready(data, seed=seed, resources=resources, errors=errors, unwanted=unwanted)
        chosen, real_samples = wanted_rows(data, self.negative_classes), data.samples
        with_errors = errors and self.repeats == 1
        extractor = extractor_named(self.extractor, data, resources)
        plans = [self._split(data, chosen, repeat) for repeat in range(self.repeats)]
        compared_rows = np.unique(np.concatenate([compared for plan in plans for compared in plan[:3]]))
        judges = unwanted is not None and "unwanted" in self.scores
        rows = chosen if judges else compared_rows
        features = features_of_rows(extractor, data, rows, cache_dir=resources.cache_dir)

        def seen(chosen):
            return Seen(features.rows(np.searchsorted(rows, chosen)), real_samples[chosen])

        looks = [None for _ in plans]
        if judges:
            avoided = extractor.extract(unwanted).features
            # The floor is judged as if it were generated.
            looks = [unwanted_look(features.features[~np.isin(rows, plan.floor)], avoided) for plan in plans]

        def distances(samples, plan):
            return copying_distances(samples, real_samples[plan.training]) if len(plan.training) else None

        def compared(fake, reference, *distances, look, reconstruct=None):
            options = {"negative_classes": self.negative_classes, "reconstruct": reconstruct, "looks_unwanted": look}
            comparison = Comparison(fake, seen(reference), extractor, *distances, **options)
            known = [
                values_with_errors(score, comparison) if with_errors else SCORES[score].values(comparison)
                for score in self.scores
            ]
            return {name: value for values in known for name, value in values.items()}

        held_out = [distances(real_samples[plan.held_out], plan) for plan in plans]
        floor = []
        for plan, known, look in zip(plans, held_out, looks, strict=True):
            # The floor can have another number of samples than those that were held out.
            own = None if known is None else np.resize(known, len(plan.floor))
            floor.append(compared(seen(plan.floor), plan.floor_reference, own, known, look=look))
        of_real = self.summary("real_", floor)
        record = {"protocol": self._record(data, compared_rows, plans[0]) | extractor.record} | of_real
        if judges:  # Beside the protocol, since scores that need no unwanted images can still be compared.
            record["unwanted"] = {"images": len(unwanted), "data": hash_of(unwanted)}

        def measure(samples, reconstruct=None, rows_of=None):
            samples = data.as_stored(samples)
            found = extractor.extract(samples)
            # Samples in a file may be sorted by class.
            order = np.random.default_rng(0).permutation(len(samples)).reshape(self.repeats, self.generated)
            values = []
            for mine, plan, known, look in zip(order, plans, held_out, looks, strict=True):
                fake = Seen(found.rows(mine), samples[mine])
                own = distances(fake.samples, plan)
                values.append(compared(fake, plan.reference, own, known, look=look, reconstruct=reconstruct))
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
        """Means and standard deviations over the repeats. One repeat has standard errors, if they are known."""
        table = {name: np.array([np.atleast_1d(each[name]) for each in values], np.float64) for name in values[0]}
        summary = {f"{prefix}values": {name: float(found[:, 0].mean()) for name, found in table.items()}}
        if self.repeats > 1:
            spread = {name: float(found[:, 0].std(ddof=1)) for name, found in table.items()}
        else:
            spread = {name: float(found[0, 1]) for name, found in table.items() if found.shape[1] == 2}
        return summary | {f"{prefix}spread": spread}

    def _split(self, data, chosen, repeat):
        """The `ReferenceSplit` of the chosen rows in a repeat."""
        searches = any(SCORES[name].needs == "training" for name in self.scores)
        copies = _COMPARED_VALUES // data.samples[0].size if searches else 0
        numbers = {"real": self.real, "generated": self.generated, "repeat": repeat, "copies": copies}
        found = reference_split(len(chosen), **numbers, held_out=held_out_places(data, chosen))
        return ReferenceSplit(*(chosen[rows] for rows in found))

    def _record(self, data, rows, plan):
        """Everything that determines the numbers, except the extractor."""
        held_out = len(held_out_places(data, wanted_rows(data, self.negative_classes)))
        return self._asdict() | {
            "dataset": title_of(data.name),
            "data": hash_of(data.samples[rows]),
            "real": len(plan.reference),
            "floor": [len(plan.floor), len(plan.floor_reference)],
            "copies_of": len(plan.training),
            **({"held_out": held_out} if held_out else {}),
            "latents": "the distribution of training",
            "batch_norm": "as the network samples",
            "quantisation": "rounded to 256 levels" if self.kind == "images" else "none",
            "dtype": "float32 features, float64 scores",
        }
