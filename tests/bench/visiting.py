"""Somebody of the office who opens pages, and how long each took, in the database and in all."""

import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from claims.models import Action, User
from tests.signing_in import sign_in


class Visitor:
    """Asks for pages and notes how long each took, and how long the database worked for it."""

    def __init__(self) -> None:
        self.action = Action.objects.get()
        self.client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
        sign_in(self.client, User.objects.get(email="bench@office.example"))
        self.forget()

    def forget(self) -> None:
        """Begin anew: what was opened so far only warmed up."""
        self.times: list[tuple[float, float, str]] = []
        self.work: list[float] = []

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
            "database_p95": percentile([row[0] for row in self.times]), "page_p95": percentile([row[1] for row in self.times]),
            "work_p95": percentile(self.work), "load": os.getloadavg()[0],
            "pages": len(self.times), "worst": worst[2], "worst_ms": worst[0],
        }  # fmt: skip

    def print_worst(self, number: int) -> None:
        """Print the pages for which the database worked longest."""
        for work, (spent, _page, name) in sorted(zip(self.work, self.times, strict=True), reverse=True)[:number]:
            print(f"{work:8.1f} ms at work, {spent:8.1f} ms waited for, {name}")


class _Watch:
    """Notes the time of one page, of its statements, and of the processor that worked for them."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        self.visitor, self.name, self.spent = visitor, name, 0.0

    def __enter__(self) -> None:
        self.wrapper = connection.execute_wrapper(self._time)
        self.wrapper.__enter__()
        self.worked, self.began = read_work(), time.perf_counter()

    def __exit__(self, *error: Any) -> None:
        page = time.perf_counter() - self.began
        self.wrapper.__exit__(*error)
        self.visitor.work.append(read_work() - self.worked)
        self.visitor.times.append((1000 * self.spent, 1000 * page, self.name))

    def _time(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.spent += time.perf_counter() - began


def read_work() -> float:
    """Return how long a processor has worked for our connection to the database, in ms: waiting for one is not in it."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def percentile(values: list[float], share: float = 0.95) -> float:
    """Return a percentile: the value that this share does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
