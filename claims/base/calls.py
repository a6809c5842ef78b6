"""Wake-up calls to workers, and no more: what is to be done stands in rows, and a sweep finds what no call reached."""

import logging

from celery import current_app

logger = logging.getLogger(__name__)


def call_worker(task: str, *, times: int = 1, in_seconds: float = 0) -> None:
    """Ask workers to run a task. A broker that is away costs nothing but time: the sweep asks again."""
    try:
        for _ in range(times):
            current_app.send_task(task, countdown=in_seconds or None)
    except Exception as error:  # kombu raises what its transport raises
        logger.warning("the broker did not take a wake-up call: %s", type(error).__name__)
