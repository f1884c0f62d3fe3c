"""GN-GAN's experiments: 25 Gaussians, three Gaussians on a line, and the techniques one by one on digits."""

from experiments.definition import Experiment, Row, of_images

_GRID_MEASURES = {
    "registered_modes": "modes",
    "registered_points": "points",
    "total_variation_true": "TV true",
    "total_variation_differential": "TV diff",
    "total_variation": "TV (standard)",
}
_RAW_UNITS = (
    *("--network.output_activation=linear", "--network.initializer=glorot_uniform"),
    "--gngan.discriminator_steps=3",
)


def _of_grid(name, config, *published):
    return Row(name, config, published=dict(zip(_GRID_MEASURES, published, strict=False)))


def _digits_arm(name, folder, objective, neighbor_weight):
    """An arm of GN-GAN's Figure 7: the standard GAN with one or both of its techniques, without its autoencoder."""
    flags = f"autoencoder=false generator_objective={objective} neighbor_weight={neighbor_weight}".split()
    return Row(name, "gngan_digits", tuple(f"--gngan.{flag}" for flag in flags), folder)


EXPERIMENTS = {
    "gngan_grid25": Experiment(
        about="GN-GAN and its baselines on 25 Gaussians",
        rows=(
            _of_grid("GAN", "gan_grid25", "14.25 ± 2.49", "1013.38 ± 171.73", "1.00 ± 0.00", "0.90 ± 0.22"),
            _of_grid("WGAN-GP", "wgan_gp_grid25", "21.71 ± 1.35", "1180.25 ± 158.63", "0.90 ± 0.07", "0.51 ± 0.06"),
            _of_grid("Dist-GAN", "distgan_grid25", "20.71 ± 4.42", "1188.62 ± 311.91", "0.82 ± 0.19", "0.43 ± 0.12"),
            Row("Dist-GAN, public code", "distgan_grid25_code"),
            _of_grid("GN-GAN", "gngan_grid25", "24.39 ± 0.44", "1461.83 ± 222.86", "0.57 ± 0.17", "0.31 ± 0.12"),
        ),
        protocol="grid25-2k",
        measures=_GRID_MEASURES,
        title="2,000 generated points over the data, seed 0",
    ),
    "gngan_modes1d": Experiment(
        about="GN-GAN and Dist-GAN on three Gaussians on a line",
        rows=(
            Row("Dist-GAN", "distgan_modes1d"),
            Row("GN-GAN", "gngan_modes1d"),
            Row("GN-GAN, raw units", "gngan_modes1d", _RAW_UNITS, "gngan_raw_units"),
        ),
        protocol="modes1d-2k",
        measures={
            "registered_modes": "modes",
            "registered_points": "points",
            "middle_share": "share of the middle mode",
            "total_variation": "TV (standard)",
        },
        title="2,000 generated points against the data, seed 0",
    ),
    "gngan_digits": of_images(
        "the techniques of GN-GAN on 8 x 8 digits",
        (
            _digits_arm("GAN", "gan", "standard", 0),
            _digits_arm("GAN + NE", "gan_ne", "standard", 1),
            _digits_arm("GAN + GM", "gan_gm", "matching", 0),
            _digits_arm("GAN + GM + NE", "gan_gm_ne", "matching", 1),
            Row("GN-GAN", "gngan_digits"),
        ),
        "classifier-digits",
        {
            "modes_hit": "classes",
            "reverse_kl_nats": "reverse KL",
            "fd-classifier-digits": "Fréchet distance",
            "precision": "precision",
            "recall": "recall",
            "coverage": "coverage",
            "neighbor_spread": "neighbour spread",
        },
        noun="digits",
        curves=("discriminator/loss", "generator/loss"),
    ),
}
