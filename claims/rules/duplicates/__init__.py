"""Whether two claims may be of one person: normal forms, keys under which to look, and a score that explains itself.

Nothing here decides: a score says which pairs a person looks at (Article 22 GDPR), and why.
"""

from claims.rules.duplicates.folding import Folded, Record, fold_record
from claims.rules.duplicates.keys import KINDS, list_keys
from claims.rules.duplicates.scoring import Reason, compare, is_hopeless, score_pair
from claims.rules.duplicates.weights import THRESHOLD, VERSION, WEIGHTS

__all__ = [
    "KINDS",
    "THRESHOLD",
    "VERSION",
    "WEIGHTS",
    "Folded",
    "Reason",
    "Record",
    "compare",
    "fold_record",
    "is_hopeless",
    "list_keys",
    "score_pair",
]
