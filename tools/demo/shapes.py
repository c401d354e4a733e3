# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Draws the demo's pictures: one of ten shapes in 32x32 RGB, turned, scaled and
# coloured at random, on a shaded ground and half hidden by strokes. Pentagons,
# hexagons and discs of ten pixels are easily confused, so that the accuracy
# lost to quantization is a real question.

import numpy as np

SIDE = 32
FINE = 3 * SIDE  # drawn three times as large, then averaged
NAMES = [
    "disc",
    "ring",
    "triangle",
    "square",
    "pentagon",
    "hexagon",
    "star",
    "cross",
    "crescent",
    "arrow",
]


def regular_polygon(corners):
    angle = 2 * np.pi * np.arange(corners) / corners
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def star_polygon():
    angle = np.pi * np.arange(10) / 5
    radius = np.where(np.arange(10) % 2, 0.45, 1.0)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


POLYGONS = {
    "triangle": regular_polygon(3),
    "square": regular_polygon(4),
    "pentagon": regular_polygon(5),
    "hexagon": regular_polygon(6),
    "star": star_polygon(),
    "arrow": np.array(
        [
            [1, 0],
            [0, 0.8],
            [0, 0.3],
            [-1, 0.3],
            [-1, -0.3],
            [0, -0.3],
            [0, -0.8],
        ]
    ),
}


def inside_polygon(corners, x, y):
    """Even-odd rule: count the edges that a ray to the right crosses."""
    inside = np.zeros(x.shape, bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, 1, axis=0)):
        if y0 == y1:
            continue
        crosses = (y0 > y) != (y1 > y)
        inside ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return inside


def inside_shape(name, x, y):
    """Whether the points lie in the shape of radius one at the origin."""
    square = x * x + y * y
    if name == "disc":
        return square < 0.85
    if name == "ring":
        return (square < 1) & (square > 0.3)
    if name == "crescent":
        return (square < 1) & ((x - 0.45) ** 2 + y * y > 0.7)
    if name == "cross":
        across, along = np.minimum(abs(x), abs(y)), np.maximum(abs(x), abs(y))
        return (across < 0.3) & (along < 0.95)
    return inside_polygon(POLYGONS[name], x, y)


def draw(label, random):
    """One picture, [3, SIDE, SIDE] bytes."""
    row, column = np.mgrid[0:FINE, 0:FINE] * (2.0 / FINE) - 1.0
    ground, ink, stroke = random.uniform(0, 255, (3, 3))
    while abs(ground - ink).mean() < 45:
        ink = random.uniform(0, 255, 3)
    slope = random.uniform(-16, 16, 2)
    shade = slope[0] * row + slope[1] * column
    picture = ground[:, None, None] + shade

    radius = random.uniform(0.32, 0.75)
    centre = random.uniform(-1, 1, 2) * (0.95 - radius)
    turn = random.uniform(0, 2 * np.pi)
    x, y = (column - centre[0]) / radius, (row - centre[1]) / radius
    x, y = (
        np.cos(turn) * x + np.sin(turn) * y,
        np.cos(turn) * y - np.sin(turn) * x,
    )
    y *= random.uniform(1.0, 1.25)
    picture = np.where(
        inside_shape(NAMES[label], x, y), ink[:, None, None], picture
    )

    for _ in range(random.integers(0, 3)):
        angle, distance = random.uniform(0, np.pi), random.uniform(-0.8, 0.8)
        offset = np.cos(angle) * row + np.sin(angle) * column - distance
        hidden = abs(offset) < random.uniform(0.02, 0.09)
        picture = np.where(hidden, stroke[:, None, None], picture)

    picture = picture.reshape(3, SIDE, 3, SIDE, 3).mean(axis=(2, 4))
    # Sixteen levels: hardly visible, and the files compress to half.
    return np.clip(np.round(picture / 17) * 17, 0, 255).astype(np.uint8)


def draw_set(count, seed):
    """`count` pictures with every class equally often, and their labels."""
    random = np.random.default_rng(seed)
    labels = random.permutation(np.arange(count) % len(NAMES))
    return np.stack([draw(label, random) for label in labels]), labels
