"""Recipe files of strangers: by a grammar that Hypothesis steers, real ones damaged, and bombs."""

import random
import tracemalloc
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prep_core.line import RecipeError
from prep_core.recipe import Recipe
from tests.fuzz import recipes
from tests.fuzz.hostile_words import NUMBERS, WORDS
from tests.fuzz.recipe_bombs import bombs
from tests.fuzz.recipe_texts import any_text, damaged, real_recipes, structured
from tests.fuzz.recipes import comes_back, is_answer, judged, repeat

HEAD = "prep: 1\nsteps:\n"


@settings(max_examples=100)
@given(chance=st.randoms(use_true_random=False))
def test_a_text_by_the_grammar_is_a_recipe_or_a_sentence(chance: random.Random) -> None:
    text = structured(chance)
    assert not (seen := judged(text)).failed, (seen, text)


@settings(max_examples=60)
@given(chance=st.randoms(use_true_random=False))
def test_a_damaged_recipe_is_a_recipe_or_a_sentence(chance: random.Random) -> None:
    text = damaged(chance)
    assert not (seen := judged(text)).failed, (seen, text)


@pytest.mark.parametrize("word", [*NUMBERS, *WORDS])
def test_every_hostile_word_is_a_value_or_a_sentence_wherever_it_stands(word: str) -> None:
    places = ("prep: {}", "prep: 1\nsteps: {}", HEAD + "- {}", HEAD + "- {step: {}}", HEAD + "- {step: clip, low: {}}")
    places += (HEAD + "- {step: clip, {}: 1}", HEAD + "- {step: zscore, over: {}}", "prep: 1\nsteps: []\nname: {}")
    places += ("prep: 1\nsteps: []\ntrained_on: {scans: 1, digest: {}}", "{}: 1\nprep: 1\nsteps: []")
    failed = [seen for place in places if (seen := judged(place.replace("{}", word).encode())).failed]
    assert failed == []


def test_bombs_are_recipes_or_sentences() -> None:
    failed = [seen for n in (3, 13, 1100) for text in bombs(n) if (seen := judged(text)).failed]
    assert failed == []


@pytest.mark.parametrize("kind", range(len(bombs(1))))
def test_a_bomb_takes_little_memory(kind: int) -> None:
    large, huge = bombs(100)[kind], bombs(400)[kind]
    assert memory(huge) < 2 * memory(large) + 200 * len(huge) + 2**20


def memory(text: bytes) -> int:
    """Bytes at most that reading takes."""
    tracemalloc.start()
    judged(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_the_texts_come_to_both_ends() -> None:
    outcomes = Counter(repeat(str(number)).outcome for number in range(50))
    assert outcomes["read"] > 5
    assert outcomes["refused"] > 15
    assert [any_text(random.Random(n)) for n in range(9)] == [any_text(random.Random(n)) for n in range(9)]


def test_real_recipes_are_read_and_come_back() -> None:
    assert len(real_recipes()) > 10
    assert all(judged(text).outcome == "read" for text in real_recipes())
    assert all(comes_back(Recipe.from_yaml(text)) for text in real_recipes())


def test_the_judge_sees_what_must_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def raising(fault: Exception) -> str:
        def read(_: bytes) -> Recipe:
            raise fault

        monkeypatch.setattr(recipes, "from_file_bytes", read)
        return judged(b"x").outcome

    assert raising(RecipeError("line 1: clip is wrong")) == "refused"
    assert raising(RecipeError("two\nlines")) == raising(RecipeError("x" * 2000)) == "bad sentence"
    assert raising(RecipeError("\ud800")) == "bad sentence"
    assert raising(KeyError("x")) == "mistake of ours"
    monkeypatch.setattr(recipes, "from_file_bytes", lambda _: Recipe(name="other"))
    monkeypatch.setattr(recipes, "to_file_bytes", lambda recipe: b"")
    monkeypatch.setattr(recipes, "comes_back", lambda recipe: False)
    assert judged(b"x").outcome == "does not come back"
    monkeypatch.setattr(recipes, "comes_back", lambda recipe: True)
    monkeypatch.setattr(recipes, "LONGEST", -1.0)
    assert repeat("0").outcome == "slow"
    assert not is_answer("")
