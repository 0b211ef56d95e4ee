"""What stands in for padding."""

import numpy as np

from prep_core.ops.filling import around_padding, filled

NAN = np.float32(np.nan)


def test_the_nearest_valid_value_stands_in() -> None:
    image = np.array([[1, NAN, -9, -9, 2]], np.float32)
    valid = np.array([[True, True, False, False, True]])
    assert filled(image, valid).tolist() == [[1, 1, 1, 2, 2]]


def test_nothing_is_copied_where_nothing_is_to_fill() -> None:
    image = np.ones((3, 4), np.float32)
    assert filled(image, np.ones((3, 4), bool)) is image


def test_zeros_stand_in_where_nothing_is_valid() -> None:
    assert filled(np.full((2, 2), NAN), np.ones((2, 2), bool)).tolist() == [[0, 0], [0, 0]]


def test_padding_is_seen_by_no_filter_and_keeps_its_value() -> None:
    image = np.array([[1, 5, -9]], np.float32)
    seen = []

    def doubled(complete: np.ndarray) -> np.ndarray:
        seen.append(complete.tolist())
        return 2 * complete

    assert around_padding(image, np.array([[True, True, False]]), doubled).tolist() == [[2, 10, -9]]
    assert seen == [[[1, 5, 5]]]
    assert around_padding(image, np.zeros((1, 3), bool), doubled) is image
    assert len(seen) == 1
