"""MobileNetV2 with random weights in full size, as a file of torchvision holds it. No part of the package is used."""

import numpy as np

STAGES = ((1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3), (6, 160, 3), (6, 320, 1))


def mobilenet_tensors(seed=0):
    """Name -> array float32 of the state dict of torchvision's `mobilenet_v2`, with counters of batch norm."""
    random, tensors = np.random.default_rng(seed), {}

    def add(convolution, norm, filters, channels, size=1):
        scale = np.sqrt(1.5 / (channels * size**2))
        kernel = random.standard_normal((filters, channels, size, size), np.float32)
        tensors[f"{convolution}.weight"] = kernel * np.float32(scale)
        tensors[f"{norm}.weight"] = random.uniform(0.7, 1.3, filters).astype(np.float32)
        tensors[f"{norm}.bias"] = random.uniform(-0.1, 0.3, filters).astype(np.float32)
        tensors[f"{norm}.running_mean"] = random.uniform(-0.2, 0.2, filters).astype(np.float32)
        tensors[f"{norm}.running_var"] = random.uniform(0.5, 1.5, filters).astype(np.float32)
        tensors[f"{norm}.num_batches_tracked"] = np.array(7, np.int64)

    add("features.0.0", "features.0.1", 32, 3, 3)
    width, number = 32, 1
    for expansion, filters, repeats in STAGES:
        for _ in range(repeats):
            name, wide, part = f"features.{number}.conv", expansion * width, 0
            if expansion > 1:
                add(f"{name}.0.0", f"{name}.0.1", wide, width)
                part = 1
            add(f"{name}.{part}.0", f"{name}.{part}.1", wide, 1, 3)
            add(f"{name}.{part + 1}", f"{name}.{part + 2}", filters, wide)
            width, number = filters, number + 1
    add("features.18.0", "features.18.1", 1280, 320)
    tensors["classifier.1.weight"] = random.standard_normal((1000, 1280), np.float32)
    tensors["classifier.1.bias"] = random.standard_normal(1000, np.float32)
    return tensors
