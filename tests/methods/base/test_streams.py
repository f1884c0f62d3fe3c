"""No step can draw the same random numbers twice."""

import zlib

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.methods.base.streams import Streams

# Two names with one CRC-32.
TWINS = ("codding", "gnu")


def drawing(descent, *streams):
    """A game that draws these streams in each step."""

    class Drawing(descent):
        def train_step(self, batch):
            for stream in streams:
                self.random(stream, [2])
            return super().train_step(batch)

    return Drawing()


@pytest.mark.parametrize("traced", [False, True])
def test_a_stream_that_a_step_draws_twice(traced, descent, compiled):
    game = compiled(drawing(descent, "latents", "mixing", "latents"))
    update = tf.function(game.update, autograph=False) if traced else game.update
    message = (
        "^Drawing: stream is 'latents'; it must not repeat the numbers of the stream 'latents', which this step has "
        r"drawn already\. Try another name\.$"
    )
    with pytest.raises(ValueError, match=message):
        update({"real": tf.ones([2, 1])})


def test_streams_of_one_key():
    assert len(set(map(zlib.crc32, map(str.encode, TWINS)))) == 1
    streams = Streams()
    with streams.of_one_step():
        streams.key(TWINS[0])
        with pytest.raises(ValueError, match=f"^stream is '{TWINS[1]}'; .* the stream '{TWINS[0]}',"):
            streams.key(TWINS[1])


def test_every_step_draws_all_streams_again(descent, compiled):
    game = compiled(drawing(descent, "latents", "mixing"))
    for _ in range(2):
        game.update({"real": tf.ones([2, 1])})
    assert game.global_step == 2


def test_a_step_that_failed_leaves_no_streams(descent, compiled):
    game = compiled(drawing(descent, "latents"))
    with pytest.raises(KeyError):
        game.update({})
    game.update({"real": tf.ones([2, 1])})


def test_replicas_draw_the_same_streams(descent, compiled, two_replicas):
    with two_replicas.scope():
        game = compiled(drawing(descent, "latents"))
    dataset = tf.data.Dataset.from_tensors({"real": np.ones([4, 1], "float32")})
    game.train_chunk(iter(two_replicas.experimental_distribute_dataset(dataset)), 1)
    assert game.global_step == 1
