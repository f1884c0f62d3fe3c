"""The signatures of an export. Inputs are checked in the graph, and outputs are in data units."""

import functools

import tensorflow as tf

DEFAULT_COUNT = 16
"""Default number of samples of `generate`."""

DEFAULT_BETWEEN = 8
"""Default number of samples in a row of `interpolate`."""


def signatures_of(model, units, kind):
    """Returns name of a signature -> `tf.function`. A concrete function would lose its default values in a SavedModel.

    Args:
      model: A `GenerativeGame`.
      units: The game's functions in data units, `DataUnits`.
      kind: The `Kind` of the samples.
    """
    latents_spec = tf.TensorSpec([None, model.latent_dim], tf.float32, "latents")
    samples_spec = tf.TensorSpec([None, *model.generator.output_shape[1:]], tf.float32, "samples")
    count_spec, seed_spec = tf.TensorSpec([], tf.int64, "count"), tf.TensorSpec([], tf.int64, "seed")
    default_count, default_seed = tf.constant(DEFAULT_COUNT, tf.int64), tf.constant(0, tf.int64)
    default_choice, default_between = tf.constant(-1, tf.int64), tf.constant(DEFAULT_BETWEEN, tf.int64)

    offered_choices = model.offered_choices  # It is read outside graphs, because it may depend on weights.

    def offered(choices):
        known = tf.reduce_any(choices[:, None] == tf.constant(offered_choices), axis=1)
        return _asserted(choices, known, f"{model.choice} must be one of {', '.join(map(str, offered_choices))}; it is")

    checked, stored = _CHECKED[kind.name], _STORED[kind.name]

    def at_least(smallest, count, name="count"):
        return _asserted(count, count >= smallest, f"{name} must be at least {smallest}; it is")

    def decode(latents, *choices):
        latents = _finite(latents, "latents")
        return {"samples": units.generate((latents, offered(*choices)) if choices else latents)}

    def generate(count=default_count, seed=default_seed):
        return {"samples": stored(units.generate(model.drawn(seed, at_least(0, count))))}

    def generate_chosen(count=default_count, seed=default_seed, choice=default_choice):
        latents, choices = model.drawn(seed, at_least(0, count), at_least(-1, choice, model.choice))
        return {"samples": stored(units.generate((latents, offered(choices))))}

    def log_density_ratios(samples):
        return units.log_density_ratios(checked(samples))

    def encode(samples):
        return {"latents": units.encode(checked(samples))}

    def reconstruct(samples):
        return {"samples": units.reconstruct(checked(samples))}

    def interpolate(first, second, count=default_between):
        counts = tf.shape(first)[0], tf.shape(second)[0]
        first = _asserted(
            first, counts[0] == counts[1], "first and second must have equal numbers of samples; they have", counts
        )
        count = tf.cast(at_least(2, count), tf.int32)
        return {"samples": units.interpolate(checked(first), checked(second), count)}

    decoded, drawn = (latents_spec,), (count_spec, seed_spec)
    if model.choice:
        generate = generate_chosen
        choices_spec, choice_spec = (
            tf.TensorSpec(*spec, model.choice) for spec in (([None], tf.int32), ([], tf.int64))
        )
        decoded, drawn = (*decoded, choices_spec), (*drawn, choice_spec)
    signatures = {"serving_default": (decode, *decoded), "generate": (generate, *drawn)}
    if kind.name == "images" and len(samples_spec.shape) == 4:
        signatures["generate_png"] = (_as_png(generate), *drawn)
    if model.density_ratios:
        signatures["log_density_ratios"] = (log_density_ratios, samples_spec)
    if "encoder" in model.networks:
        ends = (tf.TensorSpec(samples_spec.shape, tf.float32, name) for name in ("first", "second"))
        signatures |= {"encode": (encode, samples_spec), "reconstruct": (reconstruct, samples_spec)}
        signatures["interpolate"] = (interpolate, *ends, count_spec)
    return {
        name: tf.function(function, input_signature=specs, autograph=False)
        for name, (function, *specs) in signatures.items()
    }


def _as_png(generate):
    """The function `generate` whose images are the bytes of PNG files. RGBA images keep their opacity."""

    @functools.wraps(generate)
    def generate_png(*arguments):
        images = generate(*arguments)["samples"]
        return {"png_bytes": tf.map_fn(tf.io.encode_png, images, fn_output_signature=tf.string)}

    return generate_png


def _finite(tensor, name):
    return _asserted(tensor, tf.math.is_finite(tensor), f"{name} must be finite numbers; they are")


def _grey_levels(images):
    """Rounds images in [0, 1] to the nearest of 256 grey levels, uint8."""
    return tf.cast(tf.round(tf.clip_by_value(images, 0.0, 1.0) * 255.0), tf.uint8)


def _asserted(tensor, condition, message, found=None):
    """Returns the tensor if the condition holds for all elements. Otherwise an error has the message and `found`."""
    found = tensor if found is None else found
    with tf.control_dependencies([tf.debugging.Assert(tf.reduce_all(condition), [message, found])]):
        return tf.identity(tensor)


# Kind -> check of input samples, and kind -> output samples of `generate`.
_CHECKED = {
    "points": lambda samples: _finite(samples, "samples"),
    "images": lambda images: _asserted(images, (images >= 0) & (images <= 1), "images must be in [0, 1]; they are"),
}
_STORED = {"points": tf.identity, "images": _grey_levels}
