"""Groups of flags by method, network, dataset, optimizer and command."""

from typing import NamedTuple

from tfgan2.data.selection import select
from tfgan2.data.sources import RUNTIME_ARGUMENTS, SOURCES, factory_of
from tfgan2.errors import InputError
from tfgan2.flags.arguments import RUNTIME, Argument, arguments_of, first_line
from tfgan2.flags.nearest import did_you_mean
from tfgan2.flags.prefixes import OWN_METHOD, method_prefix
from tfgan2.flags.run_flags import RUN_FLAGS
from tfgan2.methods import METHODS
from tfgan2.methods.base.contract import fault_of_method
from tfgan2.methods.base.regularization import Regularizers
from tfgan2.networks import BACKBONES, NETWORKS
from tfgan2.optimizers import make_optimizer
from tfgan2.ranges import BatchSize, Steps
from tfgan2.system.importing import check_arguments, imported, names_of_file


class Group(NamedTuple):
    """A group of flags.

    Attributes:
      title: Title of the section in the help.
      flags: Flag without dashes -> its `Argument`.
      listed: Whether the help lists the flags or only the title.
    """

    title: str
    flags: dict[str, Argument]
    listed: bool = True


def factories_of(chosen: dict) -> dict:
    """Returns group -> the class or function that its flags configure, for the chosen method, dataset and networks.

    Raises:
      InputError: A name is unknown, or code of the user cannot be found or lacks something.
    """
    factories = {"optimizer": make_optimizer, "regularizer": Regularizers}
    method = chosen.get("method")
    if method is not None:
        factories["method"] = own_method(method) if ":" in method else _known("method", method, METHODS, "module:Class")
    dataset = chosen.get("dataset")
    if dataset is not None:
        factories["data"] = factory_of(dataset)
    network = chosen.get("network")
    if network is not None and ":" in network:
        factories["network"] = imported("network", network, "a network family as those in tfgan2.networks are")
        check_arguments("network", network, factories["network"])
    elif network is not None:
        factories["network"] = _known("network", network, NETWORKS, "module:factory")
    if chosen.get("backbone") is not None:
        factories["backbone"] = _known("backbone", chosen["backbone"], BACKBONES)
    return factories


def own_method(name):
    """Imports the method `module:Class`.

    Raises:
      InputError: There is no such class, or it lacks a part of a method.
    """
    method = imported("method", name, "a method, a subclass of tfgan2.GenerativeGame")
    fault = fault_of_method(method)
    if fault:
        raise InputError(f"--method={name}: {name.rpartition(':')[2]} {fault}.")
    return method


def groups_of(command: str, factories: dict, method: str | None = None) -> list[Group]:
    """Returns the flags of a command. Without a choice, for example of a method, they are those of all methods.

    Args:
      command: A key of `RUN_FLAGS`, such as "train".
      factories: The result of `factories_of`.
      method: Name of the chosen method, or None.
    """
    own = Group(f"Flags of tfgan2.{command}", {argument.name: argument for argument in RUN_FLAGS[command]})
    if command != "train":
        return [own, *([_of_data([factories["data"]], selecting=False)] if "data" in factories else [])]
    methods = {method_prefix(method): factories["method"]} if method else METHODS
    networks = [factories["network"]] if "network" in factories else NETWORKS.values()
    backbones = [factories["backbone"]] if "backbone" in factories else []
    sources = [factories["data"]] if "data" in factories else SOURCES.values()
    stages = dict.fromkeys(stage for method in methods.values() for stage in method.stages)
    return [
        own,
        *(_group(f"Method {method or name}", name, [each], leave_out=("seed",)) for name, each in methods.items()),
        *map(_of_stage, stages),
        _group("Network", "network", networks),
        *([_group("Backbone", "backbone", backbones)] if backbones else []),
        _of_data(sources, selecting=True),
        _group("Regularizers", "regularizer", [Regularizers], leave_out=("schedule_steps",)),
        _group("Optimizers", "optimizer", [make_optimizer], leave_out=("schedule_steps",)),
        _overrides(dict.fromkeys(role for method in methods.values() for role in method.roles)),
    ]


def belongs_elsewhere(flag: str, command: str, chosen: dict) -> str | None:
    """Returns a clause that says where a flag belongs that the command does not have. None for an unknown flag."""
    for other, arguments in RUN_FLAGS.items():
        if other != command and flag in {argument.name for argument in arguments}:
            return f"is a flag of tfgan2.{other}, not of tfgan2.{command}; leave it out"
    group, _, name = flag.partition(".")
    if command != "train" and not (group == "data" and chosen.get("dataset")):
        general = ("network", "backbone", "data", "optimizer", "regularizer")
        known = name and group in {*METHODS, *_owners_of_stages(), *general}
        return f"is a flag of tfgan2.train; tfgan2.{command} takes it from the run's flags.cfg" if known else None
    if group == "optimizer":
        role, _, name = name.partition(".")
        owners = [method for method in METHODS if name and role in METHODS[method].roles]
        return _elsewhere("method", owners, chosen) if name in _names(make_optimizer) else None
    if owners := _owners_of_stages().get(group):
        return _elsewhere("method", owners, chosen)
    if group == OWN_METHOD and name and ":" not in chosen["method"]:
        return f"belongs to a method of your own, but --method={chosen['method']} is chosen; leave it out"
    if group in METHODS:
        return _elsewhere("method", [group], chosen) if name in _names(METHODS[group]) - {"seed"} else None
    registries = {"network": ("network", NETWORKS), "backbone": ("backbone", BACKBONES), "data": ("dataset", SOURCES)}
    flag, registry = registries.get(group, ("", {}))
    return _elsewhere(flag, [owner for owner, factory in registry.items() if name in _names(factory)], chosen)


def _elsewhere(choosing, owners, chosen):
    if not owners or chosen[choosing] in owners:
        return None
    return (
        f"belongs to the {choosing} {' or '.join(owners)}, but --{choosing}={chosen[choosing]} is chosen: "
        f"leave it out, or choose --{choosing}={owners[0]}"
    )


def _group(title, prefix, factories, *, leave_out=(), runtime=()):
    flags = {}
    for factory in factories:
        for argument in arguments_of(factory, leave_out=leave_out):
            argument = argument._replace(kind=RUNTIME) if argument.name in runtime else argument
            flags.setdefault(f"{prefix}.{argument.name}", argument)
    about = first_line(next(iter(factories))) if len(factories) == 1 else ""
    return Group(f"{title}: {about}" if about else title, flags)


def _owners_of_stages():
    """Name of a stage -> the methods that have it."""
    owners = {}
    for name, method in METHODS.items():
        for stage in method.stages:
            owners.setdefault(stage.name, []).append(name)
    return owners


def _of_stage(stage):
    """The flags of a `Stage`: those of its run, of its game and of its preparation."""
    leaves_out = " 0 leaves the stage out." if stage.optional else ""
    run = [
        Argument("train_steps", Steps, stage.train_steps, f"Train this stage for this many steps.{leaves_out}"),
        Argument("batch_size", BatchSize, stage.batch_size, "A batch has this many samples, over all replicas."),
    ]
    own = [*arguments_of(stage.game, leave_out=("seed", *stage.settled)), *arguments_of(stage.prepare)]
    optimizer = [
        argument._replace(
            name=f"optimizer.{argument.name}", default=stage.optimizer.get(argument.name, argument.default)
        )
        for argument in arguments_of(make_optimizer, leave_out=("schedule_steps",))
    ]
    flags = {f"{stage.name}.{argument.name}": argument for argument in (*run, *own, *optimizer)}
    return Group(f"Stage {stage.name}: {first_line(stage.game)}", flags)


def _of_data(sources, *, selecting):
    """The flags of datasets: those of their sources and, for training, those that select samples."""
    group = _group("Data", "data", sources, runtime=RUNTIME_ARGUMENTS)
    return group._replace(flags=group.flags | _group("", "data", [select] if selecting else []).flags)


def _overrides(roles):
    """The optimizer flags of single networks. None takes the value of all networks."""
    flags = {
        f"optimizer.{role}.{name}": Argument(name, annotation | None, None, f"Replaces --optimizer.{name}.")
        for role in roles
        for name, annotation, *_ in arguments_of(make_optimizer, leave_out=("schedule_steps",))
    }
    return Group(f"--optimizer.NETWORK.name and so on, for one network alone: {', '.join(roles)}", flags, listed=False)


def _names(factory):
    return {argument.name for argument in arguments_of(factory, leave_out=("schedule_steps",))}


def _known(flag, name, registry, *others):
    if name not in registry:
        raise InputError(
            f"--{flag}={name} is unknown; {names_of_file(flag, name) or did_you_mean(name, registry)}there "
            f"are {', '.join([*registry, *others])}"
        )
    return registry[name]
