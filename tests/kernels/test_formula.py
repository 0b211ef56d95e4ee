import numpy as np
import pytest

from prep_core.kernels import formula as module
from prep_core.kernels.formula import FINITE, NUMBERS, by_formula, carry_out, formula
from prep_core.kernels.mapped import mapped
from tests.kernels.odd_values import any_bits, same_bits
from tests.kernels.twins import twins

F = np.float32
KERNELS = (module.formula, module.formula_of_bytes, module.formula_of_codes)
BY_NUMPY = {
    "-": lambda x, a, b: x - a,
    "/": lambda x, a, b: x / a,
    "*": lambda x, a, b: x * a,
    "+": lambda x, a, b: x + a,
    "clip": np.clip,
    "round": lambda x, a, b: np.rint(x),
    "sqrt": lambda x, a, b: np.sqrt(x),
}
LONG = (("-", -0.7), ("/", 3.1), ("+", 0.5), ("clip", -0.0, 1.0), ("*", 254.9), ("round",), ("sqrt",))
"""Every operation, after one another."""


def by_numpy(image, operations):
    with np.errstate(all="ignore"):
        for name, *numbers in operations:
            image = BY_NUMPY[name](image, *(np.asarray([*numbers, 0, 0][:2], F)))
    return image


@pytest.mark.parametrize("size", [0, 1, 7, 4095, 4097, 40_001])
def test_both_forms_give_the_bits_of_numpy(size: int) -> None:
    values = any_bits(size)
    values.flags.writeable = False
    codes = np.frombuffer("".join(name[0] for name, *_ in LONG).encode(), np.uint8)
    numbers = np.zeros((len(LONG), NUMBERS), F)
    for row, (_, *own) in zip(numbers, LONG, strict=True):
        row[: len(own)] = own
    for end in range(1, len(LONG) + 1):
        for form in twins(formula):
            out = np.empty(size, F)
            form(values, out, codes[:end], numbers[:end])
            assert same_bits(out, by_numpy(values, LONG[:end]))


@pytest.mark.parametrize("low", [0.0, -0.0, -1.0])
@pytest.mark.parametrize("form", [0, 1])
def test_a_limit_keeps_nan_and_the_sign_of_zero(form: int, low: float) -> None:
    values, out = np.array([-0.0, 0.0, np.nan, -2.0, 2.0], F), np.empty(5, F)
    twins(formula)[form](values, out, np.frombuffer(b"c", np.uint8), np.array([[low, 1.0, *[0] * 8]], F))
    assert np.signbit(out[:2]).tolist() == [True, False]
    assert np.isnan(out[2])
    assert out[3:].tolist() == [low, 1.0]


@pytest.mark.parametrize("view", ["as it is", "Fortran", "reversed", "every other", "one voxel", "empty", "no axis"])
def test_any_strides_are_taken(view: str) -> None:
    image = any_bits(3 * 8 * 10).reshape(3, 8, 10)
    image = {
        "as it is": image,
        "Fortran": np.asfortranarray(image),
        "reversed": image[::-1, :, ::-1],
        "every other": image.transpose(2, 0, 1)[::2],
        "one voxel": image[:1, :1, :1],
        "empty": image[:, :0],
        "no axis": image[1, 2, 3],
    }[view]
    before = image.copy()
    assert same_bits(np.array(by_formula(image, *LONG)), np.array(by_numpy(image, LONG)))
    assert same_bits(np.array(image), before)


def test_the_axes_stay_in_their_order_in_memory() -> None:
    image = np.zeros((3, 8, 10), F)
    assert by_formula(image, ("+", 1)).flags.c_contiguous
    assert by_formula(np.asfortranarray(image), ("+", 1)).flags.f_contiguous
    assert by_formula(image.transpose(1, 0, 2), ("+", 1)).strides == image.transpose(1, 0, 2).strides


@pytest.mark.parametrize(
    "sizes", [(), (1, 1, 1), (3, 1, 1), (1, 8, 1), (1, 1, 10), (3, 8, 1), (3, 1, 10), (3, 8, 10), (10,)]
)
@pytest.mark.parametrize("order", ["C", "F"])
def test_parts_have_numbers_of_their_own(sizes: tuple[int, ...], order: str) -> None:
    image = np.asarray(any_bits(240).reshape(3, 8, 10), order=order)
    number = np.linspace(1, 2, int(np.prod(sizes)), dtype=F).reshape(sizes)
    with np.errstate(all="ignore"):
        wanted = np.clip((image - number) / F(0.3), -number, number)
    assert same_bits(by_formula(image, ("-", number), ("/", 0.3), ("clip", -number, number)), wanted)


@pytest.mark.parametrize("dtype", ["u1", "i2", "u2", "f2", ">f4", "f8", "?"])
def test_every_dtype_is_taken_as_float32(dtype: str) -> None:
    image = np.array([[0, 1, 1]]).astype(dtype)
    assert by_formula(image, ("*", 0.1), ("-", 3)).tolist() == (image.astype(F) * F(0.1) - F(3)).tolist()


def test_several_threads_give_the_same_bits() -> None:
    image = np.resize(any_bits(100_003), 1 << 21)
    assert same_bits(by_formula(image, *LONG), by_numpy(image, LONG))


def test_an_image_is_not_copied_because_its_axes_are_in_another_order() -> None:
    image, seen = np.zeros((3, 8, 10), F).transpose(2, 0, 1), []
    mapped(image, (), lambda values, out, numbers: seen.append((values, out)))
    assert all(np.shares_memory(values, image) for values, out in seen)


@pytest.mark.parametrize("dtype", ["f4", "i1", "u1", "i2", "u2"])
@pytest.mark.parametrize("size", [0, 1, 4097, 40_001])
def test_integers_are_taken_as_they_are(dtype: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    values = any_bits(size).view(np.uint8)[: size * np.dtype(dtype).itemsize].view(dtype)
    for form in (0, 1):
        for kernel in KERNELS:
            monkeypatch.setattr(module, kernel.__name__, twins(kernel)[form])
        out = np.empty(size, F)
        carry_out(LONG, values, out)
        assert same_bits(out, by_numpy(values.astype(F), LONG))


@pytest.mark.parametrize("form", [0, 1])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, None])
def test_it_says_whether_all_was_finite_where_that_is_asked(
    form: int, bad: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "formula", twins(formula)[form])
    values, out = np.linspace(-3e38, 3e38, 40_001, dtype=F), np.empty(40_001, F)
    values[-1] = values[-1] if bad is None else bad
    hidden = (FINITE, ("clip", -1, 1), ("*", 0), ("/", 0), ("*", 2), ("clip", 0, 1))
    assert carry_out(hidden, values, out) == (bad is None)
    assert not carry_out((*hidden, FINITE), values, out)
    assert carry_out(hidden[1:], values, out)
    assert carry_out((), np.full(3, np.inf, F), out[:3])
