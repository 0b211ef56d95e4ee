"""Scores are robust z scores, worked out by hand; a batch that is nearly alike has no outliers."""

import numpy as np
import pytest

from prep_core.batch.ranking import HIGHEST, Rank, ranked


def figures(median: float, p1: float = 0.0, p99: float = 10.0, mean: float = 5.0) -> dict[str, float]:
    return {"p1": p1, "median": median, "p99": p99, "mean": mean, "std": 3.0}


def test_a_score_by_hand() -> None:
    """Medians 3 4 5 6 7 and 25: the middle is 5.5, deviations 2.5 1.5 0.5 0.5 1.5 19.5, their median 1.5."""
    ranking = ranked([figures(m) for m in (3, 4, 5, 6, 7, 25)])
    sd = 1.4826 * 1.5
    assert [rank.score for rank in ranking.ranks] == [round(abs(m - 5.5) / sd, 3) for m in (3, 4, 5, 6, 7, 25)]
    assert [bool(rank.reason) for rank in ranking.ranks] == [False] * 5 + [True]
    assert ranking.ranks[-1].reason == "median 25 lies 8.8 robust SD above that of the batch, 5.5"
    assert ranking.outliers == 1


def test_the_farthest_figure_is_the_score() -> None:
    scans = [figures(5 + d, -1 + d, 10 + d) for d in (-1, -0.5, 0, 0.5, 1)] + [figures(5, -1, -80)]
    reason = ranked(scans).ranks[-1].reason
    assert reason.startswith("p99 -80 lies ")
    assert " below that of the batch" in reason


def test_a_result_that_is_cut_off_stands_out_by_its_mean() -> None:
    """Half is background and the top is clipped: no percentile moves when the scan is far too bright."""
    scans = [figures(0, 0, 1, mean) for mean in (0.15, 0.16, 0.17, 0.18, 0.32)]
    assert [bool(rank.reason) for rank in ranked(scans).ranks] == [False] * 4 + [True]
    assert ranked(scans).ranks[-1].reason.startswith("mean 0.32 lies ")


def test_scans_that_are_nearly_alike_have_no_outliers() -> None:
    """All but one have the same median; one differs by 1 % of the usual range."""
    assert ranked([figures(5)] * 20 + [figures(5.1)]).outliers == 0
    assert ranked([figures(5)] * 20 + [figures(6)]).outliers == 1


def test_a_constant_batch_has_finite_scores() -> None:
    ranking = ranked([figures(0, 0, 0)] * 9 + [figures(5, 0, 9)])
    assert [rank.score for rank in ranking.ranks] == [0.0] * 9 + [HIGHEST]
    assert ranking.outliers == 1


def test_failures_and_small_batches_have_no_score() -> None:
    assert ranked([{}, figures(1), figures(2), figures(900)]).ranks == (Rank(),) * 4
    assert [rank.score is None for rank in ranked([figures(1), {}, *[figures(2)] * 3]).ranks] == [False, True] + [
        False
    ] * 3
    assert ranked([]).ranks == ()
    assert (ranked([{}]).low, ranked([{}]).high) == (0.0, 1.0)


def test_the_range_of_all_pictures_is_that_of_most_scans() -> None:
    p1, p99 = np.arange(11.0), np.arange(100.0, 111.0)
    ranking = ranked([figures(50, low, high) for low, high in zip(p1, p99, strict=True)])
    assert (ranking.low, ranking.high) == pytest.approx((np.percentile(p1, 10), np.percentile(p99, 90)))
