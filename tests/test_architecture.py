"""The layout is a promise: who may import whom, what is pure, and where rows come from."""

import ast
import sys
from pathlib import Path

import pytest
from django.apps import apps

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
STANDARD = sys.stdlib_module_names


def list_modules():
    return [file for app in LEFT_OF for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts]


def list_imports(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write imports in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def find_layer(parts):
    """The layer of a module from its path inside its app; plain modules are layer 2."""
    return LAYERS.get(parts[0].removesuffix(".py"), 2)


@pytest.mark.parametrize("file", list_modules(), ids=str)
def test_imports_point_left_and_down(file):
    app, *inside = file.relative_to(ROOT).parts
    if inside in (["__init__.py"], ["apps.py"]):
        return
    layer = find_layer(inside)
    for name in list_imports(file):
        target, *rest = name.split(".")
        assert target != "config", f"{file} imports config, which is imported by nobody"
        if target not in LEFT_OF or not rest:
            continue
        assert target == app or target in LEFT_OF[app], f"{file} imports {name} from the right"
        reach = layer if target == app else min(layer, 2)
        assert find_layer(rest) <= reach, f"{file} (layer {layer}) imports {name} (layer {find_layer(rest)})"


@pytest.mark.parametrize("file", [f for f in list_modules() if f.parent.name == "rules"], ids=str)
def test_rules_are_pure(file):
    app = file.relative_to(ROOT).parts[0]
    for name in list_imports(file):
        root = name.split(".")[0]
        allowed = root in STANDARD - {"os", "socket", "time"} or root in PURE or name.startswith(f"{app}.rules.")
        assert allowed or any(name.startswith(f"{left}.rules.") for left in LEFT_OF[app]), f"{file} imports {name}"
    calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)}
    assert not calls & {"open", "print", "date.today", "datetime.now", "datetime.today"}, f"{file} has a clock or I/O"


def test_keys_from_another_app_are_hidden():
    for model in apps.get_models():
        for field in model._meta.get_fields():
            remote = getattr(field, "remote_field", None)
            if model._meta.app_label not in LEFT_OF or not remote or not getattr(field, "column", None):
                continue
            if remote.model._meta.app_label != model._meta.app_label:
                assert remote.related_name == "+", f"{field} lets the left see the right"


@pytest.mark.parametrize("file", [f for f in list_modules() if find_layer(f.relative_to(ROOT).parts[1:]) == 4], ids=str)
def test_pages_and_the_api_get_rows_through_access_only(file):
    if "management" in file.parts:
        return
    names = {node.attr for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)}
    assert not names & {"objects", "_default_manager", "_base_manager"}, f"{file} asks the database past access.py"


@pytest.mark.parametrize("file", [*list_modules(), *(ROOT / "config").rglob("*.py")], ids=str)
def test_no_text_of_people_is_marked_safe(file):
    calls = [node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    names = {getattr(call, "id", getattr(call, "attr", "")) for call in calls}
    assert not names & {"mark_safe", "SafeString", "SafeText"}, f"{file} marks text as safe"


@pytest.mark.parametrize("file", [f for app in [*LEFT_OF, "config"] for f in (ROOT / app).rglob("*.html")], ids=str)
def test_templates_escape_everything_and_hold_no_inline_code(file):
    text = file.read_text()
    for word in ("|safe", "autoescape off", "style=", "onclick=", "<style", "http://", "https://"):
        assert word not in text, f"{file} holds {word}"
