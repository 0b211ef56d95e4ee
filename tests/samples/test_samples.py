import re
from pathlib import Path

import numpy as np
import pytest

import prep_core.samples
from prep_core.samples import SAMPLES, load_sample, names

FOLDER = Path(prep_core.samples.__file__).parent

# Axes, shape, smallest and largest value, voxel size (None where it is unknown): read with other programs.
FACTS = {
    "ct_chest": ("ZYX", (44, 256, 256), -2048, 3071, (2.5, 1.40625, 1.40625)),
    "mr_brain_bias": ("ZYX", (25, 256, 256), 0, 3057, (6.5, 0.78125, 0.78125)),
    "us_phantom": ("TYX", (12, 512, 512), 0, 133, (1.0, 1.0)),
    "us_echo": ("TCYX", (30, 3, 240, 320), 0, 220, None),
    "fluorescence_nuclei": ("YX", (512, 512), 0, 235, None),
    "phase_cell": ("YX", (660, 550), 0, 255, None),
    "satellite_sentinel2": ("CYX", (4, 300, 300), 133, 4932, None),
    "mr_two_volumes": ("TZYX", (2, 24, 96, 128), 0, 1162, (2.2, 2.0, 2.0)),
}


def test_the_chest_ct_comes_first():
    assert names()[0] == "ct_chest"
    assert names() == tuple(SAMPLES)


@pytest.mark.parametrize("name", names())
def test_every_sample_loads_under_its_name(name):
    scan = load_sample(name)
    assert scan.name == name
    assert scan.modality == SAMPLES[name].modality
    assert scan.valid.any()


@pytest.mark.parametrize("name", FACTS)
def test_a_sample_holds_what_its_file_holds(name):
    axes, shape, low, high, spacing = FACTS[name]
    scan = load_sample(name)
    assert (scan.axes, scan.data.shape) == (axes, shape)
    assert (scan.data.min(), scan.data.max()) == (low, high)
    assert scan.spacing_known == (spacing is not None)
    if spacing is not None:
        assert scan.spacing == pytest.approx(spacing, rel=1e-6)


def test_only_simulated_samples_have_no_file():
    assert SAMPLES.keys() - FACTS.keys() == {"ct_simulated", "xray_simulated", "oct_simulated", "mr_simulated"}
    assert np.iscomplexobj(load_sample("oct_simulated").data)


def test_the_padding_of_the_ct_is_not_valid():
    scan = load_sample("ct_chest")
    assert scan.unit == "HU"
    assert (~scan.valid).mean() == pytest.approx(0.21, abs=0.01)
    assert scan.data[scan.valid].min() > -2048


def test_the_bands_of_the_satellite_give_a_vegetation_index():
    scan = load_sample("satellite_sentinel2")
    assert scan.channels == ("B02", "B03", "B04", "B08")
    red, infrared = scan.data[2].astype(float), scan.data[3].astype(float)
    index = (infrared - red) / (infrared + red)
    assert index.min() == pytest.approx(-0.43, abs=0.005)
    assert index.max() == pytest.approx(0.89, abs=0.005)


@pytest.mark.parametrize("name", names())
def test_a_sample_is_described_in_a_line(name):
    sample = SAMPLES[name]
    assert sample.title
    assert re.fullmatch(r"[^\n]{20,120}\.", sample.text)


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match=r"sample must be one of ct_chest, .*, got 'cat'"):
        load_sample("cat")


def test_every_file_is_attributed_and_every_licence_is_there():
    table = (FOLDER / "ATTRIBUTION.md").read_text()
    files = {path.name for path in FOLDER.iterdir() if path.suffix not in {".py", ".md"}}
    shipped = files - {"licenses", "__pycache__"}
    assert shipped == {row.strip("/") for row in re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)}
    assert shipped == {sample.source.name for sample in SAMPLES.values() if isinstance(sample.source, Path)}
    licences = {path.name for path in (FOLDER / "licenses").iterdir()}
    assert licences == set(re.findall(r"`licenses/([^`]+)`", table))


def test_the_files_are_small_and_lie_where_the_package_takes_them_from():
    paths = [path for path in FOLDER.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in paths) < 12e6
    assert max(len(path.relative_to(FOLDER).parts) for path in paths) <= 2
