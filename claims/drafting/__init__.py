"""Criteria between two versions: a draft is typed, tried on the whole book, and published with a note.

Nothing here changes a version that exists: findings and decisions are pinned to theirs.
"""

from claims.drafting.comparing import Change, Comparison, compare_documents
from claims.drafting.drafts import discard_draft, find_draft, rebase_draft, save_draft, start_draft
from claims.drafting.publishing import describe_publishing, publish_draft
from claims.drafting.sources import Revision, read_source, write_source

__all__ = [
    "Change",
    "Comparison",
    "Revision",
    "compare_documents",
    "describe_publishing",
    "discard_draft",
    "find_draft",
    "publish_draft",
    "read_source",
    "rebase_draft",
    "save_draft",
    "start_draft",
    "write_source",
]
