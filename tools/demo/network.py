# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The layers of the demo's network, forward and backward, in plain NumPy.
# Tensors are [batch, height, width, channels]: a convolution is then one
# matrix product over gathered patches, which is what NumPy does fast.

import numpy as np


class Parameter:
    """A weight with its gradient and Adam's two moments."""

    def __init__(self, value):
        self.value = value.astype(np.float32)
        self.gradient = np.zeros_like(self.value)
        self.first = np.zeros_like(self.value)
        self.second = np.zeros_like(self.value)

    def step(self, rate, count, decay):
        self.first += 0.1 * (self.gradient - self.first)
        self.second += 0.01 * (self.gradient**2 - self.second)
        first = self.first / (1 - 0.9**count)
        second = self.second / (1 - 0.99**count)
        self.value -= rate * (first / (np.sqrt(second) + 1e-8))
        if self.value.ndim > 1:
            self.value -= rate * decay * self.value


def taps(x, size, stride):
    """The `size * size` shifted views of `x`, padded to keep its size."""
    pad = size // 2
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    rows, columns = x.shape[1] - 2 * pad, x.shape[2] - 2 * pad
    return [
        x[:, row : row + rows : stride, column : column + columns : stride]
        for row in range(size)
        for column in range(size)
    ]


def scatter_taps(parts, shape, size, stride):
    """The transpose of `taps`: adds each part back where it came from."""
    pad = size // 2
    batch, rows, columns, channels = shape
    padded = (batch, rows + 2 * pad, columns + 2 * pad, channels)
    x = np.zeros(padded, np.float32)
    for index, part in enumerate(parts):
        row, column = divmod(index, size)
        down = slice(row, row + rows, stride)
        right = slice(column, column + columns, stride)
        x[:, down, right] += part
    return x[:, pad : pad + rows, pad : pad + columns]


class Convolution:
    """Weights are [size, size, inputs, outputs]."""

    kind = "convolution"

    def __init__(self, random, inputs, outputs, size, stride=1):
        self.size, self.stride = size, stride
        shape = (size, size, inputs, outputs)
        deviation = np.sqrt(2 / (size * size * inputs))
        self.weight = Parameter(random.normal(0, deviation, shape))
        self.parameters = [self.weight]

    def forward(self, x, training):
        self.shape = x.shape
        patches = np.concatenate(taps(x, self.size, self.stride), axis=3)
        self.patches = patches.reshape(-1, patches.shape[3])
        outputs = self.weight.value.shape[3]
        y = self.patches @ self.weight.value.reshape(-1, outputs)
        return y.reshape(*patches.shape[:3], outputs)

    def backward(self, dy):
        weight = self.weight.value.reshape(-1, dy.shape[3])
        flat = dy.reshape(-1, dy.shape[3])
        gradient = self.patches.T @ flat
        self.weight.gradient = gradient.reshape(self.weight.value.shape)
        parts = (flat @ weight.T).reshape(*dy.shape[:3], -1)
        parts = np.split(parts, self.size * self.size, axis=3)
        return scatter_taps(parts, self.shape, self.size, self.stride)


class Depthwise:
    """Weights are [9, channels]: one 3x3 filter for each channel."""

    kind = "depthwise"
    size = 3

    def __init__(self, random, channels, stride=1):
        self.stride = stride
        weight = random.normal(0, np.sqrt(2 / 9), (9, channels))
        self.weight = Parameter(weight)
        self.parameters = [self.weight]

    def forward(self, x, training):
        self.shape, self.views = x.shape, taps(x, 3, self.stride)
        return sum(v * w for v, w in zip(self.views, self.weight.value))

    def backward(self, dy):
        self.weight.gradient = np.stack(
            [np.einsum("bhwc,bhwc->c", view, dy) for view in self.views]
        )
        parts = [dy * weight for weight in self.weight.value]
        return scatter_taps(parts, self.shape, 3, self.stride)


class BatchNorm:
    kind = "batch_norm"
    epsilon = 1e-5

    def __init__(self, channels):
        self.scale = Parameter(np.ones(channels))
        self.offset = Parameter(np.zeros(channels))
        self.mean = np.zeros(channels, np.float32)
        self.variance = np.ones(channels, np.float32)
        self.parameters = [self.scale, self.offset]

    def forward(self, x, training):
        mean, variance = self.mean, self.variance
        if training:
            flat = x.reshape(-1, x.shape[3])
            mean, variance = flat.mean(axis=0), flat.var(axis=0)
            self.mean += 0.05 * (mean - self.mean)
            self.variance += 0.05 * (variance - self.variance)
        self.deviation = np.sqrt(variance + self.epsilon)
        self.normal = (x - mean) / self.deviation
        return self.normal * self.scale.value + self.offset.value

    def backward(self, dy):
        axes = (0, 1, 2)
        self.offset.gradient = dy.sum(axis=axes)
        self.scale.gradient = (dy * self.normal).sum(axis=axes)
        count = dy.size // dy.shape[3]
        inner = dy - self.offset.gradient / count
        inner -= self.normal * (self.scale.gradient / count)
        return inner * (self.scale.value / self.deviation)


class Clip:
    """max(x, 0), and min(x, ceiling) where there is a ceiling."""

    kind = "clip"
    parameters = []

    def __init__(self, ceiling=None):
        self.ceiling = ceiling

    def forward(self, x, training):
        y = np.clip(x, 0, self.ceiling)
        self.passes = y == x
        return y

    def backward(self, dy):
        return dy * self.passes


class MaxPool:
    """2x2, stride 2."""

    kind = "max_pool"
    parameters = []

    def forward(self, x, training):
        batch, rows, columns, channels = x.shape
        shape = (batch, rows // 2, 2, columns // 2, 2, channels)
        y = x.reshape(shape).max(axis=(2, 4))
        self.wins = x.reshape(shape) == y[:, :, None, :, None]
        return y

    def backward(self, dy):
        dx = self.wins * dy[:, :, None, :, None]
        batch, rows, _, columns, _, channels = dx.shape
        return dx.reshape(batch, 2 * rows, 2 * columns, channels)


class Residual:
    """x + layers(x)."""

    kind = "residual"

    def __init__(self, layers):
        self.layers = layers
        self.parameters = [p for layer in layers for p in layer.parameters]

    def forward(self, x, training):
        y = x
        for layer in self.layers:
            y = layer.forward(y, training)
        return x + y

    def backward(self, dy):
        dx = dy
        for layer in reversed(self.layers):
            dx = layer.backward(dx)
        return dx + dy


class AveragePool:
    """The mean of each channel."""

    kind = "average_pool"
    parameters = []

    def forward(self, x, training):
        self.shape = x.shape
        return x.mean(axis=(1, 2))

    def backward(self, dy):
        count = self.shape[1] * self.shape[2]
        return np.broadcast_to(dy[:, None, None] / count, self.shape)


class Dense:
    kind = "dense"

    def __init__(self, random, inputs, outputs):
        weight = random.normal(0, np.sqrt(1 / inputs), (inputs, outputs))
        self.weight, self.bias = Parameter(weight), Parameter(np.zeros(outputs))
        self.parameters = [self.weight, self.bias]

    def forward(self, x, training):
        self.x = x
        return x @ self.weight.value + self.bias.value

    def backward(self, dy):
        self.weight.gradient = self.x.T @ dy
        self.bias.gradient = dy.sum(axis=0)
        return dy @ self.weight.value.T
