import numpy as np
import pytest

from prep_core.kernels.finite import all_finite
from prep_core.kernels.switch import FEWEST, Compiled, compiled

NAME = "finite.all_finite"


def test_plain_never_loads() -> None:
    loops = Compiled("plain")
    loops.begin()
    assert loops.get(NAME, 1 << 40) is None


def test_compiled_waits() -> None:
    loop = Compiled("compiled").get(NAME, 1)
    assert loop is not None
    assert loop(np.array([np.nan], np.float32)) is False


def test_auto_does_not_wait_and_has_them_in_the_end() -> None:
    loops = Compiled("auto")
    assert loops.get(NAME, FEWEST - 1) is None
    loops.begin()
    assert loops._ended.wait(120)
    assert loops.get(NAME, 1) is not None


def test_what_is_to_follow_follows_once() -> None:
    loops, calls = Compiled("auto"), []
    for _ in range(2):
        loops.begin(lambda: calls.append(loops))
    assert loops._ended.wait(120)
    assert calls == [loops]


def test_few_elements_load_nothing_until_they_are_many() -> None:
    loops = Compiled("auto")
    for _ in range(2):
        loops.get(NAME, FEWEST // 2 - 1)
        assert not loops._begun.locked()
    loops.get(NAME, FEWEST // 2)
    assert loops._begun.locked()


def test_a_loop_refuses_other_types_instead_of_compiling_again() -> None:
    loop = Compiled("compiled").get(NAME)
    assert loop is not None
    with pytest.raises(TypeError, match="No matching definition"):
        loop(np.ones(3))


def test_an_unknown_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREP_KERNELS", "fast")
    with pytest.raises(ValueError, match="PREP_KERNELS must be one of auto, plain, compiled, got 'fast'"):
        compiled.__wrapped__()


def test_a_kernel_keeps_its_name_and_words() -> None:
    assert all_finite.__name__ == "all_finite"
    assert "NaN" in (all_finite.__doc__ or "")
