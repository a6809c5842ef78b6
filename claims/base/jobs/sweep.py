"""What comes round every few seconds: wake workers for chunks that nobody works on."""

from datetime import timedelta

from claims.base.jobs.chunks import list_free_chunks
from claims.base.jobs.signs import claim_turn
from claims.base.jobs.start import WIDTH, nudge

EVERY = timedelta(seconds=4)  # so that calls do not pile up behind a long job


def sweep_jobs() -> bool:
    """Wake workers where chunks are free; return whether that was so.

    Also while others are at work: theirs may be a long chunk, and the call for these may have been lost.
    """
    free = list_free_chunks()[:WIDTH].count()
    if not free or not claim_turn("sweep", every=EVERY):
        return False
    nudge(free)
    return True
