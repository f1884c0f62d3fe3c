"""Wrong usage and wrong input of every command: exit code 2, a message that helps, no traceback, nothing written."""

import errno
import json

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfgan2.evaluation.protocols import PROTOCOLS
from tfgan2.run import workdir as workdirs

TRAIN = ("--method=gngan", "--dataset=grid25", "--train_steps=40", "--workdir=w")


@pytest.fixture
def refused(call, tree, tmp_path, monkeypatch):
    """(command, flags) -> the message, once it is sure that the command did nothing else but print it."""
    monkeypatch.chdir(tmp_path)

    def refused(command, *argv):
        before = tree(tmp_path)
        ended = call(command, *argv)
        assert (ended.code, ended.out) == (2, ""), ended
        assert ended.err.startswith("tfgan2: ") and ended.err.endswith("\n")
        assert "Traceback" not in ended.err and "WARNING" not in ended.err
        assert tree(tmp_path) == before
        return ended.err.removeprefix("tfgan2: ").removesuffix("\n")

    return refused


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        # Unknown names, the nearest shown.
        ("--method=gngn", "--method=gngn is unknown; did you mean gngan? there are standard_gan, gngan, distgan"),
        ("--dataset=/usr/lib", "--dataset=/usr/lib is unknown; did you mean folder:/usr/lib?"),
        (
            "--method=p2gan --auxiliary_dataset=ring8,b",
            r"--auxiliary_dataset=b is unknown; a comma within a name is written \,;",
        ),
        ("--workdir=w\udce4h", "--workdir is w\\udce4h; it must be a text in UTF-8. Rename what it names, or give it"),
        ("--dataset=grid52", "--dataset=grid52 is unknown; did you mean grid25?"),
        ("--network=mpl", "--network=mpl is unknown; did you mean mlp? there are mlp, "),
        ("--sed=1", "unknown flag --sed; did you mean --seed?"),
        ("--gngan.neighbour_weight=1", "unknown flag --gngan.neighbour_weight; did you mean --gngan.neighbor_weight?"),
        ("--flagfile=configs/gngan_grid52.cfg", "did you mean configs/gngan_grid25.cfg?"),
        ("--network=no_such_module:Wide", "--network=no_such_module:Wide: there is no module 'no_such_module'"),
        ("--network=json:Wide", "--network=json:Wide: module 'json' has no class or function 'Wide'"),
        ("grid25", "'grid25' is not a flag; did you mean --dataset=grid25? write flags as --flag=value"),
        (
            "--method=p2gan --p2gan.forces=real:0:pull:1,auxiliary_3:0:push:1",
            "It has auxiliary_3; count from 0. Give a dataset of --auxiliary_dataset for each of auxiliary_0,",
        ),
        # Flags of something else.
        ("--standard_gan.loss=hinge", "--standard_gan.loss belongs to the method standard_gan, but --method=gngan is"),
        (
            "--data.ring_radius=1",
            "--data.ring_radius belongs to the dataset ring8 or ring10, but --dataset=grid25 is chosen",
        ),
        ("--count=3", "--count is a flag of tfgan2.sample, not of tfgan2.train; leave it out"),
        # Wrong types.
        ("--batch_size=many", "--batch_size is many; it must be a whole number in [1, 1048576]."),
        ("--batch_size=1.5", "--batch_size is 1.5; it must be a whole number in [1, 1048576]."),
        (f"--batch_size={2**63}", f"--batch_size is {2**63}; it must be in [1, {2**20}]."),
        ("--data.minority=5:1,9:" + "9" * 5000, "--data.minority is 9:999"),
        ("--optimizer.learning_rate=nan", "--optimizer.learning_rate is nan; it must be a finite number above 0."),
        ("--gngan.autoencoder=maybe", "--gngan.autoencoder is maybe; it must be true or false."),
        ("--gngan.loss=hing", "--gngan.loss is hing; it must be one of log, hinge. Did you mean hinge?"),
        ("--jit=yes", "--jit is yes; it must be one of auto, on, off."),
        (
            "--profile_steps=10,x",
            "--profile_steps is 10,x; it must be a list, each item a whole number of at least 0, or None.",
        ),
        # Values out of range.
        ("--batch_size=0", "--batch_size is 0; it must be in [1, 1048576]."),
        ("--train_steps=0", "--train_steps is 0; it must be at least 1."),
        ("--seed=-1", "--seed is -1; it must be in [0, 2147483647]."),
        ("--ema_decay=1", "--ema_decay is 1; it must be in [0, 1)."),
        ("--gngan.neighbor_weight=-1", "--gngan.neighbor_weight is -1; it must be at least 0."),
        ("--gngan.reconstruction_weight=2", "--gngan.reconstruction_weight is 2; it must be in [0, 1]."),
        ("--gngan.discriminator_steps=0", "--gngan.discriminator_steps is 0; it must be in [1, 100]"),
        ("--network.hidden_units=0", "--network.hidden_units is 0; it must be in [1, 16384]."),
        ("--data.std=-1", "--data.std is -1; it must be above 0, or None."),
        ("--data.points_per_mode=0", "--data.points_per_mode is 0; it must be in [1, 10000000], or None."),
        ("--optimizer.beta_1=1", "--optimizer.beta_1 is 1; it must be in [0, 1)."),
        ("--optimizer.generator.epsilon=0", "--optimizer.generator.epsilon is 0; it must be above 0, or None."),
        ("--profile_steps=30,10", "--profile_steps is 30,10; it must be first,last with 0 <= first < last."),
        # What does not fit together.
        ("--log_every=75", "--log_every is 75; it must be a multiple of --steps_per_execution=50. Try 50 or 100."),
        (
            "--checkpoint_every=20",
            "--checkpoint_every is 20; it must be a multiple of --steps_per_execution=50. Try 50.",
        ),
        (
            "--batch_size=50001",
            "a step needs 50001 samples (--batch_size=50001 times 1 discriminator steps), but grid25",
        ),
        ("--strategy=mirrored --batch_size=15", "--batch_size=15 cannot be shared by 2 devices; take a multiple of 2"),
        (
            "--cluster=slurm:7000",
            "--cluster is slurm:7000; it must be left out with --strategy=auto. Try --strategy=multiworker.",
        ),
        (
            "--batch_size=20000 --gngan.discriminator_steps=3",
            "a step needs 60000 samples (--batch_size=20000 times 3 discriminator steps), but grid25 has 50000",
        ),
        (
            "--schedule_steps=20 --optimizer.schedule=cosine",
            "--schedule_steps is 20; it must be at least --train_steps=40: --optimizer.schedule=cosine would train",
        ),
        # Runs that cannot be started from.
        ("--init_from=nowhere", "nowhere/checkpoints has no checkpoint to start from. Name the workdir of a run that"),
    ],
)
def test_flags_of_train(flag, message, refused):
    assert message in refused("train", *TRAIN, *flag.split())


def test_nothing_at_all(refused):
    for command, missing in (
        ("train", "--method, --dataset, --train_steps, --workdir are missing; for example: python -m tfgan2.train"),
        ("sample", "--workdir, --output are missing; for example: python -m tfgan2.sample"),
        ("evaluate", "give one of --workdir, --samples and --compare; for example: python -m tfgan2.evaluate"),
        ("export", "--workdir is missing; for example: python -m tfgan2.export"),
        ("report", "--workdir is missing; for example: python -m tfgan2.report"),
    ):
        assert missing in refused(command)


def test_workdirs_that_cannot_be_made(refused, tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.tex").write_text("years of work")
    for workdir, message in (
        ("file", "--workdir=file is a file; name a folder, which is created if it is missing."),
        ("file/below", "--workdir=file/below cannot be created: Not a directory. Name a folder that you may write."),
        ("/sys/x", "--workdir=/sys/x cannot be created: "),
        ("foreign", "--workdir=foreign holds files but no flags.cfg, so it is not a run; name a new folder."),
    ):
        assert refused("train", *TRAIN, f"--workdir={workdir}").startswith(message)


def test_a_workdir_that_is_a_mounted_volume(call, fast, tmp_path):
    for name in ("lost+found", ".Trash-1000"):
        (tmp_path / "volume" / name).mkdir(parents=True)
    argv = ("--method=standard_gan", *fast, "--train_steps=1", "--evaluate_every=0", f"--workdir={tmp_path / 'volume'}")
    assert call("train", *argv).code == 0


def test_a_workdir_in_which_another_process_trains(refused, trained, trained_copy, call, monkeypatch):
    steps = ("--train_steps=50", "--schedule_steps=45", "--sample_every=0", "--evaluate_every=0")
    train = ("train", *trained.argv, f"--workdir={trained_copy}", *steps)
    with workdirs.claimed(trained_copy):
        assert refused(*train) == (
            f"--workdir={trained_copy} is being trained by another process; wait for it, or name another folder."
        )

    def unable(*arguments):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(workdirs.fcntl, "flock", unable)  # as on some network folders, which can be trained in still
    assert call(*train).code == 0


def test_the_workdir_of_another_run(refused, trained, trained_copy):
    message = refused("train", *trained.argv, f"--workdir={trained_copy}", "--gngan.neighbor_weight=0.5", "--seed=1")
    assert message.splitlines() == [
        f"--workdir={trained_copy} is a run with other flags:",
        "  --seed: was 0, now 1",
        "  --gngan.neighbor_weight: was 1.0, now 0.5",
        "Use the same flags to resume it, or name a new workdir.",
    ]
    message = refused("train", *trained.argv, f"--workdir={trained_copy}", "--train_steps=40")
    assert message == (
        f"--workdir={trained_copy} has been trained to step 45 already, and --train_steps=40 is less; "
        "give at least 45, or a new workdir."
    )


def test_a_run_whose_folder_was_damaged(refused, trained, trained_copy, tmp_path):
    train = (*trained.argv, f"--workdir={trained_copy}")
    flags = (trained_copy / "flags.cfg").read_text()
    (trained_copy / "flags.cfg").write_text(flags + "what is this\n")
    assert "/flags.cfg:" in refused("train", *train)
    assert "'what is this' is not a flag; write --flag=value" in refused("sample", *train[-1:], "--output=x.npz")
    (trained_copy / "flags.cfg").write_text(flags.replace("--network.hidden_units=8\n", "--network.hidden_units=9\n"))
    # Flags that are not those of the checkpoints.
    message = refused("export", *train[-1:])
    assert "step_00000045 does not match this run: " in message
    assert "Use the flags and the version of the saved run." in message
    (trained_copy / "flags.cfg").write_text(flags)
    (trained_copy / "checkpoints").rename(tmp_path / "elsewhere")
    for command, argv in (("evaluate", train[-1:]), ("export", train[-1:])):
        assert refused(command, *argv) == f"{trained_copy} has no checkpoint yet; train it first, or longer."
    (trained_copy / "checkpoints").write_text("a file")
    message = "checkpoints is a file; it must be a folder. Restore the folder, or name a new workdir."
    for command, argv in (("train", train), ("evaluate", train[-1:])):
        assert refused(command, *argv) == f"{trained_copy}/{message}"


def test_a_start_from_other_networks(refused, trained):
    wider = (f"--init_from={trained.workdir}", "--network.hidden_units=9")
    message = refused("train", *trained.argv, "--workdir=w", *wider)
    assert "step_00000045 does not match this run: " in message


@pytest.mark.parametrize("command", ["sample", "evaluate", "export", "report"])
def test_folders_that_are_no_run(command, refused, trained, tmp_path):
    output = ["--output=x.npz"] if command == "sample" else []
    (tmp_path / "foreign").mkdir()
    for workdir in ("nowhere", "foreign"):
        assert refused(command, f"--workdir={workdir}", *output) == (
            f"{workdir} is not a run: it has no flags.cfg. Name the folder of a run of tfgan2.train."
        )
    assert refused(command, f"--workdir={trained.workdir}", "--step=30", *output) == (
        f"{trained.workdir / 'checkpoints'} has no checkpoint of step 30; it has 20, 40, 45."
    )
    assert refused(command, f"--workdir={trained.workdir}", "--batch_size=3", *output) == (
        f"--batch_size is a flag of tfgan2.train, not of tfgan2.{command}; leave it out"
    )


@pytest.mark.parametrize(
    ("command", "flags", "message"),
    [
        ("sample", ["--output=x.jpg"], "--output is x.jpg; it must be a file that ends in .png or .npz"),
        ("sample", ["--output=x.npz", "--count=0"], "--count is 0; it must be in [1, 10000000], or None."),
        ("sample", ["--output=x.npz", "--count=1e8"], "--count is 1e8; it must be in [1, 10000000], or None."),
        ("sample", ["--output=x.npz", "--seed=-3"], "--seed is -3; it must be in [0, 2147483647]."),
        (
            "sample",
            ["--output=x.npz", "--choice=1"],
            "--choice is 1; it must be left out: GNGAN has nothing to choose.",
        ),
        (
            "sample",
            ["--output=x.npz", "--step=last"],
            "--step is last; it must be a whole number of at least 0, or None.",
        ),
        ("evaluate", ["--protocol=grid"], "unknown protocol 'grid'; did you mean grid25-2k? choose one of grid25-2k"),
        ("evaluate", ["--protocol=ring8-2k"], "the protocol ring8-2k is for ring8, and the data are grid25."),
        ("evaluate", ["--samples=x.npz"], "give one of --workdir, --samples and --compare"),
        ("report", ["--output=x.pdf"], "--output is x.pdf; it must be a file that ends in .html."),
        ("export", ["--output=file"], "cannot export to file (File exists); name a folder that may be written to"),
        ("export", ["--output=/sys/x"], "cannot export to /sys/x ("),
    ],
)
def test_flags_of_the_other_commands(command, flags, message, refused, trained, tmp_path):
    (tmp_path / "file").write_text("mine")
    assert message in refused(command, f"--workdir={trained.workdir}", *flags)


def test_evaluating_files(refused, tmp_path):
    assert refused("evaluate", "--samples=x.npz") == (
        f"--samples needs their reference, a --dataset, or a --protocol; choose one of {', '.join(PROTOCOLS)}."
    )
    assert refused("evaluate", "--samples=x.npz", "--protocol=no").startswith("unknown protocol 'no'; choose one of")
    assert refused("evaluate", "--samples=x.npz", "--protocol=ring8-2k") == (
        "--samples=x.npz cannot be read: No such file or directory."
    )
    assert refused("evaluate", "--compare=a.json") == (
        "--compare is a.json; it must be two files or more. Try --compare=A.json,B.json, or --compare=A.json "
        "--compare=B.json if a name has a comma."
    )
    assert refused("evaluate", "--compare=a.json,b.json", "--output=c.json") == (
        "--output is c.json; it must be left out with --compare, which writes no file."
    )
    assert (
        refused("evaluate", "--samples=x.npz", "--output=c") == "--output is c; it must be a file that ends in .json."
    )
    (tmp_path / "flags.json").write_text(json.dumps({"seed": 1}))
    assert refused("evaluate", "--compare=flags.json,flags.json") == (
        "flags.json is not a result of tfgan2.evaluate. Name a file in workdir/evaluations/."
    )


def test_data_of_the_users_own(refused, tmp_path):
    points = np.random.default_rng(0).normal(size=(300, 2))
    np.savez(tmp_path / "whole.npz", points=points)
    (tmp_path / "cut.npz").write_bytes((tmp_path / "whole.npz").read_bytes()[:-50])
    np.savez(tmp_path / "pickled.npz", points=np.array([{"a": 1}], dtype=object))
    np.savez(tmp_path / "flat.npz", points=points[:, 0])
    points[7] = np.nan
    np.savez(tmp_path / "nan.npz", points=points)
    train = ("--method=gngan", "--train_steps=40", "--workdir=w")
    for name, message in (
        ("none", "npz:none.npz: cannot be read (No such file or directory)"),
        ("cut", "npz:cut.npz: not a whole .npz archive of plain arrays"),
        ("pickled", "pickled objects are refused"),
        ("flat", "npz:flat.npz: points have shape (300,); expected [count, dimensions]"),
        ("nan", "npz:nan.npz: 1 of 300 rows of points are not finite"),
    ):
        assert message in refused("train", *train, f"--dataset=npz:{name}.npz")
    message = refused("train", *train, "--dataset=npz:whole.npz", "--batch_size=301")
    assert "but npz:whole.npz has 300; take a smaller batch." in message


def test_a_run_on_too_few_points_to_measure(refused, call, tmp_path):
    np.savez(tmp_path / "points.npz", points=np.random.default_rng(0).normal(size=(9, 2)))
    flags = ("--batch_size=5", "--steps_per_execution=1", "--sample_every=0", "--network.hidden_units=4")
    argv = ("--method=standard_gan", "--dataset=npz:points.npz", "--train_steps=1", "--workdir=w", *flags)
    assert call("train", *argv).code == 0
    assert refused("evaluate", "--workdir=w") == (
        f"npz:{tmp_path}/points.npz has 9 points, and points-halves needs 10, as numbers of fewer are chance; take "
        "more points."
    )


def test_threads_in_a_process_in_which_tensorflow_has_started(refused):
    tf.constant(1)
    message = refused("train", *TRAIN, "--threads=3")
    assert message.startswith("--threads=3 comes too late: TensorFlow has already started in this process. ")


def test_an_error_found_while_images_are_read_names_the_flag(refused, tmp_path):
    (tmp_path / "images").mkdir()
    for name, size in (("a.png", (12, 10)), ("b.png", (8, 8))):
        Image.new("L", size).save(tmp_path / "images" / name)
    assert refused("train", *TRAIN, "--dataset=folder:images", "--network=sngan_cnn") == (
        "--data.image_size is None; it must be a number of pixels for folder:images, which has images of different "
        "sizes. For example a.png (10 x 12) and b.png (8 x 8)."
    )
