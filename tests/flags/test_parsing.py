"""The command line: what is accepted, what is refused and in which words, --help and --list."""

import re
from pathlib import Path

import pytest
from absl import flags as absl_flags

from tfgan2.cli import Answer
from tfgan2.data.sources import SOURCES
from tfgan2.errors import InputError
from tfgan2.flags import parse
from tfgan2.flags.arguments import arguments_of
from tfgan2.flags.flagfiles import Token, configs
from tfgan2.flags.groups import groups_of
from tfgan2.flags.parsing import _read
from tfgan2.flags.run_flags import EXAMPLES, RUN_FLAGS
from tfgan2.flags.texts import type_text
from tfgan2.methods import METHODS
from tfgan2.networks import BACKBONES, NETWORKS
from tfgan2.optimizers import make_optimizer
from tfgan2.ranges import not_accepted, range_of

RUN = ("--method=gngan", "--dataset=grid25", "--train_steps=1000", "--workdir=runs/w")


def train(*argv):
    return parse("train", [*RUN, *argv])


def message_of(command, *argv):
    with pytest.raises(InputError) as error:
        parse(command, argv)
    return str(error.value)


def refusal(*argv):
    return message_of("train", *RUN, *argv)


def answer_of(command, *argv):
    with pytest.raises(Answer) as answer:
        parse(command, argv)
    return str(answer.value)


# What is accepted.


def test_defaults():
    settings = train()
    assert (settings.network, settings.seed, settings.batch_size, settings.ema_decay) == ("mlp", 0, 128, 0.0)
    assert (settings.precision, settings.init_from, settings.strategy, settings.jit) == (
        "float32",
        None,
        "auto",
        "auto",
    )
    assert (settings.steps_per_execution, settings.log_every, settings.sample_every) == (50, "auto", "auto")
    assert (settings.checkpoint_every, settings.keep_checkpoints, settings.evaluate_every) == ("auto", 3, "auto")
    assert settings.stop_when == "never"
    assert (settings.profile_steps, settings.threads, settings.dry_run) == (None, 0, False)


def test_spellings():
    assert train("--batch_size", "32").batch_size == 32
    assert train("-batch_size=32").batch_size == 32
    assert train("--deterministic").deterministic is True
    assert train("--deterministic=true", "--nodeterministic").deterministic is False
    assert train("--gngan.neighbor_weight", "-0").arguments("method")["neighbor_weight"] == 0.0
    assert train("--nogngan.autoencoder").arguments("method")["autoencoder"] is False
    assert train("--schedule_steps=None").schedule_steps is None


def test_the_last_of_two_wins(tmp_path):
    (tmp_path / "a.cfg").write_text("--seed=3\n--gngan.loss=hinge\n")
    assert train("--seed=1", "--seed=2").seed == 2
    assert train("--seed=1", f"--flagfile={tmp_path}/a.cfg").seed == 3
    settings = train(f"--flagfile={tmp_path}/a.cfg", "--seed=1", "--gngan.loss=log")
    assert (settings.seed, settings.arguments("method")["loss"]) == (1, "log")


def test_nothing_is_global():
    train("--seed=5", "--gngan.loss=hinge")
    assert train().seed == 0
    assert not {"method", "seed", "gngan.loss", "train_steps"} & set(absl_flags.FLAGS)


def test_other_commands():
    sample = parse("sample", ["--workdir=w", "--output=x.npz", "--noaveraged", "--step=50"])
    assert (sample.count, sample.seed, sample.averaged, sample.step) == (None, 0, False, 50)
    evaluate = parse("evaluate", ["--workdir=w"])
    assert (evaluate.protocol, evaluate.seed, evaluate.averaged, evaluate.step) == (None, 0, True, None)
    for flags in (["--compare=a.json,b.json"], ["--compare=a.json", "--compare=b.json"]):
        assert parse("evaluate", flags).compare == (Path("a.json"), Path("b.json"))
    commas = (Path("a,1.json"), Path("b,2.json"))
    assert parse("evaluate", ["--compare=a,1.json", "--compare=b,2.json"]).compare == commas
    assert parse("evaluate", ["--samples=a.npz", "--protocol=p"]).samples == Path("a.npz")
    assert parse("export", ["--workdir=w", "--output=d"]).output == Path("d")
    assert parse("export", ["--workdir=w"]).output == Path("w/export")
    assert parse("report", ["--workdir=w"]).output == Path("w/report.html")


def test_the_examples_are_accepted():
    assert EXAMPLES.keys() == RUN_FLAGS.keys()
    for command, example in EXAMPLES.items():
        assert Path("runs/first") in parse(command, example.split()).values.values()


@pytest.mark.parametrize("name", configs())
def test_the_configurations_are_accepted(name):
    settings = parse("train", [f"--flagfile={name}", "--workdir=w"])
    assert settings.method in METHODS


USERS_OWN = '''
"""Networks of a user."""
WIDTH = 3

class Family:
    """Wide networks.

    Args:
      width: of each layer.
    """

    def __init__(self, *, width: int = 16):
        self.width = width

def unfinished(*, width):
    pass
'''


@pytest.fixture
def users_own(tmp_path, monkeypatch):
    (tmp_path / "users_networks.py").write_text(USERS_OWN)
    (tmp_path / "users_bug.py").write_text("import a_module_that_is_missing\n")
    monkeypatch.syspath_prepend(tmp_path)


def test_a_network_of_the_users_own(users_own):
    settings = train("--network=users_networks:Family", "--network.width=8")
    assert settings.arguments("network") == {"width": 8}
    assert settings.network_family(width=8).width == 8
    assert "--network.width=INT  (16; trajectory)\n      of each layer." in answer_of(
        "train", "--help", "--network=users_networks:Family"
    )
    assert refusal("--network=users_networks:Family", "--network.hidden_units=8") == (
        "--network.hidden_units belongs to the network mlp or pgmgan_mlp, but --network=users_networks:Family is "
        "chosen: leave it out, or choose --network=mlp"
    )
    assert refusal("--network=users_networks:Famly") == (
        "--network=users_networks:Famly: module 'users_networks' has no class or function 'Famly'; "
        "did you mean Family? it must be a network family as those in tfgan2.networks are"
    )
    assert "has no class or function 'WIDTH'" in refusal("--network=users_networks:WIDTH")
    assert refusal("--network=users_networks.inner:Family").startswith(
        "--network=users_networks.inner:Family: there is no module 'users_networks.inner'; give one that Python finds"
    )
    assert refusal("--network=nowhere.inner:Family") == (
        "--network=nowhere.inner:Family: there is no module 'nowhere'; give one that Python finds from the working "
        "directory or PYTHONPATH"
    )
    assert refusal("--network=users_networks:unfinished").startswith("argument 'width' of unfinished has no default")
    message = refusal("--network=users_bug:Family")
    assert "importing 'users_bug' failed: ModuleNotFoundError: No module named 'a_module_that_is_missing'" in message


# What is refused.

SHOWS = "`python -m tfgan2.train --method=gngan --help` shows the flags"
EXAMPLE = "for example: python -m tfgan2.train " + EXAMPLES["train"]
LIST = (
    "; or start from a configuration of --list, --flagfile=configs/NAME.cfg; or let a recipe choose all flags for your "
    "own pictures: tfgan2 train folder:DIR"
)


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--sed=3", f"unknown flag --sed; did you mean --seed? {SHOWS}"),
        ("--nosuchthing", f"unknown flag --nosuchthing; {SHOWS}"),
        ("--undefok=foo", f"unknown flag --undefok; {SHOWS}"),
        ("--neighbor_weight=3", f"unknown flag --neighbor_weight; did you mean --gngan.neighbor_weight? {SHOWS}"),
        (
            "--gngan.neighbour_weight=3",
            f"unknown flag --gngan.neighbour_weight; did you mean --gngan.neighbor_weight? {SHOWS}",
        ),
        ("--gngan.seed=3", f"unknown flag --gngan.seed; did you mean --seed? {SHOWS}"),
        ("--network.depth=3", f"unknown flag --network.depth; did you mean --network? {SHOWS}"),
        (
            "--optimizer.schedule_steps=3",
            f"unknown flag --optimizer.schedule_steps; did you mean --schedule_steps? {SHOWS}",
        ),
        (
            "--optimizer.generator.beta1=3",
            f"unknown flag --optimizer.generator.beta1; did you mean --optimizer.generator.beta_1? {SHOWS}",
        ),
        (
            "--distgan.distance_weight=3",
            "--distgan.distance_weight belongs to the method distgan, but --method=gngan is chosen: "
            "leave it out, or choose --method=distgan",
        ),
        ("--distgan.distance_wait=3", f"unknown flag --distgan.distance_wait; {SHOWS}"),
        (
            "--data.ring_radius=3",
            "--data.ring_radius belongs to the dataset ring8 or ring10, but --dataset=grid25 is chosen: "
            "leave it out, or choose --dataset=ring8",
        ),
        ("--count=3", "--count is a flag of tfgan2.sample, not of tfgan2.train; leave it out"),
        ("--noaveraged", "--averaged is a flag of tfgan2.sample, not of tfgan2.train; leave it out"),
    ],
)
def test_flags_that_are_not_there(flag, message):
    assert refusal(flag) == message


def test_flags_of_another_choice():
    points = "grid25 or ring8 or ring10 or ring16 or modes1d or blobs or swiss_roll"
    belongs = f"belongs to the dataset {points}, but --dataset=npz:x is chosen"
    assert refusal("--dataset=npz:x", "--data.std=1") == (
        f"--data.std {belongs}: leave it out, or choose --dataset=grid25"
    )
    assert refusal("--dataset=mnist", "--data.seed=1") == (
        f"--data.seed belongs to the dataset {points} or static_background or stacked:SOURCE, but "
        "--dataset=mnist is chosen: leave it out, or choose --dataset=grid25"
    )
    assert refusal("--data.flip=true").startswith("--data.flip belongs to the dataset digits or mnist or ")
    assert refusal("--method=standard_gan", "--optimizer.encoder.name=sgd") == (
        "--optimizer.encoder.name belongs to the method gngan or distgan or logan or vae or vae_gan, but "
        "--method=standard_gan is chosen: leave it out, or choose --method=gngan"
    )
    assert refusal("--method=distgan", "--nogngan.autoencoder") == (
        "--gngan.autoencoder belongs to the method gngan, but --method=distgan is chosen: "
        "leave it out, or choose --method=gngan"
    )
    assert message_of("sample", "--workdir=w", "--output=a.png", "--gngan.loss=log") == (
        "--gngan.loss is a flag of tfgan2.train; tfgan2.sample takes it from the run's flags.cfg"
    )
    assert message_of("sample", "--workdir=w", "--output=a.png", "--batch_size=3") == (
        "--batch_size is a flag of tfgan2.train, not of tfgan2.sample; leave it out"
    )
    assert message_of("sample", "--workdir=w", "--output=a.png", "--cunt=3") == (
        "unknown flag --cunt; did you mean --count? `python -m tfgan2.sample --help` shows the flags"
    )


def test_unknown_choices():
    assert refusal("--method=gngam") == (
        f"--method=gngam is unknown; did you mean gngan? there are {', '.join(METHODS)}, module:Class"
    )
    assert refusal("--dataset=grid") == (
        f"--dataset=grid is unknown; did you mean grid25? there are {', '.join(SOURCES)}, module:function"
    )
    assert refusal("--network=resnet") == (
        f"--network=resnet is unknown; did you mean sngan_resnet? there are {', '.join(NETWORKS)}, module:factory"
    )


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--seed=abc", "--seed is abc; it must be a whole number in [0, 2147483647]."),
        ("--batch_size=1.5", "--batch_size is 1.5; it must be a whole number in [1, 1048576]."),
        ("--ema_decay=high", "--ema_decay is high; it must be a finite number in [0, 1)."),
        ("--deterministic=maybe", "--deterministic is maybe; it must be true or false."),
        ("--nodeterministic=1", "--nodeterministic=1 does not take an argument"),
        ("--strategy=all", "--strategy is all; it must be one of auto, one, mirrored, multiworker."),
        (
            "--precision=float64",
            "--precision is float64; it must be one of float32, mixed_bfloat16. Did you mean float32?",
        ),
        ("--jit=yes", "--jit is yes; it must be one of auto, on, off."),
        ("--gngan.loss=hing", "--gngan.loss is hing; it must be one of log, hinge. Did you mean hinge?"),
        ("--gngan.neighbor_weight=x", "--gngan.neighbor_weight is x; it must be a finite number of at least 0."),
        ("--network.hidden_units=x", "--network.hidden_units is x; it must be a whole number in [1, 16384]."),
        ("--data.std=x", "--data.std is x; it must be a finite number above 0, or None."),
        (
            "--optimizer.generator.schedule=step",
            "--optimizer.generator.schedule is step; it must be one of constant, staircase, linear, half_then_linear, "
            "cosine, or None.",
        ),
        ("--seed", "--seed=: the value is missing"),
        ("--gngan.loss", "--gngan.loss=: the value is missing"),
        (
            "grid25",
            "'grid25' is not a flag; did you mean --dataset=grid25? write flags as --flag=value, also "
            "--flag=true and --flag=false",
        ),
        ("--batch_size=0", "--batch_size is 0; it must be in [1, 1048576]."),
        ("--train_steps=0", "--train_steps is 0; it must be at least 1."),
        ("--schedule_steps=0", "--schedule_steps is 0; it must be at least 1, or None."),
        ("--steps_per_execution=0", "--steps_per_execution is 0; it must be in [1, 1048576]."),
        ("--keep_checkpoints=0", "--keep_checkpoints is 0; it must be at least 1."),
        ("--threads=-1", "--threads is -1; it must be in [0, 4096]."),
        ("--log_every=-50", "--log_every is -50; it must be at least 0, or auto."),
        ("--seed=-1", "--seed is -1; it must be in [0, 2147483647]."),
        ("--seed=2147483648", "--seed is 2147483648; it must be in [0, 2147483647]."),
        ("--ema_decay=1", "--ema_decay is 1; it must be in [0, 1)."),
        ("--ema_decay=-0.1", "--ema_decay is -0.1; it must be in [0, 1)."),
        ("--ema_half_life=0", "--ema_half_life is 0; it must be at least 1, or None."),
        ("--workdir=", "--workdir is empty; it must be a path."),
        ("--init_from=", "--init_from is empty; it must be a path."),
        ("--profile_steps=5", "--profile_steps is 5; it must be first,last with 0 <= first < last."),
        ("--profile_steps=9,5", "--profile_steps is 9,5; it must be first,last with 0 <= first < last."),
        ("--profile_steps=-9,5", "--profile_steps is -9,5; it must be a list, each item at least 0, or None."),
        (
            "--profile_steps=a,5",
            "--profile_steps is a,5; it must be a list, each item a whole number of at least 0, or None.",
        ),
    ],
)
def test_values_that_do_not_fit(flag, message):
    assert refusal(flag) == message


@pytest.mark.parametrize("name", ["log_every", "sample_every", "checkpoint_every", "evaluate_every"])
def test_cadences(name):
    accepted = "it must be a multiple of --steps_per_execution=50."
    assert refusal(f"--{name}=120") == f"--{name} is 120; {accepted} Try 100 or 150."
    assert refusal(f"--{name}=20") == f"--{name} is 20; {accepted} Try 50."
    for every in (0, 50, 150, "auto"):
        assert getattr(train(f"--{name}={every}"), name) == every
    accepted = "it must be a whole number of at least 0, or auto."
    assert refusal(f"--{name}=often") == f"--{name} is often; {accepted}"
    assert getattr(train(f"--{name}=120", "--steps_per_execution=20"), name) == 120


def test_one_average():
    assert refusal("--ema_half_life=9000", "--ema_decay=0.9") == (
        "--ema_half_life is 9000; it must be left out with --ema_decay=0.9, the same average by its decay. "
        "Leave one of them out."
    )
    assert refusal("--ema_ramp=0.05") == (
        "--ema_ramp is 0.05; it must be left out without --ema_half_life. Try --ema_half_life=10000."
    )


@pytest.mark.parametrize("flag", ["inception_path", "feature_network"])
def test_a_network_without_metrics(flag):
    assert refusal(f"--{flag}=graph.pb") == (
        f"--{flag} is graph.pb; it must be left out without --evaluate_metrics. Try --evaluate_metrics=frechet."
    )


def test_two_networks():
    assert refusal("--inception_path=a.pth", "--feature_network=b.pth", "--evaluate_metrics=frechet") == (
        "--feature_network is b.pth; it must be left out with --inception_path. Leave one of them out."
    )


def test_a_best_checkpoint_without_evaluations():
    assert refusal("--best_metric=recall", "--evaluate_every=0") == (
        "--best_metric is recall; it must be left out without evaluations. Try --evaluate_every=auto."
    )
    assert refusal("--stop_when=flat", "--evaluate_every=0") == (
        "--stop_when is flat; it must be never without evaluations. Try --evaluate_every=auto."
    )
    assert refusal("--stop_when=recall>0.5", "--evaluate_every=0") == (
        "--stop_when is recall>0.5; it must be never without evaluations. Try --evaluate_every=auto."
    )


def test_a_schedule_that_ends_too_early():
    assert refusal("--schedule_steps=500", "--optimizer.schedule=cosine") == (
        "--schedule_steps is 500; it must be at least --train_steps=1000: --optimizer.schedule=cosine would train the "
        "rest at a learning rate of 0. Train at most 500 steps, or start a new run with more --schedule_steps."
    )
    assert train("--schedule_steps=1000", "--optimizer.schedule=cosine").schedule_steps == 1000
    # Nothing else depends on it.
    assert train("--schedule_steps=500", "--optimizer.schedule=staircase").schedule_steps == 500


def test_flags_that_are_missing():
    assert message_of("train") == f"--method, --dataset, --train_steps, --workdir are missing; {EXAMPLE}{LIST}"
    assert message_of("train", *RUN[:3]) == f"--workdir is missing; {EXAMPLE}{LIST}"
    assert message_of("train", *RUN, "--method=None") == f"--method is missing; {EXAMPLE}{LIST}"
    # The misspelt flag, not the missing one.
    assert message_of("train", "--methd=gngan") == (
        "unknown flag --methd; did you mean --method? `python -m tfgan2.train --help` shows the flags"
    )
    assert message_of("sample") == (
        f"--workdir, --output are missing; for example: python -m tfgan2.sample {EXAMPLES['sample']}"
    )
    assert message_of("export") == f"--workdir is missing; for example: python -m tfgan2.export {EXAMPLES['export']}"
    one_of = (
        f"give one of --workdir, --samples and --compare; for example: python -m tfgan2.evaluate {EXAMPLES['evaluate']}"
    )
    assert message_of("evaluate") == one_of
    assert message_of("evaluate", "--workdir=w", "--samples=a.npz") == one_of


def test_values_of_other_commands():
    sample = ("sample", "--workdir=w", "--output=a.png")
    assert message_of(*sample, "--count=0") == "--count is 0; it must be in [1, 10000000], or None."
    assert message_of(*sample, "--step=4", "--checkpoint=best") == (
        "--step is 4; it must be left out with --checkpoint=best, which names a checkpoint, too."
    )
    assert message_of(*sample, "--step=-1") == "--step is -1; it must be at least 0, or None."
    assert message_of(*sample, "--seed=-1") == "--seed is -1; it must be in [0, 2147483647]."
    assert (
        message_of(*sample, "--output=a.jpg")
        == "--output is a.jpg; it must be a file that ends in .png or .npz, or a folder without a dot in its name."
    )
    assert message_of("evaluate", "--compare=a.json").startswith(
        "--compare is a.json; it must be two files or more. Try "
    )


def test_a_flagfile_is_named_with_its_line(tmp_path):
    path = tmp_path / "a.cfg"
    path.write_text("# A comment.\n--seed=abc\n")
    assert refusal(f"--flagfile={path}") == f"--seed is abc; it must be a whole number in [0, 2147483647]. ({path}:2)"
    path.write_text("--sed=3\n")
    assert refusal(f"--flagfile={path}") == f"unknown flag --sed ({path}:1); did you mean --seed? {SHOWS}"
    path.write_text("--gngan.los=log\n")
    assert refusal(f"--flagfile={path}") == f"unknown flag --gngan.los ({path}:1); did you mean --gngan.loss? {SHOWS}"
    path.write_text("\n--data.ring_radius=1\n")
    assert refusal(f"--flagfile={path}").endswith(f"choose --dataset=ring8 ({path}:2)")
    path.write_text("--seed\n")
    assert refusal(f"--flagfile={path}") == f"--seed=: the value is missing ({path}:1)"
    path.write_text("--init_from\n--seed=3\n")
    assert refusal(f"--flagfile={path}") == (
        f"--init_from is --seed=3; it must be a text that does not begin with '--'. Was the value left out? ({path}:1)"
    )


# --help and --list.


def test_every_flag_has_help():
    for command in RUN_FLAGS:
        for group in groups_of(command, {}):
            assert [flag for flag, argument in group.flags.items() if not argument.help.strip()] == []
    # In the union of the data sources the first one speaks for all, so they are looked at one by one.
    for factory in (*SOURCES.values(), *NETWORKS.values(), *METHODS.values(), make_optimizer):
        arguments = arguments_of(factory, leave_out=("schedule_steps",))
        assert [argument.name for argument in arguments if not argument.help.strip()] == []
        assert arguments, f"{factory} has no hyperparameters"


def test_an_argument_of_the_data_has_one_meaning():
    types = {}
    for source in SOURCES.values():
        for argument in arguments_of(source):
            assert types.setdefault(argument.name, argument.annotation) == argument.annotation


def test_every_network_can_have_an_optimizer_of_its_own():
    for method, factory in METHODS.items():
        for role in factory.roles:
            backbone = ["--backbone=invertible_mlp"] if factory.takes_backbone else []
            settings = train(f"--method={method}", *backbone, f"--optimizer.{role}.learning_rate=0.5")
            assert settings.optimizer(role)["learning_rate"] == 0.5


def flags_in(text):
    return re.findall(r"^  --(\S+)=", text, re.M)


def test_help_shows_everything():
    text = answer_of("train", "--help")
    assert "--gngan.neighbor_weight=FLOAT at least 0  (1.0; trajectory)\n      Weight lambda_r of the neigh" in text
    assert "--log_every=auto|INT at least 0  (auto; runtime)\n      Log metrics once" in text
    shown = flags_in(text)
    assert len(set(shown)) == len(shown)
    text = " ".join(text.split())
    assert "--optimizer.NETWORK.name and so on, for one network alone: generator, discriminator, encoder" in text
    for method, factory in METHODS.items():
        assert f"Method {method}: {factory.__doc__.splitlines()[0]}" in text
        assert {f"{method}.{argument.name}" for argument in arguments_of(factory)} - {f"{method}.seed"} <= set(shown)
    assert {"data.ring_radius", "data.spacing", "data.point_count", "network.latent_dim"} <= set(shown)
    assert {argument.name for argument in RUN_FLAGS["train"]} | {"help", "list"} <= set(shown)


def test_help_shows_what_is_chosen():
    shown = flags_in(answer_of("train", "--help", "--method=standard_gan", "--dataset=ring8"))
    groups = {flag.partition(".")[0] for flag in shown if "." in flag}
    assert groups == {"standard_gan", "network", "data", "regularizer", "optimizer"}
    assert "data.ring_radius" in shown and "data.spacing" not in shown
    text = answer_of("train", "--help", "--method=standard_gan", "--dataset=npz:x")
    assert re.search(r"for one\s+network\s+alone:\s+generator,\s+discriminator\n", text)
    assert "\nData: Points [n, d] or images" in text
    assert "--data.image_size=INT in [4, 1024]  (None; trajectory)\n      Resize images to this height and" in text
    assert "--data.data_dir=PATH  (None; runtime)\n      Read prepared TensorFlow datasets from" in text


@pytest.mark.parametrize("command", RUN_FLAGS)
def test_help_of_each_command(command):
    text = answer_of(command, "--help", "--workdir=w")
    assert text.replace(" \\\n    ", " ").startswith(f"python -m tfgan2.{command} {EXAMPLES[command]}")
    assert {argument.name for argument in RUN_FLAGS[command]} <= set(flags_in(text))
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("command", RUN_FLAGS)
def test_the_help_of_a_command_is_in_sentences(command):
    for argument in RUN_FLAGS[command]:
        assert re.match(r"[A-Za-z].* .*[.]$", argument.help), argument.name
        assert ";" not in argument.help.replace("weights-inception-2015-12-05-6726825d.pth of torch-fidelity;", "")


def test_list():
    text = answer_of("train", "--list")
    for name, entry in (METHODS | SOURCES | NETWORKS).items():
        about = r"\s+".join(map(re.escape, entry.__doc__.splitlines()[0].split()))
        assert re.search(rf"^  {name}\s+{about}$", text, re.M)
    for name in configs():
        assert re.search(rf"^  {re.escape(name)} *\n? +\S", text, re.M)
    assert max(map(len, text.splitlines())) <= 80
    assert "\n  npz:FILE " in text and "\n  module:factory " in text


def test_kinds():
    kinds = {argument.name: argument.kind for argument in RUN_FLAGS["train"]}
    trajectory = (
        "method dataset negative_dataset auxiliary_dataset network backbone stage_from seed batch_size "
        "schedule_steps ema_decay ema_half_life ema_ramp optimizers_per precision init_from"
    )
    assert [name for name, kind in kinds.items() if kind == "trajectory"] == trajectory.split()
    assert set(kinds.values()) == {"trajectory", "runtime"}


def chosen_and_not():
    """(command, what is chosen) with which, together, every flag is one of the command."""
    return [*((command, {}) for command in RUN_FLAGS), *(("train", {"backbone": each}) for each in BACKBONES.values())]


def number_flags():
    """(command, flag, argument, range or None) of every flag with integers."""
    for command, factories in chosen_and_not():
        for group in groups_of(command, factories):
            for flag, argument in group.flags.items():
                if type_text(argument.annotation) in ("INT", "INT,..."):
                    yield command, flag, argument, range_of(argument.annotation)


@pytest.mark.parametrize("text", [str(2**63), str(-(2**64)), "1e30", "9" * 5000, str(2**31)])
def test_integers_far_out_of_range_are_refused(text):
    flags = list(number_flags())
    assert len(flags) > 60
    for command, flag, argument, _ in flags:
        with pytest.raises(InputError) as error:
            _read({flag: argument}, [Token(f"--{flag}={text}")], known_only=False)
        assert str(error.value).startswith(f"--{flag} is {text}; it must be "), command


# What is allocated in proportion to these would fill the memory before it is refused.
LARGE = ("batch_size", "generator_batch", "steps_per_execution", "auxiliary_count", "points_per_mode", "point_count")
LARGE += ("count", "hidden_units", "latent_dim", "embedding_dim", "projection_units", "maxout_units", "partitions")
LARGE += ("neighbors", "between", "threads", "hidden_layers", "discriminator_hidden_layers", "blocks", "stages")
LARGE += ("maxout_pieces", "num_generators", "discriminator_steps", "power_iterations", "rejection_rounds")


def test_what_takes_memory_is_bounded():
    found = {flag: interval for _, flag, _, interval in number_flags() if flag.rpartition(".")[2] in LARGE}
    assert {flag.rpartition(".")[2] for flag in found} == set(LARGE)
    for flag, interval in found.items():
        assert interval is not None and 10**7 + 1 not in interval, flag


def test_defaults_are_accepted():
    for command, factories in chosen_and_not():
        for group in groups_of(command, factories):
            for flag, argument in group.flags.items():
                required = flag == "train_steps"
                assert required or not_accepted(argument.annotation, argument.default) is None, flag
