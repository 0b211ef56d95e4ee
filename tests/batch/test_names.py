"""Names are given once, without case, and the guess before reading is what they become."""

from prep_core.batch.names import Names, expected_ends, stem_of


def test_each_name_is_given_once() -> None:
    names = Names()
    assert [names.give(n) for n in ("a", "A", "b", "a_2", "a", "A")] == ["a", "A_2", "b", "a_2_2", "a_3", "A_4"]


def test_ends_are_what_names_become() -> None:
    parts = ["x/scan.npy", "y/scan.nii.gz", "z/SCAN.tif", "scan_2.npy", "other"]
    assert [stem_of(part) for part in parts] == ["scan", "scan", "SCAN", "scan_2", "other"]
    assert expected_ends(parts) == ["", "_2", "_3", "_2", ""]


def test_many_scans_of_one_name_are_counted_on() -> None:
    asked: list[str] = []

    class Watched(set[str]):
        def __contains__(self, name: object) -> bool:
            asked.append(str(name))
            return super().__contains__(name)

    names = Names()
    names._given = Watched()
    assert [names.give("image") for _ in range(1000)][-1] == "image_1000"
    assert len(asked) == 1000
