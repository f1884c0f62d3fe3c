"""The meaning of each score in a sentence."""

import re
from typing import NamedTuple


class Meaning(NamedTuple):
    """The meaning of a score.

    Attributes:
      text: One or two sentences.
      best: The best value: "high", "low", a number as text, or an empty text if there is none.
    """

    text: str
    best: str


MEANINGS = {
    "registered_points": ("Number of samples within 2.8 standard deviations of a known mode.", "high"),
    "registered_modes": ("Number of modes with enough registered samples.", "high"),
    "total_variation": ("Imbalance of the modes among registered samples, from 0 to 1.", "0"),
    "total_variation_true": (
        "Largest deviation of a mode from its equal share, relative to this share, as in GN-GAN.",
        "0",
    ),
    "total_variation_differential": (
        "Largest deviation of a mode from an equal share of the registered samples, relative to an equal share of all, "
        "as in GN-GAN.",
        "0",
    ),
    "reverse_kl": ("Imbalance of the modes among all samples, in nats.", "0"),
    "good_fraction": ("Share of samples less than 3 standard deviations from a mode in each coordinate.", "high"),
    "good_modes": (
        "Number of modes with a sample that is less than 3 standard deviations away in each coordinate.",
        "high",
    ),
    "quality_at_coverage": (
        "Share near a mode, width and balance in one number. It is 0 if a mode is missed and around 1 for real data.",
        "1",
    ),
    "within_3_std": (
        "Share of samples at most 3 standard deviations from a mode. In the plane it is 0.989 at best.",
        "",
    ),
    "width_(large|small)": (
        "Width of the modes along their widest or narrowest axis, relative to that of the data. It is 0 for points.",
        "1",
    ),
    "width_match": ("Agreement of the widths of the modes with those of the data, from 0 to about 1.", "1"),
    "balance": ("Balance of the modes among samples near a mode: exp(-KL) from the shares of the data.", "1"),
    r"modes_within_.+_std": ("Number of modes with enough samples within this many standard deviations.", "high"),
    "sliced_wasserstein": (
        "Distance by which samples have to move along a line to become real data, in standard deviations of a mode.",
        "low",
    ),
    "specialization": (
        "Difference of the generators in the modes or classes that they generate. It is 0 if they are equal, and at "
        "most ln 2 = 0.693.",
        "",
    ),
    r"modes_of_(generator|partition)_.+": ("Number of modes or classes with samples of this one generator.", ""),
    "acceptance_rate": ("Share of samples that are in their own part at the first draw.", "high"),
    "modes_covered": ("Number of classes with enough samples.", "high"),
    "modes_hit": ("Number of classes with at least one sample.", "high"),
    "reverse_kl_nats": ("Imbalance of the classes in nats. It is 0 for equal shares.", "0"),
    "negative_share": ("Share of samples that the classifier puts in an unwanted class.", "0"),
    "unwanted_share": (
        "Share of samples that a linear classifier of the features takes for unwanted images of another dataset.",
        "0",
    ),
    "fid|fd-.+": ("Frechet distance of features. It is larger for fewer samples.", "low"),
    "kid|kd-.+": ("Kernel distance of features. It is around 0 for equal distributions.", "low"),
    "precision": ("Share of samples that lie among real samples.", "high"),
    "density": ("Like precision, but counts how many real samples lie around each sample.", "high"),
    "recall": ("Share of real samples that lie among generated ones. It is near 0 after a mode collapse.", "high"),
    "coverage": ("Share of real samples with a generated one nearby. It is near 0 after a mode collapse.", "high"),
    "prd_f8": ("Recall by clusters of features.", "high"),
    "prd_f1_8": ("Precision by clusters of features.", "high"),
    "inception_score(_1000)?|classifier_score": (
        "High for certain predictions and varied classes. It ignores the real data.",
        "high",
    ),
    "neighbor_spread": (
        "Distance of neighbouring samples, divided by that of real ones. It is 0 for copies of a single sample and "
        "above 1 for noise.",
        "1",
    ),
    "duplicates": ("Share of samples that are nearer to a training sample than nearly all held-out real ones.", "0.01"),
    "nearer_than_real": (
        "Probability that a sample is nearer to the training data than a held-out real one. Above 0.5 it shows copies.",
        "0.5",
    ),
    "ssim": ("Structural similarity of real images and their reconstructions.", "high"),
    "class_agreement": ("Share of reconstructions that the classifier puts in the class of their originals.", "high"),
}
"""Pattern of the names of scores -> the fields of their `Meaning`."""


def meaning_of(name):
    """Returns the `Meaning` of a score. It is empty for an unknown name."""
    found = (Meaning(*entry) for pattern, entry in MEANINGS.items() if re.fullmatch(pattern, name))
    return next(found, Meaning("", ""))
