"""Wake-up calls to workers, and no more: what is to be done stands in rows, and a sweep finds what no call reached."""

import logging
import threading
from time import monotonic

from celery import current_app

AWAY = 5.0  # seconds in which a broker that did not answer is not asked again: nobody waits for a wake-up call
PATIENCE = 0.1  # seconds for the call of another thread: one that takes longer goes to a broker that is away
logger = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()
_away_until = 0.0


def call_worker(task: str, *, times: int = 1, in_seconds: float = 0) -> None:
    """Ask workers to run a task. A broker that is away costs next to nothing: the sweep asks again."""
    global _away_until  # of this process
    if monotonic() < _away_until or not _one_at_a_time.acquire(timeout=PATIENCE):
        return
    try:
        for _ in range(times):
            current_app.send_task(task, countdown=in_seconds or None)
    except Exception as error:  # kombu raises what its transport raises
        _away_until = monotonic() + AWAY
        logger.warning("the broker did not take a wake-up call: %s", type(error).__name__)
    finally:
        _one_at_a_time.release()
