"""What has already been done to these pixels, and what follows from it.  `RULES` is the one table."""

from dataclasses import replace

from prep_core.findings.at_inspection import THOROUGH
from prep_core.findings.at_load import QUICK
from prep_core.findings.rule import Evidence, Rule
from prep_core.findings.seen import Seen
from prep_core.scan import Finding, Scan

__all__ = ["QUICK", "RULES", "THOROUGH", "Evidence", "Rule", "Seen", "all_findings", "quick", "renewed", "thorough"]

RULES = QUICK + THOROUGH
"""Every rule, in the order in which findings are shown within their level."""


def quick(scan: Scan | Seen) -> tuple[Finding, ...]:
    """What the quick rules notice about `scan`, which has at least one valid voxel, or about its figures."""
    return _apply(QUICK, scan if isinstance(scan, Seen) else Seen(scan))


def thorough(scan: Scan) -> tuple[Finding, ...]:
    """What the thorough rules notice about `scan`, which has at least one valid voxel."""
    return _apply(THOROUGH, Seen(scan))


def all_findings(scan: Scan | Seen) -> tuple[Finding, ...]:
    """The findings that `scan` came with, then all others; warnings first."""
    seen = scan if isinstance(scan, Seen) else Seen(scan)
    known = {finding.name for finding in seen.scan.findings}
    more = tuple(f for f in _apply(RULES, seen) if f.name not in known)
    return tuple(sorted(seen.scan.findings + more, key=lambda finding: finding.level != "warning"))


def renewed(scan: Scan) -> Scan:
    """`scan` with its quick findings found anew, after somebody corrected its unit, modality or axes."""
    rules = {rule.name for rule in RULES}
    of_reader = tuple(finding for finding in scan.findings if finding.name not in rules)
    return replace(scan, findings=(*of_reader, *quick(scan)))


def _apply(rules: tuple[Rule, ...], seen: Seen) -> tuple[Finding, ...]:
    found = (rule.apply(seen) for rule in rules)
    return tuple(finding for finding in found if finding is not None)
