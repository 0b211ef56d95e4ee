"""A lock for lines that have just been fitted."""

from collections.abc import Sequence

from prep_core.line import Line
from prep_core.lock.answering import answer_of
from prep_core.lock.lock import Answer, Lock, Probe
from prep_core.lock.probe import probes
from prep_core.lock.sealing import seal
from prep_core.shift.pooling import population_of
from prep_core.shift.population import Population
from prep_core.shift.portrait import Kind, Portrait
from prep_core.versions import VERSION, library_versions


def lock_for(lines: Sequence[Line], portraits: Sequence[Portrait]) -> Lock:
    """The lock of fitted `lines`: the same bytes whatever the order of `portraits`, those of the training scans."""
    population = population_of(lines, portraits)
    probe, answer = _answered(lines, min(portrait.kind for portrait in portraits), population)
    versions = library_versions()
    known = {"python": versions.pop("python"), "prep_core": VERSION} | versions
    return Lock(seal(lines), known, probe, answer, population)


def _answered(lines: Sequence[Line], kind: Kind, population: Population) -> tuple[Probe, Answer]:
    """The first probe that `lines` have an answer for; the last with their complaint, if there is none."""
    for probe in probes(kind, population.values[0].curve, population.percents, lines):
        answer = answer_of(lines, probe)
        if not answer.complaint:
            break
    return probe, answer
