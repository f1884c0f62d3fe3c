"""A tutorial's method, data set and networks of a user's own, through all commands; and what such code may lack."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from documents import blocks

PAGE = "docs/tutorials/own_code.md"
OWN = ("--method=my_gan:MarginGAN", "--dataset=my_gan:ring", "--network=my_gan:Perceptrons")
FLAGS = ("--method.margin=0.5", "--data.count=600", "--data.radius=2", "--network.units=8")
FAST = (
    *("--batch_size=16", "--steps_per_execution=10", "--log_every=10", "--sample_every=0"),
    *("--checkpoint_every=10", "--evaluate_every=0", "--keep_checkpoints=9"),
)


def example():
    """The text of my_gan.py in the tutorial."""
    (block,) = (block for block in blocks(PAGE) if block.note == "file: my_gan.py")
    return block.text


def changed(old, new):
    """The example with `new` in the one place of `old`."""
    assert example().count(old) == 1
    return example().replace(old, new)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """(text) -> my_gan.py of that text, in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    modules = {name for name in sys.modules if name.startswith("my_gan")}

    def write(text):
        sys.modules.pop("my_gan", None)
        (tmp_path / "my_gan.py").write_text(text, encoding="utf-8")

    write(example())
    yield write
    for name in {name for name in sys.modules if name.startswith("my_gan")} - modules:
        del sys.modules[name]


def test_the_tutorial_s_example_through_all_commands(own, call, differing, tmp_path):
    argv = [*OWN, *FLAGS, *FAST]
    for ended in (
        call("train", *argv, "--train_steps=40", "--workdir=straight", "--sample_every=20"),
        call("train", *argv, "--train_steps=20", "--workdir=resumed"),
        call("train", *argv, "--train_steps=40", "--workdir=resumed"),
    ):
        assert ended.code == 0, ended.err
    assert differing("straight", "resumed") == []
    flags = Path("straight/flags.cfg").read_text(encoding="utf-8").splitlines()
    assert {*OWN, "--method.margin=0.5", "--data.radius=2.0", "--network.units=8"} <= set(flags)
    records = map(json.loads, Path("straight/metrics.jsonl").read_text().splitlines())
    names = [set(record["values"]) for record in records if record["kind"] == "train"]
    assert {"discriminator/gap", "discriminator/loss", "generator/loss"} <= names[-1]
    assert call("sample", "--workdir=straight", "--output=samples.npz", "--count=50").code == 0
    with np.load("samples.npz") as archive:
        (samples,) = archive.values()
    assert samples.shape == (50, 2) and np.isfinite(samples).all()
    evaluated = call("evaluate", "--workdir=straight")
    assert evaluated.code == 0, evaluated.err
    assert list(Path("straight/evaluations").rglob("40.json"))
    assert call("export", "--workdir=straight").code == 0
    served = tf.saved_model.load(str(next(Path("straight/export").iterdir())))
    assert "serving_default" in served.signatures


def test_their_flags_are_in_the_help(own, call):
    shown = call("train", "--help", *OWN)
    assert shown.code == 0
    for flag, about in {
        "method.margin": "Gap between the scores",
        "data.radius": "Radius of the circle.",
        "network.units": "Width of the hidden layer.",
    }.items():
        assert re.search(rf"--{flag}=.*\n +{about}", shown.out), flag
    assert "Method my_gan:MarginGAN: A GAN with a discriminator that scores each" in shown.out
    assert "gngan" not in shown.out.partition("Method my_gan")[2]


def test_each_works_with_those_of_the_package(own, call):
    dry = ["--train_steps=10", "--workdir=w", "--dry_run"]
    for argv in (
        ["--method=my_gan:MarginGAN", "--dataset=digits", "--network=sngan_cnn", "--network.width_multiplier=0.1"],
        ["--method=gngan", "--nogngan.autoencoder", "--dataset=my_gan:ring", "--network=my_gan:Perceptrons"],
        [
            *("--method=p2gan", "--dataset=grid25", "--auxiliary_dataset=my_gan:ring"),
            "--p2gan.forces=real:0:pull:1,auxiliary_0:0:push:0.1",
        ],
    ):
        ended = call("train", *argv, *dry)
        assert ended.code == 0, ended.err
        assert "x -> (x " in ended.out and "- -" not in ended.out


def refused(call, *argv):
    ended = call("train", *argv, *FAST, "--train_steps=10", "--workdir=w")
    assert ended.code == 2 and "Traceback" not in ended.err, ended.err
    assert not Path("w").exists()
    return ended.err.removeprefix("tfgan2: ").rstrip("\n")


def test_a_module_that_cannot_be_imported(own, call, tmp_path):
    for flag in ("method", "dataset", "network"):
        others = [flag_of for flag_of in OWN if not flag_of.startswith(f"--{flag}=")]
        assert refused(call, *others, f"--{flag}=elsewhere:Thing") == (
            f"--{flag}=elsewhere:Thing: there is no module 'elsewhere'; give one that Python finds from the working "
            "directory or PYTHONPATH"
        )
        assert f"--{flag}=my_gan:Absent: module 'my_gan' has no class or function 'Absent'; it must be a " in refused(
            call, *others, f"--{flag}=my_gan:Absent"
        )
    own("import tfgan2\n\nnumber = 1 / 0\n")
    assert refused(call, *OWN) == (
        "--method=my_gan:MarginGAN: importing 'my_gan' failed: ZeroDivisionError: division by zero "
        f"({tmp_path}/my_gan.py, line 3)"
    )
    own("def f(:\n")
    assert f"failed: SyntaxError: invalid syntax ({tmp_path}/my_gan.py, line 1)" in refused(call, *OWN)


# What is replaced in the example, by what, and what the error then says of the class.
METHODS = {
    "a network family": ("(tfgan2.GenerativeGame)", "", "is no subclass of tfgan2.GenerativeGame, which all methods"),
    "a game without a generator": ("tfgan2.GenerativeGame", "tfgan2.Game", "is a Game, but no subclass of"),
    "no players": ("def players", "def player", "has no players; write a property such as"),
    "no train_step": ("def train_step", "def step", "has no train_step; write train_step(batch), which"),
    "no seed": ("seed: int = 0", "number: int = 0", "takes no keyword-only argument seed; add `*, seed: int = 0`"),
    "one network": (
        "self, generator, discriminator, *",
        "self, generator, *",
        "takes generator; its constructor must take generator, discriminator, and all else as keyword-only arguments",
    ),
    "no discriminator": (
        "    @property",
        '    roles = ("generator", "critic")\n\n    @property',
        "has neither a role discriminator nor a score(samples); give it one of them",
    ),
    "no generator": (
        "    @property",
        '    roles = ("maker", "discriminator")\n\n    @property',
        "has the roles maker, discriminator; one of them must be generator",
    ),
    "other networks": (
        '{"generator": generator, "discriminator": discriminator}',
        '{"generator": generator, "critic": discriminator}',
        "has a player 'discriminator' that moves 'discriminator'; it must be one of its networks, generator, critic.",
    ),
}


@pytest.mark.parametrize("case", METHODS)
def test_what_a_method_lacks(case, own, call):
    old, new, message = METHODS[case]
    own(changed(old, new))
    assert refused(call, *OWN).startswith(f"--method=my_gan:MarginGAN: MarginGAN {message}")


def test_a_network_of_another_name(own, call):
    text = changed('"discriminator": discriminator}', '"critic": discriminator}')
    own(text.replace('{"discriminator": ["discriminator"]', '{"discriminator": ["critic"]'))
    assert refused(call, *OWN) == (
        "--method=my_gan:MarginGAN: MarginGAN has a network 'critic' that is not one of its roles, generator, "
        "discriminator; write `roles = ('generator', 'critic')` into the class."
    )


# What is replaced in the example, by what, and what the error then says of the step.
STEPS = {
    "no report": (
        "return report | self.minimize(",
        "self.minimize(",
        ": train_step returns None; it must return a dict",
    ),
    "an unknown player": (
        'self.minimize("discriminator"',
        'self.minimize("critic"',
        ": minimize is called for the player 'critic'; it must be one of discriminator, generator.",
    ),
    "a loss alone": (
        "(self.gap(real, latents))), {}",
        "(self.gap(real, latents)))",
        ": the loss of the player 'generator' returns a tensor of shape (); it must return a scalar tensor and a dict",
    ),
    "a loss for each sample": (
        "return tf.reduce_mean(tf.nn.relu(self.margin - gap)),",
        "return tf.nn.relu(self.margin - gap),",
        ": the loss of the player 'discriminator' is a tensor of shape (16, 1); it must be a scalar tensor",
    ),
    "no tensor": (
        "return tf.reduce_mean(tf.nn.relu(self.margin - gap)),",
        "return 1.0,",
        ": the loss of the player 'discriminator' is of the type float; it must be a scalar tensor",
    ),
    "a report for each sample": (
        '{"gap": tf.reduce_mean(gap)}',
        '{"gap": gap}',
        ": the loss of the player 'discriminator' reports 'gap' as a tensor of shape (16, 1); it must be a scalar.",
    ),
    "a stream drawn twice": (
        "latents = self.random_latents",
        'self.random("latents", [3])\n        latents = self.random_latents',
        ": stream is 'latents'; it must not repeat the numbers of the stream 'latents', which",
    ),
    "a name of Keras": (
        "self.discriminator_loss, real, latents)",
        "self.loss, real, latents)\n        return report\n\n    def loss(self, real, latents):\n        return None",
        " has a method 'loss', but its base class stores a value under this name. Give the method another name.",
    ),
}


@pytest.mark.parametrize("case", STEPS)
def test_mistakes_in_a_step(case, own, call):
    old, new, message = STEPS[case]
    own(changed(old, new))
    assert refused(call, *OWN).startswith(f"MarginGAN{message}")


NETWORKS = {
    "no activation": (
        'latent_dim, output_activation = 2, "linear"',
        "latent_dim = 2",
        "which has no output_activation",
    ),
    "an activation that scales to nothing": (
        '"linear"',
        '"relu"',
        "which has the output_activation 'relu'; it must be",
    ),
    "no discriminator": (
        "def discriminator(",
        "def critic(",
        "does not fit --method=my_gan:MarginGAN: it has no method discriminator(sample_shape).",
    ),
    "another argument": (
        "generator(self, sample_shape)",
        "generator(self, sample_shape, width)",
        "its generator must be called as generator(sample_shape): missing a required argument: 'width'.",
    ),
    "no model": (
        "return keras.Sequential([keras.Input((inputs,)), hidden, keras.layers.Dense(outputs)])",
        "return hidden",
        "its generator returns Dense; it must return a keras.Model that is made of a keras.Input.",
    ),
    "no input": ("keras.Input((inputs,)), ", "", "it must return a keras.Model that is made of a keras.Input."),
    "another size": (
        "self.latent_dim, sample_shape[0]",
        "self.latent_dim, 3",
        "its generator has the output shape [3]; it must be [2], as the method needs it.",
    ),
    "two scores": (
        "sample_shape[0], 1)",
        "sample_shape[0], 2)",
        "its discriminator has the output shape [2]; it must be [1], as the method needs it.",
    ),
    "an argument without default": ("units: int = 64", "units: int", "argument 'units' of Perceptrons has no default"),
    "a positional argument": ("*, units: int = 64", "units", "its argument 'units' has no default; write `*` before"),
}


@pytest.mark.parametrize("case", NETWORKS)
def test_what_a_family_of_networks_lacks(case, own, call):
    old, new, message = NETWORKS[case]
    own(changed(old, new))
    found = refused(call, *OWN)
    assert message in found and ("my_gan:Perceptrons" in found or "of Perceptrons" in found)


ENCODER = """    def encoder(self, sample_shape):
        return self.perceptron(sample_shape[0], self.latent_dim)

    def perceptron"""


def test_an_encoder_to_another_dimension(own, call):
    own(changed("    def perceptron", ENCODER.replace("self.latent_dim", "5")))
    for method in ("gngan", "distgan"):
        assert refused(call, f"--method={method}", *OWN[1:]) == (
            f"--network=my_gan:Perceptrons does not fit --method={method}: its encoder has the output shape [5]; it "
            "must be [2], as the method needs it."
        )


def test_a_discriminator_without_features(own, call):
    own(changed("    def perceptron", ENCODER))
    assert refused(call, "--method=distgan", *OWN[1:]) == (
        "--distgan.distance is features; it must be samples for a discriminator without a layer named features. Name "
        "one, or try distance=samples."
    )


@pytest.mark.parametrize(
    ("method", "missing"),
    [
        ("distgan", "encoder(sample_shape)"),
        ("gngan", "encoder(sample_shape)"),
        ("logan", "joint_discriminator(sample_shape)"),
    ],
)
def test_networks_that_a_method_of_the_package_needs(method, missing, own, call):
    assert refused(call, f"--method={method}", *OWN[1:]) == (
        f"--network=my_gan:Perceptrons does not fit --method={method}: it has no method {missing}."
    )


def test_networks_with_fewer_arguments_than_a_method_gives(own, call):
    assert refused(call, "--method=p2gan", *OWN[1:]) == (
        "--network=my_gan:Perceptrons does not fit --method=p2gan: its generator must be called as "
        "generator(sample_shape, generators=...): got an unexpected keyword argument 'generators'."
    )


RETURNS = "return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)"
DATA_SETS = {
    "a dict": ("return {}", "my_gan:ring returned dict; it must return a PointSet, an ImageSet, an array, or"),
    "three": ("return 1, 2, 3", "my_gan:ring returned a tuple of 3; it must return"),
    "levels in floats": ("return np.zeros((9, 8, 8, 1))", "my_gan:ring returned float64 [9, 8, 8, 1]; it must return"),
    "two channels": ("return np.zeros((9, 8, 8, 2), np.uint8)", "returned uint8 [9, 8, 8, 2]; it must return"),
    "no number": ("return np.full((9, 2), np.nan)", "my_gan:ring: 9 of 9 rows of points are not finite"),
    "a list": ("return [[1.0, 2.0]]", "labels integers [n]. Convert the list by numpy.array"),
    "zeros": ("return np.zeros((9, 2))", "my_gan:ring: the largest |coordinate| of the points is 0.0; scaling needs"),
    "nothing": ("return np.zeros((0, 2))", "my_gan:ring: points have shape (0, 2)"),
    "texts": ('return np.full((9, 2), "a")', "my_gan:ring: points hold <U1"),
    "few labels": ("return np.ones((9, 2)), np.ones(8, int)", "my_gan:ring: labels are int64 [8]; save integers [9]"),
}


@pytest.mark.parametrize("case", DATA_SETS)
def test_what_a_data_set_may_not_be(case, own, call):
    returned, message = DATA_SETS[case]
    own(changed(RETURNS, returned))
    assert message in refused(call, *OWN)


RAISING = {
    "a missing file": ('raise FileNotFoundError("x.csv")', "FileNotFoundError: x.csv"),
    "a mistake": ("return 1 / 0", "ZeroDivisionError: division by zero"),
    "an end": ('raise SystemExit("bye")', "SystemExit: bye"),
    "an error in another module": ('return np.loadtxt("x.csv")', "FileNotFoundError: x.csv not found."),
}


@pytest.mark.parametrize("case", RAISING)
def test_a_data_set_that_raises(case, own, call, tmp_path):
    text, message = RAISING[case]
    own(changed(RETURNS, text))
    line = 1 + example().partition(RETURNS)[0].count("\n")
    assert refused(call, *OWN) == f"--dataset=my_gan:ring failed: {message} ({tmp_path}/my_gan.py, line {line})"


def test_a_module_that_ends_the_program(own, call, tmp_path):
    own('import sys\n\nsys.exit("bye")\n')
    assert refused(call, *OWN) == (
        f"--method=my_gan:MarginGAN: importing 'my_gan' failed: SystemExit: bye ({tmp_path}/my_gan.py, line 3)"
    )


def test_the_name_of_a_file(own, call):
    for name in ("my_gan", "my_gan.py"):
        found = refused(call, f"--method={name}", *OWN[1:])
        assert found.startswith(f"--method={name} is unknown; did you mean my_gan:MarginGAN or my_gan:Perceptrons? ")
        assert "did you mean my_gan:ring? " in refused(call, OWN[0], f"--dataset={name}", OWN[2])
        assert "did you mean my_gan:MarginGAN or my_gan:Perceptrons? " in refused(call, *OWN[:2], f"--network={name}")
    assert refused(call, "--method=my_gan.py:MarginGAN", *OWN[1:]) == (
        "--method=my_gan.py:MarginGAN: there is no module 'my_gan.py'; write --method=my_gan:MarginGAN, without .py"
    )


def test_the_arguments_of_a_data_set(own, call):
    own(changed("count: int = 5000", "count=5000"))
    assert refused(call, *OWN) == "--dataset=my_gan:ring: its argument 'count' has no type; write count: int = 3"
    own(changed("*, count: int = 5000", "count, *"))
    assert "--dataset=my_gan:ring: its argument 'count' has no default; write `*` before" in refused(call, *OWN)
    own(changed("count: int = 5000", 'minority: str = "a"'))
    assert refused(call, *OWN) == (
        "--dataset=my_gan:ring: its argument 'minority' is already a flag, --data.minority; call it otherwise"
    )


def test_flags_of_other_methods(own, call):
    assert "--gngan.loss belongs to the method gngan, but --method=my_gan:MarginGAN is chosen" in refused(
        call, *OWN, "--gngan.loss=hinge"
    )
    assert "--method.margin belongs to a method of your own, but --method=gngan is chosen" in refused(
        call, "--method=gngan", *OWN[1:], "--method.margin=1"
    )
    assert "did you mean --method.margin?" in refused(call, *OWN, "--method.margn=1")
