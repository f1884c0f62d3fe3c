"""Losses of Rumi-GAN with their labels and weights, and what the generator learns with them."""

import warnings

from tfgan2.errors import ArgumentError, SettingWarning
from tfgan2.losses.divergences import DIVERGENCES
from tfgan2.losses.three_way import least_squares, variational, wasserstein
from tfgan2.methods.rumi.equilibrium import LeastSquaresGame, equilibrium, share_of_disjoint_negatives

PRESETS = {
    "paper": LeastSquaresGame(2.0, -1.0, 0.0, 1.5, positive_weight=2.5, negative_weight=0.5),
    "code": LeastSquaresGame(2.0, -2.0, -0.5, 2.0, positive_weight=2.5, negative_weight=0.5),
}
"""The labels of the paper and of the authors' code. Both have the weights of the code, as the paper prints none."""

LABELS = ("positive_label", "negative_label", "fake_label", "generator_label")


def loss_of(name, values):
    """The `ThreeWayLoss` of a name and the labels of a `LeastSquaresGame`."""
    if name == "least_squares":
        return least_squares(**{label: getattr(values, label) for label in LABELS})
    if name == "wasserstein":
        return wasserstein
    return variational(DIVERGENCES["gan" if name == "logistic" else name])


def boundary_of(loss, values):
    """The output at which the discriminator is undecided; None where only differences of outputs count."""
    if loss == "wasserstein":
        return None
    return (values.positive_label + values.fake_label) / 2.0 if loss == "least_squares" else 0.0


def check_solution(loss, values, given):
    """Raises ArgumentError if nothing can be learnt, and warns if the solution is not the positives' distribution.

    Args:
      loss: Name of the loss.
      values: A `LeastSquaresGame`. Losses other than least squares use its weights and not its labels.
      given: Name -> value of those of its fields that the user chose.
    """
    positive_weight, negative_weight = values.positive_weight, values.negative_weight
    if loss == "least_squares":
        if negative_weight < 0:
            raise ArgumentError("negative_weight", negative_weight, "at least 0 with loss='least_squares'")
        _check_labels(values)
        return
    for label in LABELS:
        if label in given:
            raise ArgumentError(label, given[label], "None, as only loss='least_squares' has labels")
    if loss == "wasserstein" and not negative_weight < positive_weight:
        accepted = f"below the positive weight, {positive_weight}, with loss='wasserstein'"
        raise ArgumentError("negative_weight", negative_weight, accepted, "Else the generator moves off the positives.")
    if loss != "wasserstein" and not negative_weight > -1:
        raise ArgumentError("negative_weight", negative_weight, f"above -1 with loss={loss!r}")
    if negative_weight < 0:
        share = -negative_weight / (positive_weight - negative_weight if loss == "wasserstein" else 1.0)
        _warn(
            f"negative_weight is {negative_weight}, below 0: the generator learns a mixture, {share:.1%} negatives, "
            "and the discriminator's loss has no lower bound where it makes fewer of them."
        )


def _check_labels(values):
    if not values.positive_label > values.fake_label:
        raise ArgumentError("positive_label", values.positive_label, f"above the fake label, {values.fake_label}")
    share = share_of_disjoint_negatives(values)
    if share > 0:
        _warn(
            f"negative_label is {values.negative_label}, too far above the fake label, {values.fake_label}: "
            f"if no negative is like a positive, {share:.1%} of the generated samples are negatives."
        )
    output = equilibrium(values, (1.0, 0.0), (0.0, 1.0)).output
    if not values.generator_label > output:
        _warn(
            f"generator_label is {values.generator_label}, not above {output:.4g}, the discriminator's output on "
            "positives at the solution: the generator leaves the solution and collapses."
        )


def _warn(text):
    warnings.warn(text, SettingWarning, stacklevel=4)
