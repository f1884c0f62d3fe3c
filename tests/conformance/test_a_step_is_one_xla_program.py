"""Promise: on one device a step with its optimizers and averages is one XLA program."""

import tensorflow as tf


def test_a_step_lowers_to_one_program(one_of_each_method, complete, iterator):
    game = complete(one_of_each_method)
    step = tf.function(game.update, jit_compile=True)
    program = step.experimental_get_compiler_ir(next(iterator(game)))(stage="hlo")
    assert program.startswith("HloModule")
