"""Run exported recipes in the libraries that they were written for; needs nothing of the project.

    python run_there.py FOLDER [TARGET ...]

For each NAME.json in FOLDER {target, text, axes, spacing}, the array NAME.npy goes through the text; the result becomes
NAME.result.npy.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

Case = Mapping[str, Any]


def module_of(case: Case) -> ModuleType:
    module = ModuleType("exported")
    exec(compile(case["text"], "exported.py", "exec"), vars(module))
    return module


def channel_first(array: np.ndarray, case: Case) -> np.ndarray:
    """(C, X, Y, Z), as image libraries load them."""
    array = array if "C" in case["axes"] else array[np.newaxis]
    return np.ascontiguousarray(array.transpose(0, *range(array.ndim - 1, 0, -1)))


def channel_first_back(image: np.ndarray) -> np.ndarray:
    return image.transpose(0, *range(image.ndim - 1, 0, -1))


def affine_of(case: Case) -> np.ndarray:
    """RAS millimetres of an unrotated LPS grid, for indices x, y, z."""
    z, y, x = (1.0,) * (3 - len(case["spacing"] or ())) + tuple(case["spacing"] or ())
    return np.diag([-x, -y, z, 1.0])


def python(array: np.ndarray, case: Case) -> np.ndarray:
    return module_of(case).preprocess(array, case["axes"], case["spacing"])


def monai(array: np.ndarray, case: Case) -> np.ndarray:
    import torch
    from monai.data import MetaTensor

    image = torch.as_tensor(channel_first(array, case).astype(torchable(array)))
    result = module_of(case).preprocess(MetaTensor(image, affine=torch.as_tensor(affine_of(case))))
    return channel_first_back(np.asarray(result.numpy()))


def torchio(array: np.ndarray, case: Case) -> np.ndarray:
    import torch
    import torchio as tio

    image = channel_first(array, case).astype(torchable(array))
    image = image if image.ndim == 4 else image[..., np.newaxis]
    result = module_of(case).preprocess(tio.ScalarImage(tensor=torch.as_tensor(image), affine=affine_of(case)))
    return channel_first_back(result.data.numpy())


def torchable(array: np.ndarray) -> np.dtype:
    """torch computes little with unsigned integers."""
    return np.dtype(np.int32) if array.dtype.kind == "u" else array.dtype


def nnunet(array: np.ndarray, case: Case) -> np.ndarray:
    from nnunetv2.preprocessing.normalization import default_normalization_schemes as schemes
    from nnunetv2.preprocessing.resampling import default_resampling

    plans = json.loads(case["text"])
    configuration = plans["configurations"]["3d_fullres"]
    scheme = getattr(schemes, configuration["normalization_schemes"][0])
    properties = plans.get("foreground_intensity_properties_per_channel", {"0": {}})["0"]
    channels = array if "C" in case["axes"] else array[np.newaxis]
    normalise = scheme(use_mask_for_norm=configuration["use_mask_for_norm"][0], intensityproperties=properties)
    data = np.stack([normalise.run(channel.astype(np.float32), None) for channel in channels])
    if "spacing" in configuration:
        old, new = case["spacing"], configuration["spacing"]
        shape = default_resampling.compute_new_shape(data.shape[1:], old, new)
        resample = getattr(default_resampling, configuration["resampling_fn_data"])
        data = np.asarray(resample(data, shape, old, new, **configuration["resampling_fn_data_kwargs"]))
    return data


def bioimageio(array: np.ndarray, case: Case) -> np.ndarray:
    import yaml
    from bioimageio.core import Sample, Tensor
    from bioimageio.core.proc_ops import get_proc
    from bioimageio.core.stat_calculators import compute_measures
    from bioimageio.spec.model import v0_5
    from pydantic import TypeAdapter

    axes = ("channel", *case["axes"].replace("C", "").lower())
    entries = yaml.safe_load(case["text"])["preprocessing"]
    for entry in entries:
        if "axes" in entry.get("kwargs", {}):
            entry["kwargs"]["axes"] = [axis for axis in entry["kwargs"]["axes"] if axis in axes]
    described = [TypeAdapter(v0_5.PreprocessingDescr).validate_python(entry) for entry in entries]
    image = array if "C" in case["axes"] else array[np.newaxis]
    sample = Sample(members={"input": Tensor.from_numpy(image, dims=axes)}, stat={}, id="case")
    tensor = v0_5.InputTensorDescr.model_construct(id="input")
    for entry in described:
        operation = get_proc(entry, tensor)
        sample.stat.update(compute_measures(set(operation.required_measures), [sample]))
        operation(sample)
        sample.stat.clear()
    return sample.members["input"].to_numpy()


RUNS: Mapping[str, Callable[[np.ndarray, Case], np.ndarray]] = {
    "python": python,
    "monai": monai,
    "torchio": torchio,
    "nnunet": nnunet,
    "bioimageio": bioimageio,
}


def main(folder: str, *targets: str) -> None:
    for file in sorted(Path(folder).glob("*.json")):
        case = json.loads(file.read_text("utf-8"))
        if targets and case["target"] not in targets:
            continue
        result = RUNS[case["target"]](np.load(file.with_suffix(".npy")), case)
        np.save(file.with_suffix(".result.npy"), np.asarray(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
