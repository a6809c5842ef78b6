"""Somebody of the office who opens pages, and how long each took: in the server, waited for, and in all.

*Server*: what PostgreSQL says itself of each statement of a page, summed: parsed, planned, run, written out
(`log_duration`, see `Book.time_statements`). *Waited for*: the same with driver, network, and rows made into values.
"""

import os
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from claims.models import Action, User
from tests.signing_in import sign_in

SAID = re.compile(r"duration: ([\d.]+) ms")


class Visitor:
    """Asks for pages and notes how long each took, and how long the database worked for it."""

    def __init__(self) -> None:
        self.action = Action.objects.get()
        self.client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
        sign_in(self.client, User.objects.get(email="bench@office.example"))
        self.said = 0.0
        connection.connection.add_notice_handler(self._hear)
        self.forget()

    def forget(self) -> None:
        """Begin anew: what was opened so far only warmed up."""
        self.times: list[tuple[float, float, str]] = []  # waited for the database, the whole page, its name
        self.work: list[float] = []
        self.served: list[float] = []
        self.asked: list[int] = []

    def _hear(self, said: Any) -> None:
        if found := SAID.match(said.message_primary or ""):
            self.said += float(found[1])

    def visit(self, path: str, query: Any = None) -> Any:
        """Open a page of the action."""
        return self.open(f"/workspace/{self.action.slug}/{path}", query)

    def open(self, address: str, query: Any = None) -> Any:
        """Open any page."""
        with self._watch(f"{address}?{query}"):
            answer = self.client.get(address, query or {})
        assert answer.status_code == 200, (address, query, answer.status_code, answer.headers.get("location"))
        return answer

    def search(self, text: str) -> str:
        """Type something into the search of the list; return the page or the address that it leads to."""
        address = f"/workspace/{self.action.slug}/claims/"
        with self._watch(f"search for {text}"):
            answer = self.client.post(address, {"q": text})
            assert answer.status_code == 302, answer.status_code
            led_to = answer.headers["location"]
            return self.client.get(led_to).content.decode() if led_to.startswith(f"{address}?") else led_to

    def _watch(self, name: str) -> "_Watch":
        return _Watch(self, name)

    def sum_up(self) -> dict:
        """Return the 95th percentiles and the worst."""
        worst = max(self.times)
        return {
            "server_p95": percentile(self.served), "waited_p95": percentile([row[0] for row in self.times]),
            "page_p95": percentile([row[1] for row in self.times]), "work_p95": percentile(self.work),
            "asked_p95": percentile(self.asked), "load": os.getloadavg()[0],
            "pages": len(self.times), "worst": worst[2], "worst_ms": worst[0],
        }  # fmt: skip

    def print_worst(self, number: int) -> None:
        """Print the pages for which the database worked longest."""
        for work, (spent, _page, name) in sorted(zip(self.work, self.times, strict=True), reverse=True)[:number]:
            print(f"{work:8.1f} ms at work, {spent:8.1f} ms waited for, {name}")


class _Watch:
    """Notes the time of one page, of its statements, and of the processor that worked for them."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        self.visitor, self.name, self.spent, self.asked = visitor, name, 0.0, 0

    def __enter__(self) -> None:
        self.wrapper = connection.execute_wrapper(self._time)
        self.wrapper.__enter__()
        self.said, self.worked, self.began = self.visitor.said, read_work(), time.perf_counter()

    def __exit__(self, *error: Any) -> None:
        page = time.perf_counter() - self.began
        self.wrapper.__exit__(*error)
        self.visitor.work.append(read_work() - self.worked)
        self.visitor.served.append(self.visitor.said - self.said)
        self.visitor.asked.append(self.asked)
        self.visitor.times.append((1000 * self.spent, 1000 * page, self.name))

    def _time(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began, self.asked = time.perf_counter(), self.asked + 1
        try:
            return execute(sql, params, many, context)
        finally:
            self.spent += time.perf_counter() - began


def read_work() -> float:
    """Return how long a processor has worked for our connection to the database, in ms: waiting for one is not in it."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """Return a percentile: the value that this share does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
