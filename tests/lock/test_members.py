"""Which scans a recipe was fitted on, and what a sidecar says about that."""

import hashlib
import json
from dataclasses import replace

import pytest

from prep_core.batch import process
from prep_core.line import RecipeError
from prep_core.recipe import Recipe
from prep_core.run import fit
from tests.shift.scans import CT, changed, chest, with_bytes

SCANS = [chest(seed) for seed in range(3)]
FITTED = fit(CT, SCANS)


def told(recipe: Recipe, seed: int) -> dict:
    record = process(recipe, chest(seed), "npy").record
    return {"warnings": record["warnings"], **record["training"]}


def test_members_are_the_first_digits_of_each_hash_sorted_and_unique() -> None:
    twice = fit(CT, [SCANS[1], SCANS[0], replace(SCANS[1], name="part 2")]).trained_on
    hashes = sorted(scan.source.sha256 for scan in (SCANS[0], SCANS[1], SCANS[1]))
    assert twice == {
        "scans": 3,
        "digest": "sha256:" + hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
        "members": ["00000000" * 2, "00000001" * 2],
    }


def test_a_sidecar_says_whether_the_scan_was_a_training_scan() -> None:
    inside, outside = told(FITTED, 1), told(FITTED, 4)
    assert (inside["member"], outside["member"]) == (True, False)
    assert inside["warnings"] == outside["warnings"] == []
    shifts = outside["shifts"]
    assert [(shift["line"], shift["what"]) for shift in shifts[:3]] == [(i, "distance") for i in (0, 2, 3)]
    assert all(shift["found"] <= shift["limit"] for shift in shifts)


def test_a_sidecar_of_a_recipe_from_before_says_nothing() -> None:
    before = replace(FITTED, lock=None, trained_on={k: v for k, v in FITTED.trained_on.items() if k != "members"})
    assert Recipe.from_yaml(before.to_yaml()) == before
    assert told(before, 1) == {"member": None, "shifts": [], "warnings": []}


def test_a_scan_without_bytes_is_neither() -> None:
    scan = replace(with_bytes(chest(1), 0), source=replace(chest(1).source, sha256=""))
    assert process(FITTED, scan, "npy").record["training"]["member"] is None
    assert fit(CT, [scan]).trained_on["members"] == []


def test_a_sidecar_warns_of_a_shift_and_stays_json() -> None:
    moved = changed(chest(4), lambda data: data + 1024)
    result = process(FITTED, moved, "npy")
    assert len(result.record["warnings"]) == 3
    assert result.record["warnings"][0].startswith("the scan has values that lie 0.978 training spreads")
    assert [words.split(" counts")[0] for words in result.record["warnings"][1:]] == [
        "line 1: clip",
        "line 2: percentile_clip",
    ]
    assert json.loads(result.sidecar)["warnings"] == result.record["warnings"]


def test_a_recipe_that_was_edited_after_the_fit_goes_on_and_warns() -> None:
    text = FITTED.to_yaml()
    assert text.count("numbers: {mean: -") == 1
    edited = Recipe.from_yaml(text.replace("numbers: {mean: -", "numbers: {mean: -1"))
    assert told(edited, 1)["warnings"] == [
        "the recipe is not the one that was fitted: line 3: the fitted numbers of zscore were edited by hand; "
        "fit it again"
    ]


@pytest.mark.parametrize("members", ["abc", "[1]", "[xyz]", "['00000000000000000']"])
def test_members_that_fit_did_not_write_are_refused(members: str) -> None:
    with pytest.raises(RecipeError, match="trained_on members must be a list of 16 hex digits each"):
        Recipe.from_yaml(f"prep: 1\nsteps: []\ntrained_on: {{scans: 1, digest: x, members: {members}}}\n")


def test_a_recipe_of_5000_scans_opens() -> None:
    members = [hashlib.sha256(str(i).encode()).hexdigest()[:16] for i in range(5000)]
    large = replace(FITTED, trained_on={**FITTED.trained_on, "scans": 5000, "members": sorted(members)})
    assert Recipe.from_yaml(large.to_yaml()) == large
