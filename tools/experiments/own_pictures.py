"""The recipes for a user's pictures on emoji: about an hour on two CPU cores for each method."""

from pathlib import Path

from experiments.definition import Row, of_images

_DATA = "runs/data/emoji"
_SIZE = ("--data.image_size=32", "--data.held_out=0.1")
_FLAGS = f"folder:{_DATA}/flags"
_NETWORK = Path("runs/data/mobilenet/mobilenet_v2-b0353104.pth")


def _row(name, method, steps, *flags):
    data = f"--dataset=folder:{_DATA}/faces_and_people"
    return Row(name, f"pictures_{method}", (data, *_SIZE, *flags, f"--train_steps={steps}"), method)


def _rows():
    """The numbers of steps are about an hour on two cores, by the speed of a few steps on the machine of the page."""
    yield _row("standard GAN", "standard_gan", 55_000)
    yield _row("Rumi-GAN, without flags", "rumi", 44_000, f"--negative_dataset={_FLAGS}")
    yield _row("P2GAN, without flags", "p2gan", 24_000, f"--auxiliary_dataset={_FLAGS}")
    stages = ("--pretext.train_steps=3600", "--partitioner.train_steps=1800", "--pgmgan.guide_steps=13000")
    yield _row("PGMGAN", "pgmgan", 26_000, *stages, "--pgmgan.partitions=10")
    yield _row("GN-GAN", "gngan", 21_000)


EXPERIMENTS = {
    "pictures_emoji": of_images(
        "the recipes for own pictures on 1,110 emoji, an hour on two cores each",
        _rows(),
        "mobilenet-halves",
        {
            "fd-mobilenet_v2-faces_and_people": "Fréchet distance",
            "precision": "precision",
            "recall": "recall",
            "duplicates": "duplicates",
            "nearer_than_real": "nearer than real",
            "unwanted_share": "unwanted",
        },
        noun="emoji",
        feature_network=_NETWORK,
        truncation=0.8,
        shows_averages=True,
    )
}
