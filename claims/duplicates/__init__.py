"""Claims that may be of one person: searched for by a job, looked at by people, merged, and taken apart again.

Nothing here decides: the search writes pairs with a score that explains itself, and a person says what they are.
"""

from claims.duplicates.erasing import forget_claims, list_same_people
from claims.duplicates.merging import choose_kept, find_kept, list_merges, merge_pair, unmerge_claim
from claims.duplicates.pairs import list_open_pairs, mark_not_same
from claims.duplicates.searching import find_active_search, start_search

__all__ = [
    "choose_kept",
    "find_active_search",
    "find_kept",
    "forget_claims",
    "list_merges",
    "list_open_pairs",
    "list_same_people",
    "mark_not_same",
    "merge_pair",
    "start_search",
    "unmerge_claim",
]
