"""What all methods share. The words of this package:

method: a training algorithm that users choose by `--method`, and its class, a subclass of `Game`.
game: an instance of a method, which holds its networks.
network: a Keras model. A network family, such as `MLP`, makes one network for each role.
role: the part that a network plays in a method, such as "generator" or "discriminator".
player: a loss and the roles that move down it, such as "autoencoder", which moves the encoder and the generator.
update: one gradient step of one player. Step: the updates between one update of the generator and the next.
phase: a range of steps with the same players. Stage: a run of another method, which must come before this one.
stream: the name of one draw of random numbers within a step.
choice: the label, generator or partition that a sample is requested for.
"""
