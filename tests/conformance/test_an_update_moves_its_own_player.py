"""Promise: an update of a player changes only the trainable weights of its networks and their optimizers."""


def test_minimize_moves_its_own_player(configuration, watched):
    seen = watched(configuration)
    game = seen.game
    for player, moved in seen.played:
        roles = set(game.players[player])
        names = {f"{role}/{player}" if f"{role}/{player}" in game.network_optimizers else role for role in roles}
        assert {name.split(":")[0] for name in moved} == roles | {f"optimizer of {name}" for name in names}
    players = [player for player, _ in seen.played]
    assert set(players) == set(game.players)
    for role in game.networks:
        movers = [player for player in players if role in game.players[player]]
        assert len(movers) == game.updates_per_step(role)
