"""The flags of tfgan2.train."""

from pathlib import Path
from typing import Annotated, Literal

from tfgan2.flags.arguments import Argument
from tfgan2.flags.checkpoint_flags import runtime
from tfgan2.flags.stopping import NEVER
from tfgan2.ranges import AUTO, BatchSize, BelowOne, Cadence, Count, In, Positive, Seed, Steps

_TRAJECTORY_FLAGS = (
    Argument(
        "method",
        str | None,
        None,
        "Train this method: a name of --list, or module:Class for a class of your own. The command then runs the code "
        "of that module, and the class has the flags --method.*. Required.",
    ),
    Argument(
        "dataset",
        str | None,
        None,
        "Train on these data: a name of --list, such as grid25 or folder:DIR, or module:function for a function of "
        "your own. The command then runs the code of that module. Files may move before a run continues. The name may "
        "also stand without --dataset. Required.",
    ),
    Argument(
        "negative_dataset",
        str | None,
        None,
        "Train the generator to avoid these data. The --data flags prepare them, too. None takes the negative_classes "
        "of --dataset.",
    ),
    Argument(
        "auxiliary_dataset",
        tuple[str, ...],
        (),
        "P2GAN pushes or pulls generators by these data, called auxiliary_0, auxiliary_1, ... The --data flags prepare "
        "them, too.",
    ),
    Argument(
        "network",
        str,
        "mlp",
        "Make the networks by this family: a name of --list, or module:factory for a class or function of your own. "
        "The command then runs the code of that module. Required for images.",
    ),
    Argument(
        "backbone",
        str | None,
        None,
        "Make the networks of stages by this family, a name of --list. Only some methods take one, such as pgmgan.",
    ),
    Argument(
        "stage_from",
        Path | None,
        None,
        "Take the finished last stage from this folder, such as W/stages/partitioner-HASH, and train no stages.",
    ),
    Argument("seed", Seed, 0, "Seed of the initial weights, of the order of the data and of training."),
    Argument("batch_size", BatchSize, 128, "A batch has this many samples, over all replicas."),
    Argument(
        "schedule_steps",
        Count | None,
        None,
        "Learning-rate schedules span this many steps. None takes --train_steps of the first start.",
    ),
    Argument(
        "ema_decay",
        BelowOne,
        0.0,
        "Decay of the moving average of the generator's weights. 0 keeps no average.",
    ),
    Argument(
        "ema_half_life",
        Count | None,
        None,
        "Half-life of this average in samples, instead of a decay: after so many samples the share of earlier weights "
        "is halved, whatever the batch size.",
    ),
    Argument(
        "ema_ramp",
        Positive | None,
        None,
        "Let the half-life grow: it is at most this share of the samples so far. StyleGAN2-ADA uses 0.05.",
    ),
    Argument(
        "optimizers_per",
        Literal["network", "player"],
        "network",
        "Give each network one optimizer, or one for each player that moves it. Two players move GN-GAN's generator.",
    ),
    Argument(
        "precision",
        Literal["float32", "mixed_bfloat16"],
        "float32",
        "Floating-point precision of the networks.",
    ),
    Argument("init_from", Path | None, None, "Start a new run from the weights of the run in this folder."),
)

_RUNTIME_FLAGS = (
    runtime("workdir", Path | None, None, "Keep the run in this folder. A run that is there continues. Required."),
    runtime(
        "stage",
        str,
        "all",
        "Train everything (all), one stage by its name, or what follows the stages (main). The stages before must be "
        "finished.",
    ),
    runtime(
        "stages_dir",
        Path | None,
        None,
        "Keep the stages in this folder. Runs may share it. None is WORKDIR/stages.",
    ),
    runtime("train_steps", Count, None, "Train this many steps in all. The number may grow later. Required."),
    runtime(
        "strategy",
        Literal["auto", "one", "mirrored", "multiworker"],
        "auto",
        "Train on one device (one), on all devices of this machine (mirrored) or on those of all workers "
        "(multiworker). auto takes all GPUs of this machine if there are several, else one device.",
    ),
    runtime(
        "cluster",
        str | None,
        None,
        "Find the workers of --strategy=multiworker by slurm:PORT, their first port, or dns:SERVICE:COUNT, the pods of "
        "an indexed job of Kubernetes and their service. None takes TF_CONFIG, or else the tasks of Slurm's srun.",
    ),
    runtime("join_seconds", Count, 300, "A worker waits this many seconds for the others to appear."),
    runtime("jit", Literal["auto", "on", "off"], "auto", "Compile with XLA. auto compiles on GPUs only."),
    runtime("deterministic", bool, False, "Make runs on GPUs reproducible. They are slower."),
    runtime("steps_per_execution", BatchSize, 50, "Run this many steps between two returns to Python."),
    runtime(
        "log_every",
        Cadence,
        AUTO,
        "Log metrics once in this number of steps. 0 logs none. auto goes by time: after 2 seconds, then less and less "
        "often, at least once a minute.",
    ),
    runtime(
        "sample_every",
        Cadence,
        AUTO,
        "Draw pictures of samples once in this number of steps. 0 draws none. auto goes by time: after 5 seconds, then "
        "less and less often, at least once in 30 minutes.",
    ),
    runtime(
        "checkpoint_every",
        Cadence,
        AUTO,
        "Save a checkpoint once in this number of steps. 0 saves at the end only. auto goes by time: after a minute, "
        "then less and less often, at least once in 15 minutes.",
    ),
    runtime(
        "recover",
        Steps,
        0,
        "If a number is not finite, go back to the newest checkpoint and continue with other random numbers, at most "
        "this many times in a run. 0 ends the run with the exit code 3.",
    ),
    runtime("keep_checkpoints", Count, 3, "Keep this many of the newest checkpoints."),
    runtime(
        "evaluate_every",
        Cadence,
        AUTO,
        "Evaluate the run once in this number of steps. 0 never evaluates it. auto goes by time: after 10 seconds, "
        "then less and less often, at least once in 15 minutes. An evaluation that takes more than 90 seconds comes "
        "less often.",
    ),
    runtime(
        "stop_when",
        str,
        NEVER,
        "End the run early when it is flat: the evaluations have shown for a quarter of the steps, and at least ten "
        "times, that no score improves. Or when a score of an evaluation meets a condition, such as "
        "'registered_modes>=25', in quotes. never trains all steps.",
    ),
    runtime(
        "evaluate_metrics",
        tuple[str, ...] | None,
        None,
        "Add these groups of scores to the evaluations, such as frechet,precision_recall. They measure images. "
        "Without labels and a network of yours, they need 100 images.",
    ),
    runtime(
        "inception_path",
        Path | None,
        None,
        "Compute --evaluate_metrics with the features of the Inception network of 2015 in this file or folder, as FID "
        "does.",
    ),
    runtime(
        "feature_network",
        Path | None,
        None,
        "Compute --evaluate_metrics with the features of MobileNetV2 in this .pth file of torchvision. They need no "
        "labels. tools/data.py mobilenet fetches the file.",
    ),
    runtime(
        "best_metric",
        str | None,
        None,
        "Keep the checkpoint that is best by this value of the evaluations, such as registered_modes, or recall of the "
        "group precision_recall.",
    ),
    runtime(
        "profile_steps",
        tuple[Steps, ...] | None,
        None,
        "Profile the steps from first to last: first,last. TensorBoard shows the profile if xprof is installed.",
    ),
    runtime(
        "callback",
        tuple[str, ...],
        (),
        "Call your own Keras callbacks during training: module:factory, a class or function without arguments that "
        "makes a keras.callbacks.Callback. The command then runs the code of that module. on_train_batch_end gets the "
        "step and the means of the losses since its last call, once in --steps_per_execution steps. on_test_end gets "
        "the scores of each evaluation.",
        repeated=True,
    ),
    runtime("export_at_end", bool, False, "Write a SavedModel to WORKDIR/export at the end."),
    runtime(
        "threads",
        Annotated[int, In("[0, 4096]")],
        0,
        "Use this many CPU threads. With 0 TensorFlow chooses.",
    ),
    runtime("dry_run", bool, False, "Show flags, networks and data, and train nothing."),
    runtime(
        "recipe",
        Literal["pictures"] | None,
        None,
        "Choose all flags that are not given, by the pictures, the machine and the --budget. This is the default if "
        "the dataset is named without --dataset and has images: train folder:DIR. None chooses nothing.",
    ),
    runtime(
        "budget",
        str | None,
        None,
        "Let the recipe choose a number of steps that trains for this time, such as 30m, 2h or 45s. None is 1h.",
    ),
)

TRAIN_FLAGS = (*_TRAJECTORY_FLAGS, *_RUNTIME_FLAGS)
