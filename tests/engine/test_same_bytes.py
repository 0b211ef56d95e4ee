"""Whoever works on the scans: the same recipe out of a fit, the same files out of a batch."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from prep_core import Recipe, Scan, apply, fit, load
from prep_core.batch import Row, TrainingFiles, Unreadable, apply_all, process
from prep_core.bundle import to_file_bytes
from prep_core.cli import main
from prep_core.engine import Cluster, Engine, Here, Processes
from prep_core.io import encode
from prep_core.run import StepError

FITTED = {
    "decibel, then zscore": "{step: decibel, over: dataset}\n- {step: zscore, over: dataset}",
    "each scan alike": "{step: zscore, over: dataset, pool: scans}",
    "nyul": "{step: nyul}",
    "per pixel": "{step: standardize_map}",
    "background": "{step: background_scale, over: dataset, smooth_sigma: 0}",
}
ALONE = (
    "prep: 1\nsteps:\n- {step: n4, shrink: 1, iterations: 2}\n- {step: foreground_mask}\n- {step: zscore, inside: mask}"
)


def recipe_of(lines: str) -> Recipe:
    return Recipe.from_yaml(f"prep: 1\nsteps:\n- {lines}\n")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Scans of a background and values over four decades, so that the order of a sum would show."""
    folder = tmp_path_factory.mktemp("scans")
    rng = np.random.default_rng(5)
    files = [folder / f"scan{n}.npy" for n in range(6)]
    for n, file in enumerate(files):
        values = 10 ** rng.uniform(0, 4, (2, 24, 24)) * (1 + n / 3)
        background = rng.normal(40, 1, values.shape)
        np.save(file, np.where(rng.random(values.shape) < 0.5, background, values).astype(np.float32))
    return [str(file) for file in files]


@pytest.fixture(scope="session")
def four() -> Iterator[Processes]:
    with Processes(4) as engine:
        yield engine


def fitted(recipe: Recipe, paths: Iterable[str], engine: Engine) -> bytes:
    rows = [Row(path, {"axes": "ZYX"}) for path in paths]
    return to_file_bytes(fit(recipe, TrainingFiles(rows, load, engine)))


@pytest.mark.parametrize("lines", FITTED.values(), ids=FITTED)
def test_a_fit_is_the_same_by_all_engines_in_any_order(
    lines: str, paths: list[str], two: Processes, four: Processes, cluster: Cluster
) -> None:
    recipe = recipe_of(lines)
    in_memory = to_file_bytes(fit(recipe, [load(path, axes="ZYX")[0] for path in paths]))
    assert fitted(recipe, paths, Here()) == in_memory
    for engine in (Here(), two, four, cluster):
        assert fitted(recipe, paths[::-1], engine) == in_memory
    assert fitted(recipe, paths[3:] + paths[:3], two) == in_memory


@pytest.mark.parametrize("who", ["two", "cluster"])
def test_a_broken_scan_in_a_fit_is_named(who: str, paths: list[str], request: pytest.FixtureRequest) -> None:
    broken = Path(paths[0]).with_name("broken.npy")
    broken.write_bytes(Path(paths[0]).read_bytes()[:300])
    with pytest.raises(Unreadable, match=r"broken\.npy"):
        fitted(recipe_of(FITTED["nyul"]), [*paths, str(broken)], request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["two", "cluster"])
def test_a_line_without_an_answer_is_a_step_error_here(
    who: str, paths: list[str], request: pytest.FixtureRequest
) -> None:
    recipe = recipe_of("{step: band_index, a: '1', b: '2'}\n- {step: zscore, over: dataset}")
    with pytest.raises(StepError, match=r"^line 1: band_index .*scan\d\.npy") as caught:
        fitted(recipe, paths, request.getfixturevalue(who))
    assert caught.value.line == 1


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory, paths: list[str]) -> dict[str, Path]:
    """A recipe that measures each scan alone and makes a mask, and one that was fitted."""
    folder = tmp_path_factory.mktemp("recipes")
    (folder / "alone.yaml").write_text(ALONE)
    lines = f"{FITTED['decibel, then zscore']}\n- {{step: nlm}}"
    (folder / "fitted.yaml").write_bytes(fitted(recipe_of(lines), paths, Here()))
    return {name: folder / f"{name}.yaml" for name in ("alone", "fitted")}


def written(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("name", ["alone", "fitted"])
def test_a_batch_writes_the_same_files_by_all_engines_and_the_page_the_same_bytes(
    name: str, paths: list[str], recipes: dict[str, Path], two: Processes, cluster: Cluster, tmp_path: Path
) -> None:
    recipe = Recipe.from_yaml(recipes[name].read_text())
    for out, engine in (("here", Here()), ("two", two), ("cluster", cluster)):
        outcomes = apply_all(recipe, paths, tmp_path / out, "nii.gz", engine=engine, axes="ZYX")
        assert [outcome.error for outcome in outcomes] == [""] * len(paths)
    files = written(tmp_path / "here")
    assert len(files) >= 2 * len(paths)
    assert written(tmp_path / "two") == files
    assert written(tmp_path / "cluster") == files
    for path in paths:
        (scan,) = load(path, axes="ZYX")
        page = process(recipe, scan, "nii.gz")
        assert files[page.file] == page.data == encode(apply(recipe, scan), "nii.gz")
        assert files[f"{scan.name}.prep.json"].decode() == page.sidecar


def test_a_cluster_takes_paths_that_hold_only_here(
    paths: list[str], recipes: dict[str, Path], address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(paths[0]).parent)
    told = [*(Path(path).name for path in paths), "--axes", "ZYX", "--scheduler", address, "-o"]
    assert main(["fit", str(recipes["fitted"]), *told, str(tmp_path / "again.yaml")]) == 0
    assert (tmp_path / "again.yaml").read_bytes() == recipes["fitted"].read_bytes()
    assert main(["apply", str(recipes["fitted"]), *told, str(tmp_path / "cluster")]) == 0
    for outcome in apply_all(
        Recipe.from_yaml(recipes["fitted"].read_text()), paths, tmp_path / "here", "nii.gz", axes="ZYX"
    ):
        assert outcome.ok
        assert (tmp_path / "cluster" / outcome.file).read_bytes() == (tmp_path / "here" / outcome.file).read_bytes()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--workers", "0"], "must be a whole number from 1, got '0'"),
        (["--workers", "two"], "must be a whole number from 1, got 'two'"),
        (["--workers", "2", "--scheduler", "tcp://a:1"], "not allowed with argument"),
        (["--scheduler", "here:1"], "must be tcp://HOST:PORT or tls://HOST:PORT, got 'here:1'"),
        (["--scheduler", "tcp://here"], "must be tcp://HOST:PORT or tls://HOST:PORT, got 'tcp://here'"),
    ],
)
def test_impossible_engines_are_refused(options: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["apply", "recipe.yaml", "scan.npy", "-o", "out", *options])
    assert left.value.code == 2
    assert words in capsys.readouterr().err


def test_here_answers_in_order() -> None:
    def shape(scan: Scan) -> tuple[int, ...]:
        return scan.data.shape

    scans = [Scan(np.zeros((n, n), np.float32), "YX") for n in (2, 3)]
    assert list(Here().each(shape, scans)) == [(0, (2, 2)), (1, (3, 3))]
