"""The layout of TensorBoard's tab Custom Scalars, which groups related scalars into charts."""

import re

from tensorboard.plugins.custom_scalar.layout_pb2 import Category, Chart, Layout, MultilineChartContent

CHARTS = {
    "the game": {
        "D(real) and D(fake)": "discriminator/(real|fake)_probability",
        "samples that D calls real": "discriminator/(real|fake)_called_real",
        "losses of the players": "losses/[^/]+",
        "gradient norms of the players": "gradient_norms/.+",
        "sign of D(real) and probability of augmentation": "discriminator/(.+_)?(sign|augmentation_probability)",
    },
    "coverage": {
        "covered modes": "coverage/(registered_modes|modes_covered)",
        "modes by distance in standard deviations": r"coverage/modes_within_\d+_std",
        "quality within the modes": "coverage/(quality_at_coverage|within_3_std|balance|width_match)",
        "width of the modes": "coverage/width_(large|small)",
        "sliced Wasserstein distance": "coverage/sliced_wasserstein",
        "collapse alarm": "coverage/collapsed",
        "distances of features": "coverage/(fid|kid|[fk]d-.+)",
        "precision and recall": "coverage/(precision|recall|density|coverage)",
        "distance from the data": "coverage/(total_variation(_true|_differential)?|reverse_kl_nats)",
        "similarity of reconstructions": "coverage/ssim(_average)?",
        "reconstructions in their class": "coverage/class_agreement",
        "share of each class": "coverage/share_of_.+",
    },
    "health": {
        "warnings": "warnings/.+",
        "distances between samples": "health/(spread|nearest)",
        "copies of training pictures": "health/copies",
        "held-out pictures": "health/held_out_gap",
    },
    "the run": {
        "learning rates": "learning_rates/.+",
        "steps per second": "speed/steps_per_second",
        "samples per second on each device": "speed/samples_per_second_per_device",
    },
}
"""Category -> title of a chart -> pattern that the tags of the chart match as a whole."""


def tag_of(name):
    """Returns the tag of a value that training reports under a name, such as losses/generator for generator/loss."""
    player, _, term = name.rpartition("/")
    if term == "steps_per_second":
        return f"speed/{term}"
    if term.endswith(("_probability", "_called_real")) or name.startswith(("coverage/", "health/")):
        return name
    return {"loss": f"losses/{player}", "gradient_norm": f"gradient_norms/{player}"}.get(term, f"losses/{name}")


def layout(tags):
    """Returns the layout of the charts that have data. A chart shows each tag that its pattern matches as a whole.

    TensorBoard merges the layouts of several runs.

    Args:
      tags: The tags of the scalars that the run has written.
    """
    categories = {
        category: [_chart(title, pattern) for title, pattern in charts.items() if _matches(pattern, tags)]
        for category, charts in CHARTS.items()
    }
    return Layout(category=[Category(title=title, chart=charts) for title, charts in categories.items() if charts])


def _matches(pattern, tags):
    return any(re.fullmatch(pattern, tag) for tag in tags)


def _chart(title, pattern):
    return Chart(title=title, multiline=MultilineChartContent(tag=[f"^{pattern}$"]))
