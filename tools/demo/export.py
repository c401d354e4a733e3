# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes the demo's network as ONNX, opset 13, in ONNX's channels-first order.
# The input is a picture of bytes held as floats, 0 to 255: the division by 255
# is folded into the first convolution's weights.

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Graph:
    """Nodes and weights so far; `value` names the last result."""

    def __init__(self, value):
        self.value = value
        self.nodes, self.weights = [], []

    def weight(self, name, array):
        array = np.ascontiguousarray(array, np.float32)
        self.weights.append(numpy_helper.from_array(array, name))
        return name

    def node(self, op, inputs=(), **attributes):
        name = f"{op.lower()}_{len(self.nodes)}"
        node = helper.make_node(
            op, [self.value, *inputs], [name], name=name, **attributes
        )
        self.nodes.append(node)
        self.value = name


def add_convolution(graph, layer, weight, group):
    name = graph.weight(f"weight_{len(graph.nodes)}", weight)
    pad = layer.size // 2
    graph.node(
        "Conv",
        [name],
        kernel_shape=[layer.size, layer.size],
        pads=[pad] * 4,
        strides=[layer.stride] * 2,
        group=group,
    )


def add_batch_norm(graph, layer):
    index = len(graph.nodes)
    parts = {
        "scale": layer.scale.value,
        "offset": layer.offset.value,
        "mean": layer.mean,
        "variance": layer.variance,
    }
    names = [graph.weight(f"{k}_{index}", v) for k, v in parts.items()]
    graph.node("BatchNormalization", names, epsilon=layer.epsilon)


def add_clip(graph, layer):
    if layer.ceiling is None:
        graph.node("Relu")
        return
    index = len(graph.nodes)
    low = graph.weight(f"low_{index}", np.float32(0).reshape(()))
    high = graph.weight(f"high_{index}", np.float32(layer.ceiling).reshape(()))
    graph.node("Clip", [low, high])


def add_residual(graph, layer):
    source = graph.value
    for inner in layer.layers:
        add_layer(graph, inner)
    graph.node("Add", [source])


def add_dense(graph, layer):
    index = len(graph.nodes)
    weight = graph.weight(f"weight_{index}", layer.weight.value.T)
    bias = graph.weight(f"bias_{index}", layer.bias.value)
    graph.node("Gemm", [weight, bias], transB=1)


def add_layer(graph, layer):
    if layer.kind == "convolution":
        weight = layer.weight.value.transpose(3, 2, 0, 1)
        weight = weight if graph.nodes else weight / 255
        add_convolution(graph, layer, weight, 1)
    elif layer.kind == "depthwise":
        channels = layer.weight.value.shape[1]
        weight = layer.weight.value.T.reshape(channels, 1, 3, 3)
        add_convolution(graph, layer, weight, channels)
    elif layer.kind == "batch_norm":
        add_batch_norm(graph, layer)
    elif layer.kind == "clip":
        add_clip(graph, layer)
    elif layer.kind == "max_pool":
        graph.node("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
    elif layer.kind == "residual":
        add_residual(graph, layer)
    elif layer.kind == "average_pool":
        graph.node("GlobalAveragePool")
        graph.node("Flatten", axis=1)
    else:
        add_dense(graph, layer)


def write_onnx(layers, path):
    graph = Graph("image")
    for layer in layers:
        add_layer(graph, layer)
    graph.nodes[-1].output[0] = "logits"
    image = helper.make_tensor_value_info(
        "image", TensorProto.FLOAT, [1, 3, 32, 32]
    )
    classes = layers[-1].bias.value.size
    logits = helper.make_tensor_value_info(
        "logits", TensorProto.FLOAT, [1, classes]
    )
    whole = helper.make_graph(
        graph.nodes, "shapes", [image], [logits], graph.weights
    )
    model = helper.make_model(
        whole,
        producer_name="qcc demo",
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=7,
    )
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)
