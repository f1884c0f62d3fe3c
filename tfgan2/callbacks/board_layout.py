"""The layout of TensorBoard's tab Custom Scalars, which groups related scalars into charts."""

from tensorboard.plugins.custom_scalar.layout_pb2 import Category, Chart, Layout, MultilineChartContent

_CHARTS = {
    "the game": {
        "D(real) and D(fake)": "discriminator/(real|fake)_probability",
        "losses of the players": "losses/[^/]+",
        "gradient norms of the players": "gradient_norms/.+",
    },
    "coverage": {
        "covered modes": "coverage/(registered_modes|modes_covered)",
        "collapse alarm": "coverage/collapsed",
        "distances of features": "coverage/(fid|kid|[fk]d-.+)",
        "precision and recall": "coverage/(precision|recall|density|coverage)",
        "distance from the data": "coverage/(total_variation(_true|_differential)?|reverse_kl_nats)",
        "similarity of reconstructions": "coverage/ssim(_average)?",
        "reconstructions in their class": "coverage/class_agreement",
        "share of each class": "coverage/share_of_.+",
    },
    "the run": {
        "learning rates": "learning_rates/.+",
        "steps per second": "speed/steps_per_second",
        "samples per second on each device": "speed/samples_per_second_per_device",
    },
}


def layout():
    """Returns the layout. A chart shows each tag that its pattern matches as a whole.

    TensorBoard merges the layouts of several runs.
    """
    return Layout(
        category=[
            Category(title=category, chart=[_chart(title, pattern) for title, pattern in charts.items()])
            for category, charts in _CHARTS.items()
        ]
    )


def _chart(title, pattern):
    return Chart(title=title, multiline=MultilineChartContent(tag=[f"^{pattern}$"]))
