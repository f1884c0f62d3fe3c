"""What a run is built from, and which flags do not fit together."""

import re

import numpy as np
import pytest

from tfgan2 import flags
from tfgan2.errors import InputError
from tfgan2.evaluation.sampler import Sampler
from tfgan2.run import build, describe, session


def settings_of(*argv):
    return flags.parse("train", ["--train_steps=4", "--workdir=runs/x", "--jit=off", *argv])


def test_a_network_that_does_not_fit_the_data():
    message = (
        "--network=sngan_cnn does not fit --dataset=grid25 with samples of shape [2]: samples have the shape "
        "(2,); image networks take (size, size, channels): use the network mlp, or images."
    )
    with pytest.raises(InputError, match=re.escape(message)):
        build.build(settings_of("--method=standard_gan", "--dataset=grid25", "--network=sngan_cnn"))


def test_synchronized_statistics_cannot_be_compiled():
    message = (
        "--network.synchronized=true exchanges statistics between the 2 devices, which XLA cannot compile; "
        "add --jit=off, or leave the statistics to each device."
    )
    devices = ("--method=standard_gan", "--dataset=grid25", "--network=sngan_cnn", "--strategy=mirrored", "--jit=on")
    with pytest.raises(InputError, match=re.escape(message)):
        build.build(settings_of(*devices, "--network.synchronized=true"))
    backbone = ("--method=pgmgan", "--backbone=unconstrained_cnn", "--backbone.synchronized=true")
    with pytest.raises(InputError, match=re.escape(message.replace("network", "backbone"))):
        build.build(settings_of(*devices, *backbone))
    with pytest.raises(InputError, match="does not fit"):
        build.build(settings_of(*devices))
    with pytest.raises(InputError, match="does not fit"):
        build.build(settings_of(*devices, "--network.synchronized=true", "--jit=off"))


@pytest.mark.parametrize(
    ("per", "generators"),
    [("network", {"generator": 8}), ("player", {"generator/autoencoder": 4, "generator/generator": 4})],
)
def test_optimizers_of_networks_and_of_players(per, generators):
    flags = ("--optimizer.schedule=linear", "--optimizer.learning_rate=0.5", "--optimizer.generator.learning_rate=0.25")
    chosen = ("--method=gngan", "--dataset=grid25", f"--optimizers_per={per}", "--gngan.discriminator_steps=3")
    optimizers = build.build(settings_of(*chosen, *flags)).model.network_optimizers
    assert optimizers.keys() == {"discriminator", "encoder"} | generators.keys()
    for name, optimizer in optimizers.items():
        schedule = optimizer.get_config()["learning_rate"]["config"]
        updates = generators.get(name, {"discriminator": 12, "encoder": 4}.get(name))
        assert schedule["initial_learning_rate"] == (0.25 if name in generators else 0.5)
        assert schedule["decay_steps"] == updates  # of four steps


def test_the_half_life_of_the_average():
    argv = ("--method=standard_gan", "--dataset=grid25", "--network.hidden_units=8", "--batch_size=100")
    model = build.build(settings_of(*argv, "--ema_half_life=1000", "--ema_ramp=0.005")).model
    model.step.assign(1000)
    before = model.generator.get_weights()[0]
    model.update({"real": np.zeros([100, 2], np.float32)})
    after = model.generator.get_weights()[0]
    share = 0.5 ** (100 / 500)  # the half-life is 0.005 of 100,000 samples so far
    np.testing.assert_allclose(model.state()["average/000"], share * before + (1 - share) * after, atol=1e-6)


def test_packs():
    argv = ("--method=standard_gan", "--dataset=grid25", "--network.hidden_units=8", "--standard_gan.packing=3")
    built = build.build(settings_of(*argv, "--batch_size=12"))
    lines = describe.description(built).splitlines()
    assert "discriminator: (6,) -> (1,), 137 parameters" in lines
    assert "  240 floating-point operations per pack of 3 samples" in lines
    message = r"^--batch_size=16 on 1 device does not fill packs of 3 samples; take a multiple of 3, such as 18\.$"
    with pytest.raises(InputError, match=message):
        build.build(settings_of(*argv, "--batch_size=16"))


def test_description():
    built = build.build(settings_of("--method=standard_gan", "--dataset=grid25", "--network.hidden_units=8"))
    lines = describe.description(built).splitlines()
    assert "data: grid25, 50,000 points of 2 dimensions" in lines
    assert "generator: (2,) -> (2,), 114 parameters" in lines
    # 2 * (2 * 8 + 8 * 8 + 8 * 2) of the generator, 2 * (2 * 8 + 8 * 8 + 8) of the discriminator.
    operations = [line for line in lines if line.endswith("operations per sample")]
    assert operations == [f"  {count} floating-point operations per sample" for count in (192, 176)]
    row = next(line for line in lines if line.startswith("  hidden_1 "))
    assert row.split() == ["hidden_1", "Dense", "(8,)", "24"]
    # In columns: the types begin below each other.
    assert row.index("Dense") == next(line for line in lines if "InputLayer" in line).index("InputLayer")
    assert lines[-2:] == ["players: discriminator moves discriminator; generator moves generator", "devices: 1, no XLA"]


def test_images_are_trained_like_points():
    tiny = ("--network=distgan_cnn", "--network.width_multiplier=0.05", "--network.latent_dim=3", "--batch_size=4")
    chosen = ("--method=standard_gan", "--dataset=digits", "--data.flip=true", "--steps_per_execution=1")
    settings = settings_of(*chosen, *tiny)
    built = build.build(settings.replace(train_steps=2))
    assert "data: digits, 1,797 images of 8 x 8 pixels and 1 channel" in describe.description(built)
    before = [weights.copy() for weights in built.model.generator.get_weights()]
    session.train(built, [])
    assert built.model.global_step == 2
    assert any(np.any(old != new) for old, new in zip(before, built.model.generator.get_weights(), strict=True))
    samples = Sampler(built.model, built.scaling, built.facts.kind).sample(3)
    assert samples.shape == (3, 8, 8, 1) and 0 <= samples.min() < samples.max() <= 1


def test_classes_that_are_not_wanted():
    def unwanted(*argv):
        return build.build(settings_of("--dataset=digits", "--network=p2gan_cnn", *argv)).unwanted_classes

    # Forces of P2GAN: auxiliary images are wanted where they pull a generator whose samples are the result.
    eights = ("--method=p2gan", "--data.positive_classes=3,8", "--data.auxiliary_classes=8")
    forces = "--p2gan.forces=real:0:pull:1,real:1:pull:1,auxiliary_0:0:push:0.5,auxiliary_0:1:pull:"
    assert unwanted(*eights, f"{forces}1", "--p2gan.sampled_generators=0") == (0, 1, 2, 4, 5, 6, 7, 8, 9)
    assert unwanted(*eights, f"{forces}1", "--p2gan.sampled_generators=1") == (0, 1, 2, 4, 5, 6, 7, 9)
    assert unwanted(*eights, f"{forces}1") == (0, 1, 2, 4, 5, 6, 7, 9)
    assert unwanted(*eights, f"{forces}0") == (0, 1, 2, 4, 5, 6, 7, 8, 9)
    assert unwanted("--method=standard_gan", "--data.auxiliary_classes=8") == (8,)
    assert unwanted("--method=standard_gan", "--data.positive_classes=3,8") == (0, 1, 2, 4, 5, 6, 7, 9)
    assert unwanted("--method=standard_gan") == ()


def test_a_dry_run_needs_no_images(tmp_path, capsys):
    argv = ["--flagfile=configs/gngan_stl10.cfg", "--workdir=runs/x", f"--data.data_dir={tmp_path}"]
    settings = flags.parse("train", argv)
    message = f"stl10: there is no stl10/1.0.0 in {tmp_path}; --data.download=true downloads and prepares it"
    with pytest.raises(InputError, match=re.escape(message)):
        build.build(settings)
    lines = describe.description(build.build(settings.replace(dry_run=True))).splitlines()
    assert message in capsys.readouterr().err
    assert "data: stl10, not here; images of 48 x 48 pixels and 3 channels" in lines
    # GN-GAN's CNNs for STL-10: dense 6 * 6 * 1024 and deconvolutions of 512, 256, 128 without biases before batch norm;
    # SN-GAN's stack 64, 64, 128, 128, 256, 256, 512; convolutions of 128, 256, 512, 1024 and a dense layer of 128.
    assert "generator: (128,) -> (48, 48, 3), 15,772,547 parameters" in lines
    assert "discriminator: (48, 48, 3) -> (1,), 2,946,113 parameters" in lines
    assert "encoder: (48, 48, 3) -> (128,), 15,739,520 parameters" in lines


def test_a_dry_run_of_images_of_unknown_size(tmp_path):
    argv = ("--method=gngan", "--dataset=imagenet2012", "--network=distgan_cnn", f"--data.data_dir={tmp_path}")
    with pytest.raises(InputError, match=r"imagenet2012: there is no imagenet2012/"):
        build.build(settings_of(*argv).replace(dry_run=True))
    argv += ("--data.image_size=64", "--network.width_multiplier=0.05")
    built = build.build(settings_of(*argv).replace(dry_run=True))
    assert built.model.generator.output_shape == (None, 64, 64, 3)


def test_images_that_a_network_cannot_make():
    message = (
        "--network=distgan_cnn does not fit --dataset=digits with samples of shape [12, 12, 1]: images have "
        "12 x 12 pixels; image networks take squares of 8, 16, 28, 32, 48, 64, 128, 256 pixels: "
        "resize or crop the images to one of these."
    )
    with pytest.raises(InputError, match=re.escape(message)):
        build.build(settings_of("--method=gngan", "--dataset=digits", "--data.image_size=12", "--network=distgan_cnn"))


def test_regularizers_of_flags():
    flags = ("--method=standard_gan", "--dataset=grid25", "--regularizer.r1_weight=0.5")
    others = ("--regularizer.penalty_end=0.1", "--regularizer.lecam_weight=0.2", "--network.hidden_units=8")
    built = build.build(settings_of(*flags, *others))
    assert {name for name in built.model.state() if name.startswith("regularization/")} == {
        f"regularization/discriminator/{name}" for name in ("real", "fake", "updates")
    }
    session.train(built, [])
    assert float(built.model.state()["regularization/discriminator/updates"]) == 4
    with pytest.raises(InputError, match=r"--regularizer\.r1_weight is -1"):
        settings_of(*flags[:2], "--regularizer.r1_weight=-1")
