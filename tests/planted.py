"""Texts that would come alive on a page, planted wherever a file has room for text."""

import io
import zipfile
from collections.abc import Mapping

import nibabel as nib
import numpy as np
import tifffile
from pydicom import Dataset

from tests.io.dicom.slices import as_bytes, dataset

CANARY = "CANARY"
HOST = "host.invalid"
PLANTS: Mapping[str, str] = {
    "html": f"<img src=//{HOST}/{CANARY}1.png onerror=alert(1)><b id=planted>{CANARY}</b>",
    "script": f"<script>document.title='{CANARY}'</script>",
    "picture": f"![{CANARY}](http://{HOST}/{CANARY}2.png)",
    "link": f"[{CANARY}](http://{HOST}/x) http://{HOST}/{CANARY}3 www.{HOST} a@{HOST}",
    "formula": f"$\\frac{{{CANARY}}}{{2}}$ $$x^2$$",
    "icon": f":material/home: :smile: :red[{CANARY}] :streamlit:",
    "style": f"**planted** {CANARY} _{CANARY}_ `{CANARY}` ~~{CANARY}~~ # {CANARY}",
}
UNSEEN: Mapping[str, str] = {
    "ansi": f"\x1b[31m{CANARY}\x1b]8;;http://{HOST}\x07",
    "direction": f"\u202e{CANARY}\u2066\u200f",
    "control": f"{CANARY}\x00\x07\x9b",
}
EVERY: Mapping[str, str] = {**PLANTS, **UNSEEN}


def together(texts: Mapping[str, str] = EVERY) -> str:
    return " ".join(texts.values())


def named(ending: str, texts: Mapping[str, str] = EVERY) -> str:
    """A name of a file, as a client that is no browser sends it."""
    return f"{together(texts)}{ending}"


def npy() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.random.default_rng(0).uniform(1, 900, (24, 24)).astype(np.float32))
    return stream.getvalue()


def npz() -> bytes:
    """Arrays to choose from, whose names are planted: the page asks which."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for text in PLANTS.values():
            archive.writestr(f"{text.replace('/', '_')}.npy", npy())
    return stream.getvalue()


def ome_tiff() -> bytes:
    """Channels, an image and a description with planted names."""
    stream, names = io.BytesIO(), [*EVERY.values()]
    pixels = np.random.default_rng(0).uniform(1, 900, (len(names), 24, 24)).astype(np.float32)
    words = {"axes": "CYX", "Name": together(PLANTS), "Channel": {"Name": [_xml(name) for name in names]}}
    tifffile.imwrite(stream, pixels, ome=True, photometric="minisblack", metadata=words)
    return stream.getvalue()


def dicom() -> Dataset:
    """Every tag that is free text, planted."""
    pixels = np.random.default_rng(0).integers(0, 900, (24, 24)).astype(np.int16)
    free = dict(
        zip(("SeriesDescription", "StudyDescription", "ProtocolName", "Manufacturer"), PLANTS.values(), strict=False)
    )
    free = {tag: text.replace("\\", "")[:64] for tag, text in free.items()}
    code = dict.fromkeys(("ConvolutionKernel", "SequenceName"), PLANTS["style"][:16])
    windows = {"WindowCenter": [40, 50, 60], "WindowWidth": [400, 300, 200]}
    named = {"WindowCenterWidthExplanation": [PLANTS[name][:64] for name in ("picture", "link", "icon")]}
    return dataset(pixels, Rows=24, Columns=24, RescaleType=PLANTS["script"][:16], **free, **code, **windows, **named)


def nifti() -> bytes:
    image = nib.Nifti1Image(np.random.default_rng(0).uniform(1, 900, (24, 24, 1)).astype(np.float32), np.eye(4))
    image.header["descrip"] = PLANTS["picture"].encode()[:79]
    image.header["intent_name"] = PLANTS["style"].encode()[:15]
    image.header["aux_file"] = PLANTS["html"].encode()[:23]
    return bytes(image.to_bytes())


def nrrd() -> bytes:
    text = " ".join(PLANTS["html"].split())
    lines = (
        "NRRD0005",
        f"# {text}",
        "type: float",
        "dimension: 2",
        "sizes: 24 24",
        "encoding: raw",
        "endian: little",
        f"content: {text}",
        f'units: "{PLANTS["script"]}" "mm"',
        f"key:={text}",
        f"{text}:=value",
    )
    values = np.random.default_rng(0).uniform(1, 900, (24, 24)).astype("<f4")
    return "\n".join(lines).encode() + b"\n\n" + values.tobytes()


def scans() -> Mapping[str, bytes]:
    """Scans that open without a question, one of each kind of file."""
    return {
        named(".npy"): npy(),
        named(".ome.tif", {"html": PLANTS["html"]}): ome_tiff(),
        named(".dcm", {"link": PLANTS["link"]}): as_bytes(dicom()),
        named(".nii", {"icon": PLANTS["icon"]}): nifti(),
        named(".nrrd", {"style": PLANTS["style"]}): nrrd(),
    }


def recipes() -> Mapping[str, bytes]:
    """Recipes with planted texts; only the first one is valid."""
    text = together(PLANTS).replace("'", "''")
    return {
        "valid.yaml": f"prep: 1\nname: '{text[:190]}'\nsteps:\n- {{step: clip, low: 0, high: 9}}\n".encode(),
        "key.yaml": f"prep: 1\n? '{text}'\n: 1\nsteps: []\n".encode(),
        "step.yaml": f"prep: 1\nsteps:\n- step: '{text}'\n".encode(),
        "value.yaml": f"prep: 1\nsteps:\n- {{step: clip, low: '{text}', high: 9}}\n".encode(),
        "modality.yaml": f"prep: 1\nmodality: '{text}'\nsteps: []\n".encode(),
        "version.yaml": f"prep: '{text}'\n".encode(),
        "control.yaml": f'prep: 1\nname: "\\e[31m{CANARY}\\u202e"\nsteps: []\n'.encode(),
    }


def _xml(text: str) -> str:
    """`text` without what XML cannot hold."""
    return "".join(sign for sign in text if sign >= " ")
