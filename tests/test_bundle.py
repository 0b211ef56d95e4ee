"""Bundles: a recipe and its arrays in one file, the same bytes each time, and a sentence about every other file."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from prep_core.arrays import Array
from prep_core.bundle import from_bundle, from_file_bytes, refuse_name, to_bundle, to_file_bytes
from prep_core.line import Line, RecipeError
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from tests.strategies import unit_scan
from tests.suited import ready

FITTED = ready(Line("standardize_map"), unit_scan())
DATA = to_bundle(FITTED)
Members = dict[str, bytes]


def members(data: bytes = DATA) -> Members:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def an_array(files: Members) -> str:
    return next(name for name in files if name.startswith("arrays/"))


def test_a_bundle_comes_back_equal_and_gives_the_same_pixels() -> None:
    again = from_bundle(DATA)
    assert again == FITTED
    assert apply(again, unit_scan()).data.tobytes() == apply(FITTED, unit_scan()).data.tobytes()


def test_the_bytes_of_a_bundle_are_the_same_each_time() -> None:
    floors = (Line("standardize_map", {"std_floor": floor}) for floor in (1.0, 2.0, 3.0))
    data = to_bundle(fit(Recipe(tuple(floors)), [unit_scan(), unit_scan(seed=1)]))
    assert to_bundle(from_bundle(data)) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.infolist()) == 7
        assert [info.filename for info in archive.infolist()] == sorted(archive.namelist())
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_numpy_reads_the_arrays_in_a_bundle() -> None:
    mean = FITTED.lines[0].fitted.arrays["mean"]
    read = np.load(io.BytesIO(members()[f"arrays/{mean.sha256}.npy"]), allow_pickle=False)
    assert np.array_equal(read, mean.data, equal_nan=True)
    assert (read.dtype.str, read.shape) == ("<f4", (1, 3, 20, 24))


def test_a_bundle_that_was_packed_again_is_read() -> None:
    assert from_bundle(zipped(members(), zipfile.ZIP_DEFLATED)) == FITTED


def test_a_file_is_what_its_bytes_say() -> None:
    plain = Recipe((Line("clip"),))
    assert to_file_bytes(plain) == plain.to_yaml().encode()
    assert to_file_bytes(FITTED) == DATA
    assert from_file_bytes(to_file_bytes(plain)) == plain
    assert from_file_bytes(DATA) == FITTED
    with pytest.raises(RecipeError, match=r"the bundle holds no recipe\.yaml"):
        from_file_bytes(zipped({}))


@given(values=hnp.arrays(np.float32, hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4)))
def test_an_array_comes_back_from_its_file(values: np.ndarray) -> None:
    array = Array(values)
    again = Array.from_npy(array.npy)
    assert again == array
    assert again.data.tobytes() == values.tobytes()
    assert np.load(io.BytesIO(array.npy)).shape == values.shape


def npy(array: np.ndarray, version: tuple[int, int] = (1, 0), **words: bool) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version, **words)
    return file.getvalue()


EYE = np.eye(4, 3, dtype=np.float32)
WRONG_FILES: Mapping[str, bytes] = {
    "empty": b"",
    "cut head": npy(EYE)[:9],
    "no magic": b"x" + npy(EYE)[1:],
    "float64": npy(EYE.astype("<f8")),
    "big-endian": npy(EYE.astype(">f4")),
    "Fortran order": npy(np.asfortranarray(EYE)),
    "version 2": npy(EYE, (2, 0)),
    "pickle": npy(np.array([{}], dtype=object), allow_pickle=True),
    "another padding": npy(EYE).replace(b"}  ", b"} \t"),
    "code for a shape": npy(EYE).replace(b"(4, 3)", b"(4*3,)"),
    "nine axes": npy(EYE.reshape((1,) * 7 + (4, 3))),
    "truncated": npy(EYE)[:-1],
    "too long": npy(EYE) + b"\0",
    "shape beyond the bytes": npy(EYE).replace(b"(4, 3)", b"(9, 9)"),
}


@pytest.mark.parametrize("file", WRONG_FILES.values(), ids=WRONG_FILES)
def test_an_array_that_is_not_as_fit_writes_it_is_refused(file: bytes) -> None:
    with pytest.raises(ValueError, match=r"is no little-endian float32 array|bytes of values"):
        Array.from_npy(file)


def other_file(files: Members) -> Members:
    return files | {"../evil.yaml": b""}


def folder(files: Members) -> Members:
    return {"arrays/": b"", **files}


def no_recipe(files: Members) -> Members:
    return {name: data for name, data in files.items() if name != "recipe.yaml"}


def one_array_missing(files: Members) -> Members:
    return {name: data for name, data in files.items() if name != an_array(files)}


def array_too_many(files: Members) -> Members:
    extra = Array.of(np.zeros((2, 2)))
    return files | {f"arrays/{extra.sha256}.npy": extra.npy}


def changed_array(files: Members) -> Members:
    name = an_array(files)
    return files | {name: files[name][:-1] + b"\x7f"}


def array_of_another_type(files: Members) -> Members:
    return files | {f"arrays/{_sha256(WRONG_FILES['float64'])}.npy": WRONG_FILES["float64"]}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def long_recipe(files: Members) -> Members:
    return files | {"recipe.yaml": b" " * 2_100_000}


def wrong_recipe(files: Members) -> Members:
    return files | {"recipe.yaml": b"prep: 1\nsteps:\n- {step: frob}\n"}


def many_arrays(files: Members) -> Members:
    return files | {f"arrays/{i:064x}.npy": b"" for i in range(300)}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (other_file, "holds '../evil.yaml'; a bundle holds recipe.yaml and arrays/SHA256.npy, nothing else"),
        (folder, "holds 'arrays/'; a bundle holds"),
        (no_recipe, "the bundle holds no recipe.yaml"),
        (one_array_missing, "line 1: standardize_map fitted .* is an array that lies beside the YAML"),
        (array_too_many, "holds arrays/.*.npy, which no line of the recipe names; remove it"),
        (changed_array, "has other bytes than its name says; copy the bundle again"),
        (array_of_another_type, "in the bundle is no little-endian float32 array in C order"),
        (long_recipe, "a recipe may have 2097152 bytes, recipe.yaml in the bundle has 2100000"),
        (wrong_recipe, "line 1: unknown step 'frob'"),
        (many_arrays, "a bundle may hold 200 arrays, this has 302"),
    ],
)
def test_what_is_no_bundle_is_refused_in_a_sentence(change: Callable[[Members], Members], complaint: str) -> None:
    with pytest.raises(RecipeError, match=complaint):
        from_bundle(zipped(change(members())))


def test_a_member_that_is_there_twice_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("recipe.yaml", "prep: 1\nsteps: []\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("recipe.yaml", "prep: 1\nsteps: []\n")
    with pytest.raises(RecipeError, match=r"holds recipe\.yaml twice"):
        from_bundle(file.getvalue())


def test_an_encrypted_or_oddly_packed_member_is_refused() -> None:
    place = DATA.rindex(b"PK\x01\x02")
    encrypted = DATA[: place + 8] + b"\x01" + DATA[place + 9 :]
    for data in (encrypted, zipped(members(), zipfile.ZIP_LZMA)):
        with pytest.raises(RecipeError, match="encrypted or packed in an unusual way; zip it plainly"):
            from_bundle(data)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    zeros = {**members(), f"arrays/{0:064x}.npy": bytes(2**26)}
    with pytest.raises(RecipeError, match="more than 50 times as many"):
        from_bundle(zipped(zeros, zipfile.ZIP_DEFLATED))
    with pytest.raises(RecipeError, match=r"a bundle may hold 9999 bytes, this has \d{5};"):
        from_file_bytes(DATA, most=9999)
    size = DATA.rindex(b"PK\x01\x02") + 24  # where the directory says how large the last member is
    with pytest.raises(RecipeError, match=r"a recipe may have 2097152 bytes, .* has 4294967040"):
        from_bundle(DATA[:size] + b"\x00\xff\xff\xff" + DATA[size + 4 :])
    size = DATA.index(b"PK\x01\x02") + 24
    with pytest.raises(RecipeError, match="a bundle may hold 2147483648 bytes, this has 4294"):
        from_bundle(DATA[:size] + b"\x00\xff\xff\xff" + DATA[size + 4 :])


def test_a_member_that_lies_outside_the_file_is_refused() -> None:
    end = DATA.rindex(b"PK\x05\x06") + 16  # where the directory begins
    with pytest.raises(RecipeError, match=r"the bundle is damaged \(.* lies outside the file\); copy it again"):
        from_bundle(DATA[:end] + b"\xff\xff" + DATA[end + 2 :])


@given(data=st.data())
def test_any_damage_is_a_complaint_or_no_damage(data: st.DataObject) -> None:
    damaged = bytearray(DATA)
    heads = [i for i in range(len(DATA)) if DATA[i : i + 2] == b"PK"]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.sampled_from(heads))
        damaged[min(start + data.draw(st.integers(0, 60)), len(DATA) - 1)] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 200)) * data.draw(st.booleans())
    try:
        assert from_bundle(bytes(damaged[: len(damaged) - cut])) == FITTED
    except RecipeError as error:
        assert str(error)


@pytest.mark.parametrize("line", [Line("standardize_map"), Line("nyul"), Line("flat_field")])
def test_a_name_of_yaml_is_refused_before_arrays_are_measured(line: Line) -> None:
    recipe = Recipe((Line("clip"), line))
    for name in ("out/r.yaml", "r.YML"):
        with pytest.raises(RecipeError, match=rf"line 2: {line.step} is measured as arrays.* name the output .*r\.zip"):
            refuse_name(name, recipe)
    refuse_name("r.zip", recipe)
    refuse_name("r.yaml", Recipe((Line("zscore", over="dataset"), Line("zscore"))))


def test_the_digest_sees_the_arrays() -> None:
    other = fit(Recipe((Line("standardize_map"),)), [unit_scan(), unit_scan(seed=1)])
    assert {FITTED.digest, other.digest, from_bundle(DATA).digest} == {FITTED.digest, other.digest}
    assert FITTED.digest != other.digest
