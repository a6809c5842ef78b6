"""Read YAML documents so that every complaint can name the file and the line."""

import hashlib
import json
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
MAX_NODES = 20_000
MAX_DIGITS = 16
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
Steps = Sequence[str | int]


@dataclass
class Document:
    """A YAML file as plain values, with the line of each."""

    file: str
    data: Any
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def refuse(self, path: Steps, message: str) -> Refused:
        """Return the error for what stands at `path`: file, line, key, and what is wrong with it."""
        return Refused(self.point_at(path, message))

    def point_at(self, path: Steps, message: str) -> str:
        """Return a message about what stands at `path`, with file, line and key."""
        known = tuple(path)
        while known not in self.lines and known:
            known = known[:-1]
        key = ".".join(str(step) for step in path) or "the document"
        return f"{self.file}, line {self.lines.get(known, 1)}, {key}: {message}"


class Loader(yaml.SafeLoader):
    """YAML 1.2 in its plain types: no, on and NO are words (Norway is a country), dates stay text."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def read_document(file: Path, *, schema: str) -> Document:
    """Return a YAML document that keeps to a schema of `claims/schemas`. Raises Refused with file, line and key."""
    document = open_document(file)
    check_schema(document, schema)
    return document


def open_document(file: Path) -> Document:
    """Return a YAML or JSON document, whatever it holds. Raises Refused with file and line."""
    return parse_document(read_text(file), name=str(Path(file.parent.name) / file.name))


def read_text(file: Path) -> str:
    """Return the text of a plain file. A link is not followed: it could show what is none of the pack's."""
    if file.is_symlink() or file.parent.is_symlink():
        raise Refused(f"{file} is or lies behind a link; put the file itself there")
    if not file.exists():
        raise Refused(f"{file} is missing")
    if not file.is_file():
        raise Refused(f"{file} is not a file; put a YAML file there")
    try:
        if (size := file.stat().st_size) > MAX_BYTES:
            raise Refused(f"{file} has {size} bytes; a document of a pack has at most {MAX_BYTES}")
        raw = file.read_bytes()
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Refused(f"{file}, line {line}: not UTF-8; save the file as UTF-8") from None


def compute_digest(data: Any) -> str:
    """Return the SHA-256 of the canonical JSON of plain values."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def parse_document(text: str, *, name: str) -> Document:
    """Return the YAML in `text` with its lines. Refuses doubled keys, aliases (and so cycles), tags and controls."""
    document = Document(file=name, data=None)
    if found := CONTROL.search(text):
        line = text[: found.start()].count("\n") + 1
        raise Refused(f"{name}, line {line}: {_name_sign(found[0])}")
    try:
        _check_shape(text, name)
        node = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Refused(f"{name}{where}: not YAML ({getattr(error, 'problem', None) or 'unreadable'})") from None
    if node is None:
        raise Refused(f"{name} is empty")
    document.data = _build(node, (), document)
    return document


def _check_shape(text: str, name: str) -> None:
    """Refuse aliases and tags, and what is so deep or so much that nobody meant it, before anything is built."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=Loader):
        where = f"{name}, line {event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent):
            raise Refused(f"{where}: an alias (*name) is not allowed, it can run in a circle; write it out")
        if tag := getattr(event, "tag", None):
            raise Refused(f"{where}: the tag {tag} is not allowed; write the value alone")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > MAX_DEPTH:
            raise Refused(f"{where}: nested deeper than {MAX_DEPTH} levels")
        if nodes > MAX_NODES:
            raise Refused(f"{where}: more than {MAX_NODES} keys and values; a document of a pack has fewer")


def _name_sign(sign: str) -> str:
    return f"holds the control character U+{ord(sign):04X}; remove it"


def _build(node: Node, path: tuple[str | int, ...], document: Document) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
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
    if found := CONTROL.search(node.value):  # written as an escape, "\\0"
        raise document.refuse(path, _name_sign(found[0]))
    match node.tag.rsplit(":", 1)[-1]:
        case "null":
            return None
        case "bool":
            return node.value == "true"
        case "int" if len(node.value) <= MAX_DIGITS:
            return int(node.value)
        case "float" if len(node.value) <= MAX_DIGITS:
            return float(node.value)
    return node.value  # a text; a number too long for the databases stays one, and schemas refuse it


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
        case "type":
            return path, f"must be of the type {' or '.join([given] if isinstance(given, str) else given)}"
        case "pattern":
            return path, f"`{str(error.instance)[:60]}` is not of the form {given}"
        case "minItems" | "minProperties" | "minLength":
            return path, "is empty or too short; fill it in"
        case "format":
            return path, f"`{error.instance}` is not a date such as 2025-05-27"
    return path, error.message[:300]
