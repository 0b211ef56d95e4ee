"""Published schemes in plain NumPy float64, for steps that call a library."""

from itertools import product

import numpy as np

Plane = np.ndarray


def non_local_means(plane: Plane, h: float, patch: int, distance: int) -> Plane:
    """Buades, Coll and Morel (2005) with flat patches of patch - 1 pixels a side; weights below exp(-5) are 0."""
    far, half = distance, patch // 2
    height, width = plane.shape
    wide = np.pad(plane.astype(np.float64), far + half, mode="reflect")
    near = wide[far:-far, far:-far]
    total, weights = np.zeros(plane.shape), np.zeros(plane.shape)
    for dy, dx in product(range(-far, far + 1), repeat=2):
        moved = wide[far + dy : far + dy + near.shape[0], far + dx : far + dx + near.shape[1]]
        squares = (near - moved) ** 2
        shifts = product(range(1, patch), repeat=2)
        apart = sum(squares[y : y + height, x : x + width] for y, x in shifts) / patch**2 / h**2
        weight = np.where(apart > 5, 0, np.exp(-apart))
        total += weight * moved[half : half + height, half : half + width]
        weights += weight
    return total / weights


def bilateral(plane: Plane, sigma_value: float, sigma_space: float, radius: int) -> Plane:
    """Tomasi and Manduchi (1998), in a square window; beyond the border is the nearest pixel."""
    height, width = plane.shape
    wide = np.pad(plane.astype(np.float64), radius, mode="edge")
    total, weights = np.zeros(plane.shape), np.zeros(plane.shape)
    for dy, dx in product(range(-radius, radius + 1), repeat=2):
        moved = wide[radius + dy : radius + dy + height, radius + dx : radius + dx + width]
        apart = (moved - plane) / sigma_value
        near = np.exp(-(dy**2 + dx**2) / (2 * sigma_space**2))
        weight = near * np.where(np.abs(apart) < 4, np.exp(-(apart**2) / 2), 0)
        total += weight * moved
        weights += weight
    return total / weights


def curvature_diffusion(plane: Plane, conductance: float, iterations: int, step: float = 0.125) -> Plane:
    """Whitaker and Xue (2001): modified curvature diffusion with upwind gradients, square pixels."""
    now = plane.astype(np.float64)
    for _ in range(iterations):
        now = now + step * _curvature_flow(now, conductance)
    return now


def _curvature_flow(now: Plane, conductance: float) -> Plane:
    wide = np.pad(now, 2, mode="edge")

    def at(y: int, x: int) -> Plane:
        return wide[2 + y : 2 + y + now.shape[0], 2 + x : 2 + x + now.shape[1]]

    def central(y: int, x: int, along: tuple[int, int]) -> Plane:
        return (at(y + along[0], x + along[1]) - at(y - along[0], x - along[1])) / 2

    axes = ((1, 0), (0, 1))
    energy = np.mean(sum(central(0, 0, axis) ** 2 for axis in axes))
    speed = np.zeros(now.shape)
    for (y, x), across in (axes, axes[::-1]):
        for sign in (1, -1):
            rise = at(sign * y, sign * x) - now
            beside = (central(0, 0, across) + central(sign * y, sign * x, across)) / 2
            squared = rise**2 + beside**2
            speed += rise / np.sqrt(squared + 1e-10) * np.exp(-squared / (2 * conductance**2 * energy))
    rises = [at(sign * y, sign * x) - now for y, x in axes for sign in (1, -1)]
    uphill = sum(np.maximum(rise, 0) ** 2 for rise in rises)
    downhill = sum(np.minimum(rise, 0) ** 2 for rise in rises)
    return speed * np.sqrt(np.where(speed > 0, uphill, downhill))
