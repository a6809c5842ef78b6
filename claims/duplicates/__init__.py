"""Claims that may be of one person: searched for by a job, looked at by people, merged, and taken apart again.

Nothing here decides: the search writes pairs with a score that explains itself, and a person says what they are.
"""

from claims.duplicates.erasing import forget_claims, list_same_people
from claims.duplicates.giving_back import find_joining_day
from claims.duplicates.holding import hold_family, list_family
from claims.duplicates.leaving import holds_another, leave, tell_released
from claims.duplicates.merging import (
    choose_kept,
    describe_merges,
    find_kept,
    is_left_alone,
    lead_on,
    merge_pair,
    unmerge_claim,
)
from claims.duplicates.pairs import find_next_pair, list_open_pairs, mark_not_same, write_certain_pair
from claims.duplicates.searching import find_active_search, find_last_search, start_search

__all__ = [
    "choose_kept",
    "describe_merges",
    "find_active_search",
    "find_joining_day",
    "find_kept",
    "find_last_search",
    "find_next_pair",
    "forget_claims",
    "hold_family",
    "holds_another",
    "is_left_alone",
    "lead_on",
    "leave",
    "list_family",
    "list_open_pairs",
    "list_same_people",
    "mark_not_same",
    "merge_pair",
    "start_search",
    "tell_released",
    "unmerge_claim",
    "write_certain_pair",
]
