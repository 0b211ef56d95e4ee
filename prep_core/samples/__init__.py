"""Built-in scans, one for each kind of trouble.  ATTRIBUTION.md says where they come from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from prep_core.io import load
from prep_core.samples.brain import simulate_brain
from prep_core.samples.chest import chest_ct, chest_xray
from prep_core.samples.oct import simulate_oct
from prep_core.scan import Scan

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """A built-in scan.

    Attributes
    ----------
    text : str
        Why it is interesting, in one line.
    source : Path or callable
        The file or folder to load, or the simulator to call.
    axes, channels
        What the file does not say itself; empty where it does.
    """

    title: str
    modality: str
    text: str
    source: Path | Callable[[], Scan]
    axes: str = ""
    channels: tuple[str, ...] = ()


SAMPLES: Mapping[str, Sample] = MappingProxyType(
    {
        "ct_chest": Sample(
            "Chest CT",
            "CT",
            "Hounsfield units, with a ring of padding (21 % of the voxels) that must not enter any statistic.",
            _HERE / "ct_chest",
        ),
        "ct_simulated": Sample(
            "Simulated chest CT with metal",
            "CT",
            "Two rods beyond the end of the scale, a table, gas in the stomach: where the lungs are is known.",
            chest_ct,
        ),
        "xray_simulated": Sample(
            "Simulated chest radiograph",
            "DX",
            "The same chest added up from front to back, as counts of photons on a logarithmic scale.",
            chest_xray,
        ),
        "oct_simulated": Sample(
            "Simulated OCT of a retina",
            "OPT",
            "Complex amplitudes whose squares span eight decades: shown linearly, all but the surface is black.",
            simulate_oct,
        ),
        "mr_brain_bias": Sample(
            "Brain MR with a bias field",
            "MR",
            "No unit, thick slices, and shading by the coil that makes one tissue 1.5 times as bright as itself.",
            _HERE / "mr_brain_bias.nrrd",
        ),
        "mr_simulated": Sample(
            "Simulated brain MR with a known field",
            "MR",
            "White matter is 1.5 times as bright near one coil as far from all; what it should be is known.",
            simulate_brain,
        ),
        "us_phantom": Sample(
            "Ultrasound of a phantom",
            "US",
            "Speckle that the machine compressed to 8 bits by a logarithm; half of each frame is empty surround.",
            _HERE / "us_phantom.mha",
            axes="TYX",
        ),
        "us_echo": Sample(
            "Echocardiogram in colour",
            "US",
            "A film of 30 frames, JPEG compressed with loss: its third axis is time, not depth.",
            _HERE / "us_echo.dcm",
        ),
        "fluorescence_nuclei": Sample(
            "Fluorescent cell nuclei",
            "MIC",
            "A 16-bit file with values from 0 to 235: scaled by its type it is black.",
            _HERE / "fluorescence_nuclei.tif",
        ),
        "phase_cell": Sample(
            "Quantitative phase of a cell",
            "MIC",
            "One thin object on a background with bands that local contrast brings out.",
            _HERE / "phase_cell.png",
        ),
        "satellite_sentinel2": Sample(
            "Satellite picture in four bands",
            "MSI",
            "Reflectance x 10000 in blue, green, red and near infrared: one range for all would undo their ratios.",
            _HERE / "satellite_sentinel2.tif",
            channels=("B02", "B03", "B04", "B08"),
        ),
        "mr_two_volumes": Sample(
            "MR in two volumes, tilted",
            "MR",
            "Two volumes in time, oblique to the patient, three fifths of it zeros.",
            _HERE / "mr_two_volumes.nii.gz",
        ),
    }
)
"""Name to sample, in the order of the menu."""


def names() -> tuple[str, ...]:
    """The names of the samples, in the order of the menu."""
    return tuple(SAMPLES)


def load_sample(name: str) -> Scan:
    """Load or simulate the sample called `name`.

    Raises
    ------
    ValueError
        For a name that no sample has.
    """
    if name not in SAMPLES:
        raise ValueError(f"sample must be one of {', '.join(SAMPLES)}, got {name!r}")
    sample = SAMPLES[name]
    if not isinstance(sample.source, Path):
        return sample.source()
    (scan,) = load(sample.source, name=name, modality=sample.modality)
    return replace(scan, axes=sample.axes or scan.axes, channels=sample.channels or scan.channels)
