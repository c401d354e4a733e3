# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Makes the demo's model and data: draws pictures, trains a small residual
# network on them in plain NumPy and writes, beside this file,
#
#   model.onnx        the float network, batch norms not yet folded
#   calibration.npz   `image`: 200 pictures that were not trained on
#   test.npz          `image` and `labels`: 400 others
#
# Needs NumPy and onnx; takes about ten minutes on two idle cores and ends at a
# float accuracy of 93.5 % on test.npz (93.2 % on 2000 others). Run it with
# build/venv/bin/python3. What it wrote is committed, so that the demo needs no
# Python; another NumPy may round differently and train to other weights.

import argparse
import pathlib
import time

import numpy as np

import export
import network
import shapes


def build_network(random):
    """30 million multiplications: enough for int8 to show against float."""

    def convolution(inputs, outputs, size, stride=1):
        return [
            network.Convolution(random, inputs, outputs, size, stride),
            network.BatchNorm(outputs),
        ]

    def separable(inputs, outputs, stride):
        return [
            network.Depthwise(random, inputs, stride),
            network.BatchNorm(inputs),
            network.Clip(6),
            *convolution(inputs, outputs, 1),
            network.Clip(),
        ]

    def residual(channels):
        inner = convolution(channels, channels, 3)
        inner += [network.Clip()] + convolution(channels, channels, 3)
        return [network.Residual(inner), network.Clip()]

    return [
        *convolution(3, 32, 3),
        network.Clip(),
        *separable(32, 64, 1),
        network.MaxPool(),
        *residual(64),
        *separable(64, 80, 2),
        *residual(80),
        network.AveragePool(),
        network.Dense(random, 80, len(shapes.NAMES)),
    ]


def to_input(images):
    """Bytes [n, 3, h, w] to floats [n, h, w, 3] in [0, 1]."""
    return images.transpose(0, 2, 3, 1).astype(np.float32) / 255


def forward(layers, x, training):
    for layer in layers:
        x = layer.forward(x, training)
    return x


def accuracy(layers, images, labels):
    right = 0
    for start in range(0, len(images), 100):
        batch = slice(start, start + 100)
        logits = forward(layers, to_input(images[batch]), False)
        right += (logits.argmax(axis=1) == labels[batch]).sum()
    return right / len(images)


def turn_and_swap(images, random):
    """A quarter turn, a mirror and other colours make another picture."""
    if random.integers(2):
        images = images[:, :, ::-1]
    images = np.rot90(images, random.integers(4), axes=(2, 3))
    return images[:, random.permutation(3)]


def train_batch(layers, images, labels, rate, count):
    logits = forward(layers, to_input(images), True)
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    probability = shifted / shifted.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(probability[rows, labels] + 1e-9).mean()
    gradient = probability
    gradient[rows, labels] -= 1
    gradient /= len(labels)
    for layer in reversed(layers):
        gradient = layer.backward(gradient)
    for layer in layers:
        for parameter in layer.parameters:
            parameter.step(rate, count, decay=0.01)
    return loss


def train(layers, pictures, epochs, random):
    images, labels = shapes.draw_set(pictures, seed=1)
    batch = 64
    total = epochs * (pictures // batch)
    count = 0
    for epoch in range(epochs):
        begin, losses = time.time(), []
        order = random.permutation(pictures)
        for start in range(0, pictures - batch + 1, batch):
            chosen = order[start : start + batch]
            count += 1
            # Up in the first tenth, then down along a cosine.
            rate = 0.004 * min(1, 10 * count / total)
            rate *= 0.5 * (1 + np.cos(np.pi * count / total))
            batch_images = turn_and_swap(images[chosen], random)
            losses.append(
                train_batch(layers, batch_images, labels[chosen], rate, count)
            )
        seconds, loss = time.time() - begin, np.mean(losses)
        text = f"epoch {epoch + 1}: loss {loss:.3f}, {seconds:.0f} s"
        print(text, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=int, default=12000)
    parser.add_argument("--epochs", type=int, default=8)
    arguments = parser.parse_args()
    folder = pathlib.Path(__file__).parent

    random = np.random.default_rng(7)
    layers = build_network(random)
    train(layers, arguments.pictures, arguments.epochs, random)
    export.write_onnx(layers, folder / "model.onnx")
    calibration, _ = shapes.draw_set(200, seed=2)
    np.savez_compressed(folder / "calibration.npz", image=calibration)
    test = images, labels = shapes.draw_set(400, seed=3)
    labels = labels.astype(np.int64)
    np.savez_compressed(folder / "test.npz", image=images, labels=labels)
    wide = shapes.draw_set(2000, seed=4)
    for name, data in (("the test set", test), ("2000 others", wide)):
        percent = 100 * accuracy(layers, *data)
        print(f"float accuracy on {name}: {percent:.2f} %")


if __name__ == "__main__":
    main()
