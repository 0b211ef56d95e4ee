import re

import pytest

from prep_ui.text import count, number, plain, span


def test_words_from_files_lose_their_powers() -> None:
    assert plain("a_b *c*\n[x](y)") == r"a\_b \*c\* \[x\]\(y\)"
    assert plain("<img> $x$ `code` :red[y]") == r"\<img\> \$x\$ \`code\` \:red\[y\]"


@pytest.mark.parametrize("address", ["http://a.b", "HTTPS://a.b", "www.a.b", "a@b.c"])
def test_addresses_are_cut_where_nobody_sees_it(address: str) -> None:
    """As GitHub Flavored Markdown 6.9 finds them, after escapes were taken away."""
    found = re.compile(r"(?i)(https?://|www\.)\w|[\w.+-]+@[\w-]+\.\w")
    assert found.search(address)
    assert not found.search(plain(address).replace("\\", ""))
    assert plain(address).replace("\\", "").replace("\N{WORD JOINER}", "") == address


def test_signs_without_a_shape_are_shown_as_such() -> None:
    assert plain("a\x1b[31mb\u202ec\x00") == "a\ufffd\\[31mb\ufffdc\ufffd"


@pytest.mark.parametrize(
    ("value", "words"), [(812, "812"), (12_345, "12.3 k"), (2_360_000, "2.36 M"), (7_300_000_000, "7.3 G")]
)
def test_counts_have_a_word_for_their_size(value: int, words: str) -> None:
    assert count(value) == words


def test_numbers_and_ranges_read_well() -> None:
    assert number(-1024.0) == "−1024"
    assert number(1e-7) == "1e−07"
    assert number(-42.08591) == "−42.09"
    assert span(-1024, 3071, "HU") == "−1024 … 3071 HU"
