"""Files with the properties of those that hold the Inception network of 2015, with random weights in full size.

The published graph is built node by node, by its own names. No part of the package is used.
"""

import itertools
import zipfile

import numpy as np
import tensorflow as tf

EPSILON = 0.001
_FLOAT = tf.float32.as_datatype_enum


class Inception:
    """A network with random weights.

    Attributes:
      graph: GraphDef as published: of one image, with batch norm of old programs, and what decodes a JPEG.
      weights: name in PyTorch's files -> array.
      scopes: scope in the graph -> name of the layer in PyTorch's files.
    """

    def __init__(self, seed=0):
        self._random = np.random.default_rng(seed)
        self.graph = tf.compat.v1.GraphDef()
        self.graph.versions.producer = 7
        self.weights, self.scopes = {}, {}
        self._build()

    def _node(self, op, name, *inputs, **attributes):
        node = self.graph.node.add(op=op, name=name, input=inputs)
        for key, value in attributes.items():
            attribute = node.attr[key]
            if key in ("T", "dtype", "SrcT", "DstT", "Tshape", "Tdim"):
                attribute.type = value
            elif isinstance(value, bool):
                attribute.b = value
            elif isinstance(value, float):
                attribute.f = value
            elif isinstance(value, int):
                attribute.i = value
            elif isinstance(value, bytes):
                attribute.s = value
            elif isinstance(value, list):
                attribute.list.i.extend(value)
            else:
                attribute.tensor.CopyFrom(value)
        return name

    def _constant(self, name, value, dtype=np.float32):
        tensor = tf.make_tensor_proto(np.asarray(value, dtype))
        return self._node("Const", name, dtype=tensor.dtype, value=tensor)

    def _conv(self, x, scope, layer, filters, height=1, width=None, stride=1, padding="SAME"):
        name, channels = x
        width, shape = width or height, (height, width or height, channels, filters)
        scaled = len(self.scopes) % 2 == 1  # half of them have no scale, whatever gamma is there
        kernel = self._random.standard_normal(shape, np.float32) * np.float32(np.sqrt(2 / np.prod(shape[:3])))
        beta, mean = (self._random.standard_normal(filters, np.float32) / 5 for _ in range(2))
        variance, gamma = (self._random.uniform(*ends, filters).astype(np.float32) for ends in ((0.5, 1.5), (0.7, 1.3)))
        self.scopes[scope] = layer
        self.weights |= {
            f"{layer}.conv.weight": kernel.transpose(3, 2, 0, 1),
            f"{layer}.bn.weight": gamma if scaled else np.ones_like(gamma),
            f"{layer}.bn.bias": beta,
            f"{layer}.bn.running_mean": mean,
            f"{layer}.bn.running_var": variance,
        }
        self._constant(f"{scope}/conv2d_params", kernel)
        for part, value in (("beta", beta), ("gamma", gamma), ("moving_mean", mean), ("moving_variance", variance)):
            self._constant(f"{scope}/batchnorm/{part}", value)
        padding = "VALID" if stride == 2 else padding
        convolution = self._node(
            *("Conv2D", f"{scope}/Conv2D", name, f"{scope}/conv2d_params"),
            **{"T": _FLOAT, "strides": [1, stride, stride, 1], "padding": padding.encode()},
        )
        parts = (f"{scope}/batchnorm/{part}" for part in ("moving_mean", "moving_variance", "beta", "gamma"))
        norm = self._node(
            *("BatchNormWithGlobalNormalization", f"{scope}/batchnorm", convolution, *parts),
            **{"T": _FLOAT, "variance_epsilon": EPSILON, "scale_after_normalization": scaled},
        )
        self._node("CheckNumerics", f"{scope}/CheckNumerics", norm, T=_FLOAT, message=b"batch norm")
        checked = self._node("Identity", f"{scope}/control_dependency", norm, f"^{scope}/CheckNumerics", T=_FLOAT)
        return self._node("Relu", scope, checked, T=_FLOAT), filters

    def _pool(self, x, name, op="MaxPool", size=3, stride=2, padding="VALID"):
        sizes = {"ksize": [1, size, size, 1], "strides": [1, stride, stride, 1], "padding": padding.encode()}
        return self._node(op, name, x[0], T=_FLOAT, **sizes), x[1]

    def _join(self, scope, *branches):
        axis = self._constant(f"{scope}/join/concat_dim", 3, np.int32)
        names, channels = zip(*branches, strict=True)
        return self._node("Concat", f"{scope}/join", axis, *names, T=_FLOAT, N=len(names)), sum(channels)

    def _tower(self, x, scope, branch, *sizes, last=1):
        for index, size in enumerate(sizes):
            name = f"{scope}/conv" + (f"_{index}" if index else "")
            stride = last if index + 1 == len(sizes) else 1
            x = self._conv(x, name, f"{branch}_{index + 1}", *size, stride=stride)
        return x

    def _averaged(self, x, scope, layer, filters, op="AvgPool"):
        pooled = self._pool(x, f"{scope}/tower_2/pool", op, stride=1, padding="SAME")
        return self._conv(pooled, f"{scope}/tower_2/conv", f"{layer}.branch_pool", filters)

    def _block_a(self, x, scope, layer, pooled):
        return self._join(
            scope,
            self._conv(x, f"{scope}/conv", f"{layer}.branch1x1", 64),
            self._tower(x, f"{scope}/tower", f"{layer}.branch5x5", (48,), (64, 5)),
            self._tower(x, f"{scope}/tower_1", f"{layer}.branch3x3dbl", (64,), (96, 3), (96, 3)),
            self._averaged(x, scope, layer, pooled),
        )

    def _block_c(self, x, scope, layer, c):
        return self._join(
            scope,
            self._conv(x, f"{scope}/conv", f"{layer}.branch1x1", 192),
            self._tower(x, f"{scope}/tower", f"{layer}.branch7x7", (c,), (c, 1, 7), (192, 7, 1)),
            self._tower(
                *(x, f"{scope}/tower_1", f"{layer}.branch7x7dbl"),
                *((c,), (c, 7, 1), (c, 1, 7), (c, 7, 1), (192, 1, 7)),
            ),
            self._averaged(x, scope, layer, 192),
        )

    def _block_e(self, x, scope, layer, op):
        first = self._tower(x, f"{scope}/tower", f"{layer}.branch3x3", (384,))
        second = self._tower(x, f"{scope}/tower_1", f"{layer}.branch3x3dbl", (448,), (384, 3))
        return self._join(
            scope,
            self._conv(x, f"{scope}/conv", f"{layer}.branch1x1", 320),
            self._conv(first, f"{scope}/tower/mixed/conv", f"{layer}.branch3x3_2a", 384, 1, 3),
            self._conv(first, f"{scope}/tower/mixed/conv_1", f"{layer}.branch3x3_2b", 384, 3, 1),
            self._conv(second, f"{scope}/tower_1/mixed/conv", f"{layer}.branch3x3dbl_3a", 384, 1, 3),
            self._conv(second, f"{scope}/tower_1/mixed/conv_1", f"{layer}.branch3x3dbl_3b", 384, 3, 1),
            self._averaged(x, scope, layer, 192, op),
        )

    def _image(self):
        """One JPEG, decoded, resized and scaled."""
        byte, text = tf.uint8.as_datatype_enum, tf.make_tensor_proto(b"")
        self._node("Const", "DecodeJpeg/contents", dtype=text.dtype, value=text)
        self._node("DecodeJpeg", "DecodeJpeg", "DecodeJpeg/contents", channels=3)
        self._node("Cast", "Cast", "DecodeJpeg", SrcT=byte, DstT=_FLOAT)
        self._constant("ExpandDims/dim", 0, np.int32)
        self._node("ExpandDims", "ExpandDims", "Cast", "ExpandDims/dim", T=_FLOAT)
        self._constant("ResizeBilinear/size", [299, 299], np.int32)
        self._node("ResizeBilinear", "ResizeBilinear", "ExpandDims", "ResizeBilinear/size", T=_FLOAT)
        self._constant("Sub/y", 128)
        self._node("Sub", "Sub", "ResizeBilinear", "Sub/y", T=_FLOAT)
        self._constant("Mul/y", 1 / 128)
        return self._node("Mul", "Mul", "Sub", "Mul/y", T=_FLOAT), 3

    def _build(self):
        x = self._conv(self._image(), "conv", "Conv2d_1a_3x3", 32, 3, stride=2)
        x = self._conv(x, "conv_1", "Conv2d_2a_3x3", 32, 3, padding="VALID")
        x = self._pool(self._conv(x, "conv_2", "Conv2d_2b_3x3", 64, 3), "pool")
        x = self._conv(x, "conv_3", "Conv2d_3b_1x1", 80)
        x = self._pool(self._conv(x, "conv_4", "Conv2d_4a_3x3", 192, 3, padding="VALID"), "pool_1")
        for scope, layer, pooled in (("mixed", "5b", 32), ("mixed_1", "5c", 64), ("mixed_2", "5d", 64)):
            x = self._block_a(x, scope, f"Mixed_{layer}", pooled)
        x = self._join(
            "mixed_3",
            self._conv(x, "mixed_3/conv", "Mixed_6a.branch3x3", 384, 3, stride=2),
            self._tower(x, "mixed_3/tower", "Mixed_6a.branch3x3dbl", (64,), (96, 3), (96, 3), last=2),
            self._pool(x, "mixed_3/pool"),
        )
        for index, (layer, c) in enumerate(zip("bcde", (128, 160, 160, 192), strict=True)):
            x = self._block_c(x, f"mixed_{index + 4}", f"Mixed_6{layer}", c)
        x = self._join(
            "mixed_8",
            self._tower(x, "mixed_8/tower", "Mixed_7a.branch3x3", (192,), (320, 3), last=2),
            self._tower(
                *(x, "mixed_8/tower_1", "Mixed_7a.branch7x7x3"), (192,), (192, 1, 7), (192, 7, 1), (192, 3), last=2
            ),
            self._pool(x, "mixed_8/pool"),
        )
        x = self._block_e(x, "mixed_9", "Mixed_7b", "AvgPool")
        x = self._block_e(x, "mixed_10", "Mixed_7c", "MaxPool")
        self._pool(x, "pool_3", "AvgPool", size=8, stride=1)
        self._constant("pool_3/_reshape/shape", [1, 2048], np.int32)
        self._node("Reshape", "pool_3/_reshape", "pool_3", "pool_3/_reshape/shape", T=_FLOAT)
        matrix = self._random.standard_normal((2048, 1008), np.float32) / np.float32(45)
        bias = self._random.standard_normal(1008, np.float32)
        self.weights |= {"fc.weight": matrix.T, "fc.bias": bias}
        self._constant("softmax/weights", matrix)
        self._constant("softmax/biases", bias)
        self._node("MatMul", "softmax/logits/MatMul", "pool_3/_reshape", "softmax/weights", T=_FLOAT)
        self._node("Add", "softmax/logits", "softmax/logits/MatMul", "softmax/biases", T=_FLOAT)
        self._node("Softmax", "softmax", "softmax/logits", T=_FLOAT)


def write_saved_model(inception, folder):
    """As TensorFlow's hub has it: pool_3 is [n, 1, 1, 2048], the logits have their bias, the weights are constants."""
    graph = tf.compat.v1.GraphDef()
    graph.CopyFrom(inception.graph)
    graph.versions.producer = 1000
    for node in graph.node:
        if node.op == "BatchNormWithGlobalNormalization":
            scope = node.name.removesuffix("/batchnorm")
            x, mean, variance, beta, gamma = node.input
            (value,) = (other for other in graph.node if other.name == gamma)
            scale = inception.weights[f"{inception.scopes[scope]}.bn.weight"]
            value.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(scale))
            node.op = "FusedBatchNormV3"
            node.input[:] = [x, gamma, beta, mean, variance]
            node.attr.clear()
            node.attr["T"].type = node.attr["U"].type = _FLOAT
            node.attr["epsilon"].f, node.attr["is_training"].b = EPSILON, False
    kept = ("pool_3", "softmax/weights", "softmax/biases")
    for node in list(graph.node):
        if "softmax/logits" in node.name or node.name in ("pool_3/_reshape", "softmax"):
            graph.node.remove(node)

    class Module(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
        def __call__(self, images):
            pool, matrix, bias = tf.graph_util.import_graph_def(
                graph, input_map={"Mul:0": images}, return_elements=[f"{name}:0" for name in kept]
            )
            return {"pool_3": pool, "logits": tf.reshape(pool, [-1, 2048]) @ matrix + bias}

    tf.saved_model.save(Module(), str(folder))


def write_small_saved_model(folder, features=32):
    """A network with few features, which are combinations of the mean colour."""
    random = np.random.default_rng(0)
    first, second = (random.standard_normal(shape, np.float32) for shape in ((3, features), (features, 1008)))

    class Module(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
        def __call__(self, images):
            pool = tf.reduce_mean(images, [1, 2]) @ tf.constant(first)
            return {"pool_3": pool, "logits": pool @ tf.constant(second)}

    tf.saved_model.save(Module(), str(folder))


def pickled_text(value):
    content = value.encode()
    return b"X" + len(content).to_bytes(4, "little") + content


def _integers(*values):
    return b"(" + b"".join(b"J" + value.to_bytes(4, "little") for value in values) + b"t"


def pickled_name(module, name):
    return f"c{module}\n{name}\n".encode()


def _dictionary(items):
    return b"}(" + b"".join(pickled_text(name) + value for name, value in items.items()) + b"u"


def pickled_tensor(array, key, *, shape=None, count=None, legacy=False):
    """What PyTorch writes for a tensor. Its numbers are elsewhere under the name `key`."""
    shape = array.shape if shape is None else shape
    strides = [int(np.prod(shape[index + 1 :])) for index in range(len(shape))]
    kind = {"float32": "FloatStorage", "int64": "LongStorage"}[array.dtype.name]
    count = array.size if count is None else count
    storage = b"(" + pickled_text("storage") + pickled_name("torch", kind) + pickled_text(key) + pickled_text("cpu")
    storage += _integers(count)[1:-1] + (b"N" if legacy else b"") + b"tQ"
    hooks = pickled_name("collections", "OrderedDict") + b")R"
    head = pickled_name("torch._utils", "_rebuild_tensor_v2") + b"(" + storage + _integers(0)[1:-1]
    return head + _integers(*shape) + _integers(*strides) + b"\x89" + hooks + b"tR"


def _state(tensors, pickled):
    """The pickle of a state dict, with its versions of layers, and its arrays by key."""
    items = b"".join(pickled_text(name) + pickled(array, str(key)) for key, (name, array) in enumerate(tensors.items()))
    versions = _dictionary({"_metadata": _dictionary({"": _dictionary({"version": _integers(1)[1:-1]})})})
    return b"\x80\x02" + pickled_name("collections", "OrderedDict") + b")R(" + items + b"u" + versions + b"b."


def _content(array):
    return np.ascontiguousarray(array).tobytes()


def _write_zip(path, program, arrays, folder):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{folder}/data.pkl", program)
        archive.writestr(f"{folder}/byteorder", b"little")
        for key, array in enumerate(arrays):
            archive.writestr(f"{folder}/data/{key}", _content(array))
        archive.writestr(f"{folder}/version", b"3\n")


def write_pth(path, tensors, *, pickled=pickled_tensor):
    """A state dict as PyTorch has written it since 1.6. `pickled` writes a tensor into the pickle."""
    _write_zip(path, _state(tensors, pickled), tensors.values(), "archive")


def write_old_pth(path, tensors):
    """A state dict as PyTorch wrote it before 1.6."""
    program = _state(tensors, lambda array, key: pickled_tensor(array, key, legacy=True))
    magic = b"\x80\x02\x8a\x0a" + 0x1950A86A20F9469CFC6C.to_bytes(10, "little") + b"."
    version = b"\x80\x02M" + (1001).to_bytes(2, "little") + b"."
    system = b"\x80\x02" + _dictionary({"little_endian": b"\x88", "protocol_version": version[2:-1]}) + b"."
    keys = b"\x80\x02](" + b"".join(pickled_text(str(key)) for key in range(len(tensors))) + b"e."
    with open(path, "wb") as file:
        file.write(magic + version + system + program + keys)
        for array in tensors.values():
            file.write(array.size.to_bytes(8, "little") + _content(array))


def write_torchscript(path, inception):
    """The attributes of an object of TorchScript by the names of StyleGAN's file; its batch norm has no scale."""
    keys, arrays, tree = itertools.count(), [], {}

    def put(place, name, array):
        arrays.append(array)
        place[name] = pickled_tensor(array, str(next(keys)))

    for scope, layer in inception.scopes.items():
        parts = scope.split("/")
        # The last two blocks are flat.
        parts = [parts[0], "_".join(parts[1:])] if parts[0] in ("mixed_9", "mixed_10") else parts
        place = tree.setdefault("layers", {})
        for part in parts:
            place = place.setdefault(part, {})
        put(place, "weight", inception.weights[f"{layer}.conv.weight"])
        for name, part in (("beta", "bias"), ("mean", "running_mean"), ("var", "running_var")):
            put(place, name, inception.weights[f"{layer}.bn.{part}"])
    output = tree.setdefault("output", {})
    for name in ("weight", "bias"):
        put(output, name, inception.weights[f"fc.{name}"])

    def written(value):
        if isinstance(value, bytes):
            return value
        attributes = {"training": b"\x89"} | {name: written(part) for name, part in value.items()}
        return pickled_name("__torch__.torch.nn", "Module") + b")\x81" + _dictionary(attributes) + b"b"

    _write_zip(path, b"\x80\x02" + written(tree) + b".", arrays, "inception")
