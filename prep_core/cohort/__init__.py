"""Who is in a training set: lists of scans with roles and folds, read and checked before a scan is opened."""

from prep_core.cohort.cohort import ENDINGS, Cohort, is_list, read_list
from prep_core.cohort.entry import Entry
from prep_core.cohort.folds import Fold, dealt, folds_csv, folds_of
from prep_core.cohort.named import named_scans, training_scans_among
from prep_core.cohort.words import Leak, ListError

__all__ = [
    "ENDINGS",
    "Cohort",
    "Entry",
    "Fold",
    "Leak",
    "ListError",
    "dealt",
    "folds_csv",
    "folds_of",
    "is_list",
    "named_scans",
    "read_list",
    "training_scans_among",
]
