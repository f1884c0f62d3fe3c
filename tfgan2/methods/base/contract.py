"""The requirements on a method that the commands train."""

import inspect

from tfgan2.methods.base.game import Game
from tfgan2.methods.base.generative_game import GenerativeGame


def fault_of_method(method):
    """The first requirement that a class does not meet, as a clause; None if it meets all.

    A method is a subclass of `GenerativeGame` with `players` and `train_step`. Its constructor takes one network for
    each of its `roles`, then `classes` and `target_classes` if its batches hold labels, and the keyword `seed`. Without
    a network of the role "discriminator" it must define `score`.
    """
    if not (inspect.isclass(method) and issubclass(method, GenerativeGame)):
        kind = "a Game, but no" if inspect.isclass(method) and issubclass(method, Game) else "no"
        return f"is {kind} subclass of tfgan2.GenerativeGame, which all methods of the commands are"
    for name in ("players", "train_step"):
        if getattr(method, name) is getattr(Game, name):
            return f"has no {name}; {_EXAMPLES[name]}"
    if "generator" not in method.roles and method.make_networks.__func__ is Game.make_networks.__func__:
        return f"has the roles {', '.join(method.roles)}; one of them must be generator"
    own_score = method.score is not GenerativeGame.score
    if not (own_score or "discriminator" in method.roles):
        return "has neither a role discriminator nor a score(samples); give it one of them"
    return _fault_of_constructor(method)


def _fault_of_constructor(method):
    classes = ("classes", "target_classes") if method.takes_classes() else ()
    parameters = inspect.signature(method).parameters.values()
    if not any((p.name == "seed" and p.kind is p.KEYWORD_ONLY) or p.kind is p.VAR_KEYWORD for p in parameters):
        return "takes no keyword-only argument seed; add `*, seed: int = 0` and hand it to super().__init__"
    if method.make_networks.__func__ is not Game.make_networks.__func__:
        return None
    wanted = (*method.roles, *classes)
    try:
        inspect.signature(method).bind(*wanted, seed=0)
    except TypeError:
        taken = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        return (
            f"takes {', '.join(taken) or 'nothing'}; its constructor must take {', '.join(wanted)}, and all else as "
            "keyword-only arguments with defaults"
        )
    return None


def fault_of_networks(model):
    """The first fault of the networks that the players of a method's instance move, as a clause; None without one."""
    for player, roles in model.players.items():
        for role in roles:
            if role not in model.networks:
                return (
                    f"has a player {player!r} that moves {role!r}; it must be one of its networks, "
                    f"{', '.join(model.networks)}"
                )
            if role not in model.roles:
                return (
                    f"has a network {role!r} that is not one of its roles, {', '.join(model.roles)}; write "
                    f"`roles = {tuple(model.networks)}` into the class"
                )
    return None


_EXAMPLES = {
    "players": 'write a property such as {"discriminator": ["discriminator"], "generator": ["generator"]}',
    "train_step": "write train_step(batch), which calls self.minimize for each player",
}
