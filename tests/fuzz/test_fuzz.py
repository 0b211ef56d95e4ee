"""A short run over damaged files, the same each time, and that the script would see a failure."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from prep_core.io import ReadError
from prep_core.io.guarded.reader import GuardedReader
from prep_core.io.reading import READERS, Reader
from tests.fuzz.mutations import SINGLE, WEIGHTS, Mutation, mended, mutated
from tests.fuzz.readers import FAILURES, LIMITS, SEEDS, damaged, is_sentence, kind_of, main, read, report, run, work
from tests.io.dicom.slices import CANARY

EACH = 4
DATA = bytes(range(256)) * 4


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    with GuardedReader(limits=replace(LIMITS, whole_bytes=1)) as reader:
        yield reader


@pytest.mark.parametrize("format", SEEDS)
def test_damaged_files_are_read_or_refused_in_a_sentence(reader: GuardedReader, format: str) -> None:
    source = SEEDS[format]()
    assert read(reader, source, f"seed.{format}").outcome == "scans"
    results = [read(reader, damaged(source, f"suite/{format}/{number}"), f"seed.{format}") for number in range(EACH)]
    assert [result for result in results if result.outcome in FAILURES] == []


@pytest.mark.parametrize("format", SEEDS)
def test_a_seed_is_the_same_each_time(format: str) -> None:
    assert SEEDS[format]() == SEEDS[format]()


@pytest.mark.parametrize("known", READERS, ids=lambda known: known.format)
def test_every_reader_has_a_seed(known: Reader) -> None:
    sources = (make() for make in SEEDS.values())
    assert any(known.begins(source[:1024]) for source in sources if isinstance(source, bytes))


@pytest.mark.parametrize("mutation", SINGLE)
def test_a_mutation_changes_something_that_depends_on_chance_only(mutation: Mutation) -> None:
    made = [mutation(random.Random(n), DATA) for n in range(60)]
    assert made == [mutation(random.Random(n), DATA) for n in range(60)]
    assert sum(one != DATA for one in made) > 50
    assert len(set(made)) > 40


def test_a_damaged_file_depends_on_its_key_only() -> None:
    made = [mutated(DATA, f"1/npy/{n}") for n in range(200)]
    assert made == [mutated(DATA, f"1/npy/{n}") for n in range(200)]
    assert len(set(made)) > 190


def test_every_mutation_has_a_weight() -> None:
    assert len(WEIGHTS) == len(SINGLE) + 1


def test_a_mended_png_has_right_checksums() -> None:
    whole = SEEDS["png"]()
    assert isinstance(whole, bytes)
    assert mended(whole[:20] + b"\xff" + whole[21:-4] + b"abcd")[-4:] == whole[-4:]
    assert mended(whole) == whole


def test_of_several_files_one_is_damaged() -> None:
    source = {"a": DATA, "b": DATA, "c": DATA}
    for number in range(9):
        changed = damaged(source, f"x/{number}")
        assert sum(changed[name] != DATA for name in "abc") <= 1
        assert set(changed) == set("abc")


@pytest.mark.parametrize(
    ("words", "good"),
    [
        ("a.nii is cut; get a fresh copy", True),
        ("a.nii has slope/intercept of 1 / 2, which is 50 m/s", True),
        ("a.nii is cut\nTry again", False),
        ("cannot open /home/jane/a.nii", False),
        ("cannot open 'C:\\scans\\a.nii'", False),
        ("error in prep/site-packages/numpy", False),
        (f"{CANARY} has no pixels", False),
        ("Traceback (most recent call last)", False),
        ("", False),
    ],
)
def test_what_counts_as_a_sentence(words: str, good: bool) -> None:
    assert is_sentence(words) is good
    assert kind_of(ReadError(words)) == ("refused" if good else "bad sentence")


def test_work_stops_at_the_count_and_can_be_repeated() -> None:
    assert list(work(("a", "b"), None, 3, 60)) == [("a", 0), ("b", 0), ("a", 1)]
    assert list(work(("a", "b"), 7, 0, 60)) == [("a", 7), ("b", 7)]
    assert list(work(("a", "b"), None, 0, -1)) == []


def test_the_script_says_what_it_saw(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--format", "npy", "--format", "bmp", "--count", "6"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["npy", "bmp", "6"]
    assert re.search(r"6 files in \d+ s, \d+ a second: scans \d, refused \d, slow 0, crash 0", lines[-1])
    found = run(iter([("npy", 0), ("npy", 1)]), "1")
    assert sum(found.values()) == 2
    assert list(report(found, 1.0))[-1].startswith("2 files in 1 s, 2 a second")
