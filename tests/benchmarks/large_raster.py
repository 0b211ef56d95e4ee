"""A satellite tile larger than memory, fitted and applied by the command line, with seconds and peak memory.

    python -m tests.benchmarks.large_raster [--folder FOLDER] [--side 10980] [--bands 13] [--format npy]

Makes a tiled BigTIFF of uint16 like a Sentinel-2 tile (3.1 GB as it is by default), fits two recipes on it, applies
them, compares some planes with NumPy and SciPy, and removes all of it again.  Needs about ten times the size of the
tile of disk while it runs.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
import yaml
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

TILE = 512
SIGMA = 2.0
DISK = 11
"""Times the size of the tile that must be free: a result of float32, and the same once more on its way to the file."""

RESCALED = "- {step: percentile_rescale, low: 1, high: 99, over: dataset, per: channel}\n"
SMOOTHED = f"- {{step: gaussian, sigma: {SIGMA}, lengths_in: px, extent: plane}}\n"
RECIPES: Mapping[str, str] = {"rescaled": RESCALED, "smoothed": SMOOTHED + RESCALED}


@dataclass(frozen=True)
class Tile:
    """The made-up scene: bands of different brightness, smooth with noise, and clouds that are cut off."""

    side: int
    bands: int

    def piece(self, band: int, row: int, column: int) -> NDArray[np.uint16]:
        """One square of a band, made of nothing but its place."""
        rng = np.random.default_rng((band, row, column))
        y, x = np.ogrid[row : row + TILE, column : column + TILE]
        land = 800 + 120 * band + 300 * np.sin(y / 700 + band) * np.cos(x / 900)
        noisy = land + rng.normal(0, 40 + 5 * band, (TILE, TILE))
        clouds = rng.random((TILE, TILE)) > 0.999
        return np.where(clouds, 16000, noisy).clip(1, 65535).astype(np.uint16)

    def pieces(self) -> Iterator[NDArray[np.uint16]]:
        for band in range(self.bands):
            for row in range(0, self.side, TILE):
                for column in range(0, self.side, TILE):
                    yield self.piece(band, row, column)

    def plane(self, band: int) -> NDArray[np.uint16]:
        starts = range(0, self.side, TILE)
        whole = np.block([[self.piece(band, row, column) for column in starts] for row in starts])
        return np.ascontiguousarray(whole[: self.side, : self.side])

    def write(self, path: Path) -> None:
        tifffile.imwrite(
            path,
            self.pieces(),
            shape=(self.bands, self.side, self.side),
            dtype=np.uint16,
            tile=(TILE, TILE),
            bigtiff=True,
            photometric="minisblack",
            planarconfig="separate",
            metadata={"axes": "CYX"},
        )


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def timed(*arguments: str) -> None:
    """Run a command of prep_core; print its seconds and the most memory that one of its processes had."""
    start = time.perf_counter()
    child = os.posix_spawn(sys.executable, [sys.executable, "-m", "prep_core", *arguments], dict(os.environ))
    peak = 0
    # The largest of all processes of the command: the one that computes, and the one that reads.  Not by wait4, which
    # counts what this process held when it started the child.
    while not (waited := os.waitpid(child, os.WNOHANG))[0]:
        peak = max([peak, *map(resident, family(child))])
        time.sleep(0.2)
    _, status = waited
    say(f"  {arguments[0]}: {time.perf_counter() - start:.0f} s, {peak / 2**20:,.0f} MiB at most")
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(arguments)} failed")


def family(process: int) -> list[int]:
    """A process and all that it started, as Linux knows them."""
    started = Path(f"/proc/{process}/task/{process}/children")
    children = started.read_text().split() if started.exists() else []
    return [process, *(each for child in children for each in family(int(child)))]


def resident(process: int) -> int:
    """The most memory that a process had so far, in bytes; 0 for one that has just ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def check(tile: Tile, name: str, recipe: Path, result: NDArray[np.float32]) -> None:
    """Compare the first and the last band with NumPy and SciPy."""
    numbers = yaml.safe_load(recipe.read_text())["steps"][-1]["fitted"]["numbers"]
    for band in (0, tile.bands - 1):
        plane = tile.plane(band)
        seen = plane.astype(np.float32) if name == "rescaled" else gaussian_filter(plane.astype(np.float32), SIGMA)
        low, high = np.percentile(seen.astype(np.float64), [1, 99])
        np.testing.assert_allclose([numbers["low"][band], numbers["high"][band]], [low, high], rtol=1e-12)
        wanted = np.clip((seen - np.float32(low)) / (np.float32(high) - np.float32(low)), 0, 1)
        off = float(np.abs(result[band] - wanted).max())
        say(f"  band {band}: percentiles as NumPy's, pixels within {off:.1e} of NumPy's and SciPy's")
        if off > 1e-6:
            raise SystemExit(f"band {band} of {name} is wrong")


def run(tile: Tile, folder: Path, form: str, limits: Sequence[str], names: Iterable[str]) -> None:
    source = folder / "tile.tif"
    tile.write(source)
    say(f"tile: {tile.side} x {tile.side} x {tile.bands} uint16, {source.stat().st_size / 1e9:.2f} GB")
    for name in names:
        lines = RECIPES[name]
        recipe, fitted, out = folder / f"{name}.yaml", folder / f"{name}-fitted.yaml", folder / name
        recipe.write_text(f"prep: 1\nname: {name}\nmodality: MSI\nsteps:\n{lines}")
        say(name)
        timed("fit", str(recipe), str(source), "-o", str(fitted), *limits)
        timed("apply", str(fitted), str(source), "-o", str(out), "--format", form, *limits)
        say(f"  result: {(out / f'tile.{form}').stat().st_size / 1e9:.2f} GB")
        if form == "npy":
            check(tile, name, fitted, np.load(out / "tile.npy", mmap_mode="r"))
        shutil.rmtree(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--side", type=int, default=10_980)
    parser.add_argument("--bands", type=int, default=13)
    parser.add_argument("--format", choices=("npy", "tif"), default="npy")
    parser.add_argument("--recipe", action="append", choices=RECIPES, help="default: all")
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=NUMBER", help="as of prep_core")
    options = parser.parse_args()
    tile = Tile(options.side, options.bands)
    need = DISK * tile.side**2 * tile.bands * 2
    free = shutil.disk_usage(options.folder).free
    if free < need:
        raise SystemExit(f"{options.folder} has {free / 1e9:.0f} GB free, and {need / 1e9:.0f} GB are needed")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        limits = [word for one in options.limit for word in ("--limit", one)]
        run(tile, Path(folder), options.format, limits, options.recipe or RECIPES)


if __name__ == "__main__":
    main()
