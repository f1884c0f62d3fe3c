"""The pages of protocols and scores, from their declarations."""

from manual.texts import page, plain
from tfgan2.evaluation.feature_protocol import FeatureProtocol
from tfgan2.evaluation.markdown import markdown_table
from tfgan2.evaluation.meanings import MEANINGS
from tfgan2.evaluation.protocols import PROTOCOLS
from tfgan2.evaluation.scores import SCORES

ITSELF = "itself, on the same data"
COMPARABLE = {
    "grid25-2k": "GN-GAN, Table 2",
    "classifier-digits": "itself",
    "stacked-mnist-26k": "itself. PacGAN has 26,000 samples too, but another classifier.",
    "gngan-10k5k": "GN-GAN, Table 3. The code that GN-GAN builds on compresses images as JPEG. This library does not.",
    "p2gan-50k": "itself. P2GAN states neither its real images nor its network.",
    "pgmgan-50k": "PGMGAN on CIFAR-10. Its real images of STL-10 are unclear.",
    "logan-is50k": "LOGAN, except for the range of its SSIM",
    "rumi-10k": "itself. The curves of Rumi-GAN pool the samples of all earlier evaluations.",
    "rumi-5k": "itself, for the same reason as `rumi-10k`",
}
"""Protocol -> the published numbers that it can be compared with. All others compare with `ITSELF`."""

_ERRORS = {
    "frechet": "the potentials of optimal transport",
    "kernel": "the kernel",
    "prd": "halves, for fixed clusters",
    "inception_score": "ten splits",
    "inception_score_1000": "ten splits",
    "classifier_score": "ten splits",
    "reconstructions": "the formula of a mean",
}
"""Group of scores -> what its standard error is computed by, if not by random halves of the samples."""

_NAMES = {
    "width_(large|small)": "width_large|width_small",
    "modes_within_.+_std": "modes_within_R_std",
    "modes_of_(generator|partition)_.+": "modes_of_generator_K|modes_of_partition_K",
    "fd-.+": "fd-NETWORK-DATA",
    "kd-.+": "kd-NETWORK-DATA",
    "inception_score(_1000)?": "inception_score|inception_score_1000",
}
"""Pattern of names -> the names that it stands for."""


def pages():
    """Path -> text of the pages of protocols and scores."""
    return {"reference/protocols.md": protocols(), "reference/scores.md": scores()}


def protocols():
    rows = [
        (
            f"`{each.name}`",
            f"`{each.extractor}`" if isinstance(each, FeatureProtocol) else "none",
            _generated(each),
            _real(each),
            ", ".join(_scores(each)),
            COMPARABLE.get(each.name, ITSELF),
        )
        for each in PROTOCOLS.values()
    ]
    return page(
        "Protocols",
        "A *protocol* fixes all that a number depends on: the network, the numbers of samples, and the scores. "
        "`tfgan2 evaluate --workdir=W --protocol=NAME` measures a run by one.",
        "Without `--protocol`, the first protocol of this list is taken that fits the data, has enough real samples, "
        "and needs no download. Numbers by different protocols are never comparable.",
        markdown_table(("protocol", "network", "generated", "real", "groups of scores", "comparable with"), rows),
        "*Half, ten times* means: the real samples are halved in ten random ways. The generator is compared with one "
        "half, and the other half gives the floor of real data.",
        "[Scores](scores.md) explains the groups. [Evaluate and compare](../howto/evaluate.md) shows the commands.",
    )


def scores():
    rows = [(f"`{_readable(name)}`", plain(text), best or "-") for name, (text, best) in MEANINGS.items()]
    groups = [
        (f"`{name}`", ", ".join(f"`{value}`" for value in score.best), _needs(score.needs), _ERRORS.get(name, "halves"))
        for name, score in SCORES.items()
    ]
    return page(
        "Scores",
        "The column *best* has the ideal value. *High* and *low* mean that more or less is always better. Some scores "
        "of real data fall short of the ideal. So compare with the column *real data* of the same evaluation, not "
        "with the ideal.",
        "**Enough samples.** A mode or a class needs 1 % of all samples, or a quarter of the equal share if there are "
        "many modes. `modes_hit` needs one sample. [What may be "
        "compared](../explanation/comparing.md#quality-at-coverage) explains `quality_at_coverage` with examples.",
        markdown_table(("score", "meaning", "best"), rows),
        "## Groups",
        "A protocol has groups of scores. `--evaluate_metrics=frechet,precision_recall` adds groups to the "
        "measurements during training. The names of distances get the network and the data: `fd-classifier-digits`, "
        "`kd-mobilenet_v2-emoji`. By the Inception network of 2015 they are `fid` and `kid`.",
        markdown_table(("group", "scores", "needs of real images", "error"), groups),
        "## The ± of a score",
        "A protocol with repeats prints the standard deviation over its repeats. All other protocols print the "
        "standard error that is due to the choice of samples. It does not include the variation between trained "
        "generators: repeat the training with other seeds to see that.",
        "*Halves* in the table above means that the error is estimated from random halves of the samples. It has an "
        "error of about a third itself. Near the score of real data it can be up to 2.8 times too large.",
        "Papers print the standard deviation of the Inception Score over ten splits. It is three times as large as the "
        "standard error here.",
    )


def _generated(each):
    if isinstance(each, FeatureProtocol) and each.generated is None:
        return f"half of the real number, {_times(each.repeats)}"
    number = each.generated if isinstance(each, FeatureProtocol) else each.samples
    repeats = each.repeats if isinstance(each, FeatureProtocol) else 1
    return f"{number:,}" + (f", {_times(repeats)}" if repeats > 1 else "")


def _real(each):
    if not isinstance(each, FeatureProtocol):
        return "the known modes"
    if each.generated is None:
        return f"half, {_times(each.repeats)}"
    return "all" if each.real is None else f"{each.real:,}"


def _scores(each):
    return each.scores if isinstance(each, FeatureProtocol) else ("scores of modes",)


def _times(repeats):
    return {5: "five times", 10: "ten times"}.get(repeats, f"{repeats} times")


def _readable(pattern):
    """The names that a pattern of `MEANINGS` stands for, with code marks between them."""
    for alternatives, names in _NAMES.items():
        pattern = pattern.replace(alternatives, names)
    return "`, `".join(pattern.split("|"))


def _needs(needs):
    return {"training": "the training samples", "samples": "images with their classes"}.get(needs, needs)
