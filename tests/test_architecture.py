"""The layout is a promise: who may import whom, what is pure, and where rows come from."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import PROTECT, ForeignKey, ManyToManyField

from claims.models import Claim

ROOT = Path(__file__).parent.parent
LEFT_OF = {"claims": set(), "redress": {"claims"}, "documents": {"claims", "redress"}}
LAYERS = {
    "rules": 0,
    "models": 1,
    "forms": 3,
    "tasks": 3,
    "views": 4,
    "api": 4,
    "admin": 4,
    "management": 4,
    "templatetags": 4,
    "urls": 5,
}
PURE = {"numpy", "scipy", "rapidfuzz", "stdnum"}  # the named libraries that rules may use
# What rules may use of the standard library: values, arithmetic, texts; nothing that reaches the machine, a clock or luck.
STANDARD = {
    "abc", "base64", "bisect", "calendar", "collections", "copy", "csv", "dataclasses", "datetime", "decimal", "enum",
    "fractions", "functools", "hashlib", "heapq", "html", "io", "ipaddress", "itertools", "json", "math", "operator", "re", "statistics",
    "string", "struct", "textwrap", "types", "typing", "unicodedata", "zoneinfo",
}  # fmt: skip
CLOCK = {"now", "today", "utcnow", "localtime", "gmtime", "monotonic", "perf_counter"}
MACHINE = {"open", "print", "input", "eval", "exec", "__import__", "breakpoint", "read_text", "write_text", "open_code"}
QUERIES = {
    "aggregate", "all", "annotate", "bulk_create", "bulk_update", "count", "create", "delete", "exclude", "exists",
    "filter", "first", "get", "get_or_create", "in_bulk", "iterator", "last", "latest", "none", "only", "order_by",
    "prefetch_related", "select_related", "update", "update_or_create", "using", "values", "values_list",
}  # fmt: skip


def list_modules():
    return [file for app in LEFT_OF for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts]


def list_rules():
    return [file for file in list_modules() if "rules" in file.relative_to(ROOT).parts]


def list_imports(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write imports in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def list_names(source):
    """Every name and attribute that a source mentions, called or passed on."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.Attribute):
            yield node.id if isinstance(node, ast.Name) else node.attr


def find_impurities(source, app):
    """What rules of an app must not have: imports past the allow-list, clocks, files and screens."""
    rules = tuple(f"{name}.rules." for name in (app, *LEFT_OF[app]))
    imports = (name for name in list_imports(source) if not name.startswith(rules))
    foreign = [name for name in imports if name.split(".")[0] not in STANDARD | PURE]
    return foreign + sorted(set(list_names(source)) & (CLOCK | MACHINE))


def find_queries(source):
    """Ways to rows that do not lead through access.py: a manager of a model, or of a row (`action.claims.filter`)."""
    managers = {relation.get_accessor_name() for model in apps.get_models() for relation in model._meta.related_objects}
    for node in ast.walk(ast.parse(source)):
        if (isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}) or (
            isinstance(node, ast.Attribute) and node.attr in QUERIES and getattr(node.value, "attr", "") in managers
        ):
            yield ast.unparse(node)


def is_seen_from_the_left(app, field):
    """Whether a key of an app gives the rows of an app to its left a name for it."""
    if (
        app not in LEFT_OF
        or not isinstance(field, ForeignKey | ManyToManyField)
        or field.remote_field.related_name == "+"
    ):
        return False
    target = field.remote_field.model._meta.app_label
    return target in LEFT_OF[app] or (isinstance(field, ForeignKey) and target != app)


def find_layer(parts):
    """The layer of a module from its path inside its app; plain modules are layer 2."""
    return LAYERS.get(parts[0].removesuffix(".py"), 2)


@pytest.mark.parametrize("file", list_modules(), ids=str)
def test_imports_point_left_and_down(file):
    app, *inside = file.relative_to(ROOT).parts
    if inside in (["__init__.py"], ["apps.py"]):
        return
    layer = find_layer(inside)
    for name in list_imports(file.read_text()):
        target, *rest = name.split(".")
        assert target != "config", f"{file} imports config, which is imported by nobody"
        if target not in LEFT_OF or not rest:
            continue
        assert target == app or target in LEFT_OF[app], f"{file} imports {name} from the right"
        reach = layer if target == app else min(layer, 2)
        assert find_layer(rest) <= reach, f"{file} (layer {layer}) imports {name} (layer {find_layer(rest)})"


@pytest.mark.parametrize("file", list_rules(), ids=str)
def test_rules_are_pure(file):
    assert not find_impurities(file.read_text(), file.relative_to(ROOT).parts[0])


@pytest.mark.parametrize(
    "source",
    [
        "import os", "import pathlib", "from pathlib import Path", "import subprocess", "import random", "import secrets",
        "import sqlite3", "import time", "import socket", "import urllib.request", "from django.db import models",
        "from claims.models import Claim", "from redress.rules import draws",
        "import datetime\ndatetime.datetime.now()", "from datetime import date\nfield(default_factory=date.today)",
        "datetime.now(tz=UTC)", "path.read_text()", "open('x')", "reader = open", "print('x')", "__import__('os')",
    ],
)  # fmt: skip
def test_the_guard_of_the_rules_finds_what_is_not_pure(source):
    assert find_impurities(source, "claims")


def test_rules_in_folders_of_rules_are_guarded_too():
    assert ROOT / "claims" / "rules" / "eligibility" / "sql.py" in list_rules()


def test_keys_from_another_app_are_hidden():
    for model in apps.get_models():
        for field in model._meta.get_fields():
            assert not is_seen_from_the_left(model._meta.app_label, field), f"{field} lets the left see the right"


def test_the_guard_of_keys_finds_one_that_is_not_hidden():
    assert is_seen_from_the_left("redress", named_key := ForeignKey(Claim, PROTECT, related_name="payouts"))
    assert is_seen_from_the_left("documents", ForeignKey(Claim, PROTECT))
    assert is_seen_from_the_left("documents", ManyToManyField(Claim))
    assert not is_seen_from_the_left("redress", ForeignKey(Claim, PROTECT, related_name="+"))
    assert not is_seen_from_the_left("claims", named_key)


@pytest.mark.parametrize("file", [f for f in list_modules() if find_layer(f.relative_to(ROOT).parts[1:]) == 4], ids=str)
def test_pages_and_the_api_get_rows_through_access_only(file):
    if "management" not in file.parts:
        assert not list(find_queries(file.read_text())), f"{file} asks the database past access.py"


@pytest.mark.parametrize(
    "source",
    ["Claim.objects.get(pk=1)", "Claim._default_manager", "action.claims.filter(pk=1)", "claim.action.jobs.all()", "get().claims.count()"],
)  # fmt: skip
def test_the_guard_of_pages_finds_rows_past_access(source):
    assert list(find_queries(source))


@pytest.mark.parametrize("file", [*list_modules(), *(ROOT / "config").rglob("*.py")], ids=str)
def test_no_text_of_people_is_marked_safe(file):
    calls = [node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    names = {getattr(call, "id", getattr(call, "attr", "")) for call in calls}
    assert not names & {"mark_safe", "SafeString", "SafeText"}, f"{file} marks text as safe"


@pytest.mark.parametrize("file", [*list_modules(), *(ROOT / "config").rglob("*.py")], ids=str)
def test_texts_are_marked_by_names_that_the_catalogues_know(file):
    """Under another name than `_` the collecting of texts passes them over, and they stay English for ever."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            assert {name.asname for name in node.names if "gettext" in name.name} <= {None, "_"}


@pytest.mark.parametrize("file", [f for app in [*LEFT_OF, "config"] for f in (ROOT / app).rglob("*.html")], ids=str)
def test_templates_escape_everything_and_hold_no_inline_code(file):
    text = file.read_text()
    for word in ("|safe", "autoescape off", "style=", "onclick=", "<style", "http://", "https://"):
        assert word not in text, f"{file} holds {word}"
