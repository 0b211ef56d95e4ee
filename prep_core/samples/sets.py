"""Built-in sets of scans, simulated, in which the reference population matters."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from prep_core.samples.brain import brain_phantom
from prep_core.samples.oct import simulate_oct
from prep_core.scan import Scan


@dataclass(frozen=True, slots=True)
class SampleSet:
    """A built-in set of scans.

    Attributes
    ----------
    text : str
        What is to be seen in it.
    validation, test : tuple of int
        The scans, counted from 0, that are not for training.
    make : callable
        Simulates the scans: the same bytes each time.
    """

    title: str
    text: str
    validation: tuple[int, ...]
    test: tuple[int, ...]
    make: Callable[[], tuple[Scan, ...]]


OCT_EXPOSURES_DB = (0.0, -2.0, 3.0, 1.0, 9.0, -4.0)
"""The gain of each exposure of the same kind of eye, in dB of intensity."""

MR_GAINS = (1.0, 0.8, 1.3, 1.1, 3.2)
"""What the receiver multiplies each head with: MR has no unit."""


def oct_exposures() -> tuple[Scan, ...]:
    """Raw OCT of six retinas, each with its own gain."""
    return tuple(_oct(seed, gain) for seed, gain in enumerate(OCT_EXPOSURES_DB))


def mr_heads() -> tuple[Scan, ...]:
    """T1-weighted MR of five heads, each with its own gain and its own noise."""
    return tuple(_head(seed, gain) for seed, gain in enumerate(MR_GAINS))


def _oct(seed: int, gain_db: float) -> Scan:
    scan = simulate_oct(depth=320, width=192, seed=seed, spacing=(0.0062, 0.0236), curvature=0.01 + 0.004 * seed)
    amplified = scan.data * np.float32(10 ** (gain_db / 20))
    return _called(replace(scan, data=amplified, name=f"eye_{seed + 1}_{gain_db:+.0f}dB"))


def _head(seed: int, gain: float) -> Scan:
    scan = brain_phantom(shape=(40, 48, 40), spacing=4.0, noise=5.0 + seed, strength=0.5, seed=seed).scan
    return _called(replace(scan, data=scan.data * np.float32(gain), name=f"head_{seed + 1}_x{gain:g}"))


def _called(scan: Scan) -> Scan:
    """`scan`, told from others by its content: it has no file whose bytes would do that."""
    return replace(scan, source=replace(scan.source, sha256=hashlib.sha256(scan.data.tobytes()).hexdigest()))


SETS: Mapping[str, SampleSet] = MappingProxyType(
    {
        "oct_exposures": SampleSet(
            "Six OCT exposures (simulated)",
            "Raw OCT of six eyes at gains from −4 to +9 dB. Measured each for itself the gain is gone; measured "
            "over the training set it stays, and the bright validation eye moves the reference if it is let in.",
            (4,),
            (5,),
            oct_exposures,
        ),
        "mr_heads": SampleSet(
            "Five MR heads (simulated)",
            "Heads without a unit, at gains from 0.8 to 3.2. Numbers of the training set do not fit the head whose "
            "gain is 3.2; numbers of each scan alone do.",
            (4,),
            (),
            mr_heads,
        ),
    }
)
"""Name to set, in the order of the menu."""
