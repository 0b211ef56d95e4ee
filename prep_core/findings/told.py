"""Rules about what the header tells: loss, and what could name a person."""

from prep_core.findings.rule import Evidence
from prep_core.findings.seen import Seen

LOSSY_SYNTAXES = ("JPEG Baseline", "JPEG Extended", "JPEG-LS Lossy", "MPEG", "HEVC")
"""How the names of DICOM transfer syntaxes that always lose begin (PS3.6 A)."""

LOSSY_TIFF = ("JPEG", "OJPEG", "JPEG_LOSSY", "ALT_JPEG")

WITH_TEXT = ("US", "XA")
"""Modalities in which text in the pixels is common."""

HEADS = ("HEAD", "BRAIN", "SKULL", "FACE", "ORBIT", "SINUS", "JAW", "NOSE", "EYE", "MANDIBLE", "MAXILLA")
"""How the names of parts of the body with a face begin (PS3.16 Annex L)."""


def lossy(seen: Seen) -> Evidence | None:
    """The pixels were compressed with loss."""
    source = seen.scan.source
    facts = {name: str(source.facts.get(name, "")) for name in ("lossy", "transfer_syntax", "compression")}
    if source.format == "JPEG":
        return Evidence("The picture is a JPEG, which is lossy.")
    if source.format == "DICOM" and facts["lossy"] in ("01", "1"):
        return Evidence("The header says that the pixels were compressed with loss (0028,2110).")
    if facts["transfer_syntax"].startswith(LOSSY_SYNTAXES):
        return Evidence(f"The transfer syntax {facts['transfer_syntax']} is lossy.")
    if facts["lossy"] in ("01", "1") or facts["compression"] in LOSSY_TIFF:
        return Evidence(f"The pixels are compressed with loss ({facts['compression'] or 'unnamed'}).")
    return None


def burned_in(seen: Seen) -> Evidence | None:
    """The header says that text is part of the picture."""
    if seen.scan.source.facts.get("burned_in") != "YES":
        return None
    return Evidence(
        "The header says that annotations are burned into the pixels (0028,0301); they may identify a person."
    )


def perhaps_burned_in(seen: Seen) -> Evidence | None:
    """A kind of picture that often has text in it, of which the header does not say whether it has."""
    source, modality = seen.scan.source, seen.scan.modality
    captured = "Secondary Capture" in str(source.facts.get("sop_class", ""))
    if source.format != "DICOM" or "burned_in" in source.facts or not (captured or modality in WITH_TEXT):
        return None
    kind = "Secondary captures" if captured else f"{modality} pictures"
    return Evidence(f"{kind} often show text, and the header does not say whether this does (0028,0301).")


def identity_kept(seen: Seen) -> Evidence | None:
    """A DICOM file that does not say that names and numbers were removed from it."""
    source = seen.scan.source
    if source.format != "DICOM" or source.facts.get("identity_removed") == "YES":
        return None
    return Evidence("The header does not say that the identity of the patient was removed (0012,0062).")


def faces(seen: Seen) -> Evidence | None:
    """A volume of a head, from which a face can be rebuilt."""
    scan = seen.scan
    part = str(scan.source.facts.get("body_part", "")).upper()
    if scan.modality not in ("CT", "MR", "PT") or scan.size("Z") < 2 or not part.startswith(HEADS):
        return None
    return Evidence(f"A {scan.modality} volume of {part[:16].lower()}: a face can be rebuilt from its surface.")
