"""The rows of the table of all methods: the flags that turn the common configuration into each method."""

from typing import NamedTuple

from experiments.definition import Row


class Setting(NamedTuple):
    """What the flags of a method depend on.

    Attributes:
      parts: number of generators, partitions or clusters.
      classes: number of classes of the data; 0 without labels.
      std: standard deviation of a mode; 0 for images.
      steps: of the run.
    """

    parts: int
    classes: int
    std: float
    steps: int

    @property
    def is_images(self):
        """Whether the data are images."""
        return not self.std


def rows(config, setting, flags):
    """The rows of one data set, in the order of the table.

    Args:
      config: the configuration that all of them share.
      setting: the `Setting`.
      flags: those of the data set.
    """
    made = [*_plain(setting), *_autoencoding(setting), *_mixtures(setting), *_partitioned(setting)]
    made += [*_supervised(setting)] if setting.classes else []
    return tuple(Row(name, config, (*flags, *own), folder) for name, folder, own in made)


def _plain(setting):
    """One generator and discriminators without an encoder."""
    gan = "--standard_gan."
    penalty = (f"{gan}gradient_penalty=two_sided", f"{gan}penalty_weight={10 if setting.is_images else 0.1}")
    wgan = (f"{gan}loss=wasserstein", *penalty)
    rate = "--optimizer.discriminator.learning_rate"
    yield "GAN", "gan", ()
    yield "WGAN-GP", "wgan_gp", (*wgan, f"{gan}discriminator_steps=5")
    yield "WGAN-GP + TTUR", "wgan_gp_ttur", (*wgan, f"{rate}={0.0015 if setting.is_images else 0.003}")
    normed = ("--network=sngan_cnn",) if setting.is_images else ("--network.spectral_norm=true",)
    yield "SN-GAN", "sn_gan", (f"{gan}loss=hinge", *normed)
    yield "PacGAN2", "pacgan2", (f"{gan}packing=2",)
    weight = 1 if setting.is_images else 0.1
    regularized = (f"--regularizer.r1_weight={weight}", f"--regularizer.r2_weight={weight}")
    betas = ("--optimizer.beta_1=0", "--optimizer.beta_2=0.9", "--optimizer.beta_2_end=0.99")
    yield "R3GAN", "r3gan", (f"{gan}loss=relativistic", *regularized, "--regularizer.penalty_end=0.1", *betas)
    weight = 0.2 if setting.is_images else 1
    yield "D2GAN", "d2gan", ("--method=d2gan", f"--d2gan.alpha={weight}", f"--d2gan.beta={weight}")
    if setting.is_images:
        rumi = ("--method=rumi", "--rumi.negatives=jigsaw", "--rumi.loss=logistic")
        weights = ("--rumi.positive_weight=4", "--rumi.negative_weight=3")
        yield "Rumi-GAN, made negatives", "rumi", (*rumi, *weights)


def _autoencoding(setting):
    """Methods with an encoder. GN-GAN and Dist-GAN have the output range and the weights of their 2-D experiments."""
    std = 0.3 if setting.is_images else round(2 * setting.std, 4)
    yield "VAE", "vae", ("--method=vae", f"--vae.decoder_std={std}")
    yield "beta-VAE, 0.25", "beta_vae", ("--method=vae", f"--vae.decoder_std={std}", "--vae.beta=0.25")
    yield "VAE-GAN", "vae_gan", ("--method=vae_gan", "--vae_gan.gamma=0.01")
    weights = {"penalty_weight": 1, "reconstruction_weight": 0.05}
    dist, matching = {"distance": "features"}, {"slope_weight": 1, "slope_times_point_weight": 1}
    unit = ()
    if not setting.is_images:
        weights["penalty_weight"] = 0.1
        dist = {"distance": "samples"}
        matching = {"slope_weight": 0.1, "slope_times_point_weight": 0.1, "neighbor_weight": 0}
        unit = ("--network.output_activation=sigmoid",)
    yield "Dist-GAN", "distgan", (*unit, *_flags("distgan", weights | dist | {"prior": "uniform"}))
    yield "GN-GAN", "gngan", (*unit, *_flags("gngan", weights | matching | {"prior": "uniform"}))
    weight = 1 if setting.is_images else 0.1
    options = {"loss": "lol1", "gradient_penalty": "pairwise", "penalty_weight": weight, "prior": "uniform"}
    yield "LOGAN", "logan", _flags("logan", options)


def _mixtures(setting):
    """Several generators without a partition of the data."""
    yield "MGAN", "mgan", _flags("mgan", {"num_generators": setting.parts, "beta": 0.125})
    generators = min(setting.parts, 8)
    growth = {"num_generators": generators, "grow_every": setting.steps // generators}
    forces = {"push_weight": 0.01} if setting.is_images else {"push_weight": 1, "gamma": 0.1, "auxiliary": "frozen"}
    yield "P2GAN", "p2gan", _flags("p2gan", growth | forces)


def _partitioned(setting):
    """Generators for parts of the data that need no labels."""
    parts = {"partitions": setting.parts}
    free = parts | {"guide_weight": 0, "loss": "logistic"}
    random = (*_flags("pgmgan", free | {"partitioner": "random"}), _backbone(setting))
    yield "random partitions", "random_partitions", random
    source = {"partitioner": "learned" if setting.is_images else "kmeans"}
    stages = _stages(setting)
    yield "Partition GAN, no guide", "partition_gan", (*_flags("pgmgan", free | source), *stages)
    guide = {"guide_weight": 6, "guide_steps": setting.steps // 2} if setting.is_images else {"guide_weight": 30}
    guide |= {} if setting.is_images else {"guide_steps": 0}
    yield "PGMGAN", "pgmgan", (*_flags("pgmgan", free | source | guide), *stages)
    yield "Self-Cond-GAN", "self_cond", _clustered(setting, "discriminator")
    yield "Logo-GAN-AE", "logo_gan_ae", _clustered(setting, "autoencoder")


def _clustered(setting, features):
    """Clusters of some features. Those of the discriminator are found twenty times, as in the authors' code."""
    options = {"partitions": setting.parts, "features": features, "recluster_every": setting.steps // 20}
    stage = () if features == "discriminator" else (f"--{features}.train_steps={setting.steps // 5}",)
    return (*_flags("self_conditioned_gan", options), *stage)


def _stages(setting):
    if not setting.is_images:
        rate = ("learning_rate=0.01", "name=adam", "schedule=cosine")
        stage = ("train_steps=2000", "batch_size=1000", "n_init=10", *(f"optimizer.{flag}" for flag in rate))
        return (_backbone(setting), "--pretext.train_steps=0", *(f"--kmeans.{flag}" for flag in stage))
    backbone = (_backbone(setting), "--backbone.width_multiplier=0.25", "--backbone.blocks=2")
    pretext = ("--pretext.train_steps=1000", "--pretext.batch_size=256", "--pretext.augmentations=crop")
    partitioner = ("train_steps=1000", "batch_size=256", "augmentations=crop", "optimizer.learning_rate=0.001")
    # Runs of a seed share one pretext and one partitioner.
    shared = "--stages_dir=runs/stages"
    return (*backbone, *pretext, *(f"--partitioner.{flag}" for flag in partitioner), shared)


def _backbone(setting):
    """The flag of every run of PGMGAN, also of those that have no partitioner."""
    return f"--backbone=invertible_{'resnet' if setting.is_images else 'mlp'}"


def _supervised(setting):
    """Generators for the classes of the data, which other methods do not see."""
    labels = {"partitioner": "labels", "partitions": setting.classes, "guide_weight": 0, "loss": "logistic"}
    yield "class-conditional GAN", "class_conditional", (*_flags("pgmgan", labels), _backbone(setting))
    yield "Logo-GAN-RC", "logo_gan_rc", _clustered(setting, "classifier")
    for name, method in (("ACGAN", "acgan"), ("TAC-GAN", "tacgan"), ("CGAN-PD", "cgan_pd")):
        yield name, method, (f"--method={method}",)


def _flags(method, options):
    return (f"--method={method}", *(f"--{method}.{name}={value}" for name, value in options.items()))
