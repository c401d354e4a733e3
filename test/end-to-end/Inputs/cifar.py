# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes CIFAR-10 pictures as a model's samples:
#
#   cifar.py FROM.npz TO.npz COUNT [--normalize] [--labels]
#
# FROM has `X` [n, 32, 32, 3] bytes and `y`; TO gets `input` [n, 3, 32, 32]
# f32, and `labels` if asked for. --normalize takes off ImageNet's mean and
# divides by its deviation.

import sys

import numpy as np

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


def main(source, target, count, *flags):
    arrays = np.load(source)
    images = arrays["X"][: int(count)].astype(np.float32)
    if "--normalize" in flags:
        images = (images / 255 - MEAN) / DEVIATION
    images = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    labels = arrays["y"][: int(count)].astype(np.int64)
    samples = {"input": images}
    if "--labels" in flags:
        samples["labels"] = labels
    np.savez(target, **samples)


if __name__ == "__main__":
    main(*sys.argv[1:])
