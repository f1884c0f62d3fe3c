"""The features of a discriminator, in which some methods compare samples."""

import keras


def features_of(discriminator):
    """The part of a discriminator that ends with its layer "features", samples -> [n, ...]; None if it has none."""
    is_graph_of_layers = hasattr(discriminator, "inputs")
    if not is_graph_of_layers or not any(layer.name == "features" for layer in discriminator.layers):
        return None
    return keras.Model(discriminator.inputs[0], discriminator.get_layer("features").output)


def pooled_features_of(network):
    """As `features_of`, but samples -> [n, d]: those of the places in an image are averaged."""
    features = features_of(network)
    if features is None or len(features.output_shape) == 2:
        return features
    pooled = keras.layers.GlobalAveragePooling2D(dtype="float32")(features.output)
    return keras.Model(features.inputs[0], pooled)
