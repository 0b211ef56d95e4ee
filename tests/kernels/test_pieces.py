import numpy as np
import pytest

from prep_core.kernels import pieces
from prep_core.kernels.pieces import counted, each_piece

LINE = np.arange(100)
LAYOUTS = (slice(None), slice(None, None, -1), slice(3, None, 4), slice(0))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_LONGEST", 9)
    monkeypatch.setattr(pieces, "_COPIED", 7)


@pytest.mark.parametrize("dtype", ["f4", ">f4", "f8", "i2"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_pieces_are_the_whole_in_order_and_as_loops_take_them(dtype: str, layout: slice) -> None:
    values = LINE.astype(dtype)[layout]
    found = each_piece(values, np.float32, lambda piece: piece)
    assert np.concatenate(found).tolist() == values.tolist()
    assert len(found) == max(1, -(-values.size // (9 if dtype == "f4" and layout.step is None else 7)))
    for piece in found:
        assert piece.dtype == np.float32
        assert piece.flags.c_contiguous
        assert piece.flags.aligned


def test_what_lies_right_is_not_copied() -> None:
    values = LINE.astype(np.float32)
    assert all(np.shares_memory(piece, values) for piece in each_piece(values, np.float32, lambda piece: piece))


def test_what_does_not_lie_aligned_is_copied() -> None:
    values = np.frombuffer(bytes(1) + LINE.astype(np.float32).tobytes(), np.float32, offset=1)
    assert np.concatenate(each_piece(values, np.float32, lambda piece: piece)).tolist() == LINE.tolist()


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_counts_of_pieces_are_added_up(layout: slice) -> None:
    values = LINE.astype(np.int16)[layout]
    found = counted(values, np.uint8, lambda piece: np.bincount(piece, minlength=100).astype(np.uint32))
    assert found.dtype == np.int64
    assert found.tolist() == np.bincount(values, minlength=100).tolist()


def test_what_float32_cannot_hold_is_infinite() -> None:
    assert each_piece(np.array([1e300, -1e39]), np.float32, np.ndarray.tolist) == [[np.inf, -np.inf]]
