"""R3GAN on points: how good its samples are once every mode is covered."""

from experiments.definition import Experiment, Row

EXPERIMENTS = {
    "r3gan_grid25": Experiment(
        about="R3GAN on 25 Gaussians",
        rows=(Row("R3GAN", "r3gan_grid25"),),
        protocol="grid25-2k",
        measures={"registered_modes": "modes", "registered_points": "points", "total_variation": "TV (standard)"},
        title="2,000 generated points over the data, seed 0",
        decimals=3,
    ),
}
