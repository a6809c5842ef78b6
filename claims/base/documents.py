"""Read YAML documents so that every complaint can name the file and the line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from claims.base.errors import Refused

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
MAX_BYTES = 2_000_000
MAX_DEPTH = 60
Steps = Sequence[str | int]


@dataclass
class Document:
    """A YAML file as plain values, with the line of each."""

    file: str
    data: Any
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def refuse(self, path: Steps, message: str) -> Refused:
        """Return the error for what stands at `path`: file, line, key, and what is wrong with it."""
        known = tuple(path)
        while known not in self.lines and known:
            known = known[:-1]
        key = ".".join(str(step) for step in path) or "the document"
        return Refused(f"{self.file}, line {self.lines.get(known, 1)}, {key}: {message}")


class _Loader(yaml.SafeLoader):
    """YAML 1.2 in its plain types: no, on and NO are words (Norway is a country), dates stay text."""


_Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def read_document(file: Path, *, schema: str) -> Document:
    """Return a YAML document that keeps to a schema of `claims/schemas`. Raises Refused with file, line and key."""
    document = parse_document(_read_text(file), name=str(Path(file.parent.name) / file.name))
    check_schema(document, schema)
    return document


def _read_text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise Refused(f"{file} is missing") from None
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise Refused(f"{file} has {len(raw)} bytes; a document of a pack has at most {MAX_BYTES}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Refused(f"{file}, line {line}: not UTF-8; save the file as UTF-8") from None


def parse_document(text: str, *, name: str) -> Document:
    """Return the YAML in `text` with its lines. Refuses doubled keys, anchors (and so cycles) and other tags."""
    document = Document(file=name, data=None)
    try:
        _check_shape(text, name)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Refused(f"{name}{where}: not YAML ({getattr(error, 'problem', None) or 'unreadable'})") from None
    if node is None:
        raise Refused(f"{name} is empty")
    document.data = _build(node, (), document)
    return document


def _check_shape(text: str, name: str) -> None:
    """Refuse aliases, which can run in a circle, and what is nested so deeply that nobody meant it."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise Refused(f"{name}, line {line}: an alias (*name) is not allowed, it can run in a circle; write it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise Refused(f"{name}, line {line}: nested deeper than {MAX_DEPTH} levels")


def _build(node: Node, path: tuple[str | int, ...], document: Document) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
        raise document.refuse(path, f"the tag {node.tag} is not allowed")
    if isinstance(node, MappingNode):
        return _build_mapping(node, path, document)
    if isinstance(node, SequenceNode):
        return [_build(child, (*path, i), document) for i, child in enumerate(node.value)]
    assert isinstance(node, ScalarNode)  # YAML has no fourth kind
    return _build_scalar(node, path, document)


def _build_mapping(node: MappingNode, path: tuple[str | int, ...], document: Document) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, ScalarNode) else "?"
        document.lines[(*path, key)] = key_node.start_mark.line + 1
        if key in mapping:
            raise document.refuse((*path, key), "this key is there twice; keep one")
        mapping[key] = _build(value_node, (*path, key), document)
    return mapping


def _build_scalar(node: ScalarNode, path: tuple[str | int, ...], document: Document) -> Any:
    kind = node.tag.rsplit(":", 1)[-1]
    match kind:
        case "str":
            return node.value
        case "null":
            return None
        case "bool":
            return node.value == "true"
        case "int":
            return int(node.value) if len(node.value) < 20 else node.value
        case "float":
            return float(node.value)
    raise document.refuse(path, f"the tag {node.tag} is not allowed")


@cache
def _validator(schema: str) -> Draft202012Validator:
    rules = parse_document((SCHEMAS / f"{schema}.yaml").read_text("utf-8"), name=schema).data
    return Draft202012Validator(rules, format_checker=FormatChecker(["date"]))


def check_schema(document: Document, schema: str) -> None:
    """Raise Refused for the first thing, by line, that the schema does not allow."""
    errors = list(_validator(schema).iter_errors(document.data))
    if not errors:
        return
    places = [(document.lines.get(tuple(error.absolute_path), 0), error) for error in errors]
    _, error = min(places, key=lambda place: place[0])
    path, message = _explain(error)
    raise document.refuse(path, message)


def _explain(error: ValidationError) -> tuple[list[str | int], str]:
    """Return where and what, in words that say how to mend it."""
    path: list[str | int] = list(error.absolute_path)
    given: Any = error.validator_value  # jsonschema leaves open what these are
    schema: Any = error.schema
    instance: Any = error.instance
    match error.validator:
        case "required":
            missing = next(key for key in given if key not in instance)
            return path, f"`{missing}` is missing; add it"
        case "additionalProperties" if given is False:
            unknown = next(key for key in instance if key not in schema.get("properties", {}))
            return [*path, unknown], f"unknown key; known are: {', '.join(schema.get('properties', {}))}"
        case "enum":
            return path, f"`{error.instance}` is not one of: {', '.join(str(v) for v in given)}"
        case "const":
            return path, f"must be `{given}`"
        case "minItems" | "minProperties" | "minLength":
            return path, "is empty or too short; fill it in"
        case "format":
            return path, f"`{error.instance}` is not a date such as 2025-05-27"
    return path, error.message[:300]
