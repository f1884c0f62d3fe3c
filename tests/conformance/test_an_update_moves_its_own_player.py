"""Promise: an update of a player changes only the trainable weights of its networks and their optimizers."""

import numpy as np


def test_minimize_moves_its_own_player(configuration, complete, iterator, monkeypatch):
    game = complete(configuration)
    minimize, played = game.minimize, []

    def watched(player, *arguments):
        before = {name: value.numpy().copy() for name, value in movable.items()}
        report = minimize(player, *arguments)
        moved = {name for name, value in movable.items() if not np.array_equal(value.numpy(), before[name])}
        roles = set(game.players[player])
        names = {f"{role}/{player}" if f"{role}/{player}" in game.network_optimizers else role for role in roles}
        assert {name.split(":")[0] for name in moved} == roles | {f"optimizer of {name}" for name in names}
        played.append(player)
        return report

    movable = {f"{role}:{v.path}": v.value for role, n in game.networks.items() for v in n.trainable_weights}
    for name, optimizer in game.network_optimizers.items():
        movable |= {f"optimizer of {name}:{v.path}": v.value for v in optimizer.variables}
    monkeypatch.setattr(game, "minimize", watched)
    game.update(next(iterator(game)))
    assert set(played) == set(game.players)
    for role in game.networks:
        movers = [player for player in played if role in game.players[player]]
        assert len(movers) == game.updates_per_step(role)
