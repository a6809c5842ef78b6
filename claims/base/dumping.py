"""Write plain values as YAML that `claims.base.documents` reads back to the same values."""

from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from claims.base.documents import Loader

WIDTH = 110
BREAKS = set("\x85\u2028\u2029")
SHORT = 90  # signs: what is shorter and holds no text for people stands on one line


class _Dumper(yaml.SafeDumper):
    """Quotes only what our loader would read as something else than a text: `is: yes` needs no quotes here."""

    yaml_implicit_resolvers = Loader.yaml_implicit_resolvers

    def ignore_aliases(self, data: Any) -> bool:
        """Write the same value out each time: the loader takes no aliases."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists under their key, as the packs do."""
        super().increase_indent(flow, False)

    def represent_str(self, data: str) -> ScalarNode:
        """Write line breaks that only YAML knows within quotes and escaped: read back, each would be a blank."""
        return self.represent_scalar("tag:yaml.org,2002:str", data, style='"' if BREAKS & set(data) else None)

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> MappingNode:
        """Write a short mapping on one line, such as {question: platform, in: [facebook, instagram]}."""
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = _is_short(node)
        return node

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> SequenceNode:
        """Write a short list on one line."""
        node = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = _is_short(node) or all(isinstance(child, ScalarNode) for child in node.value)
        return node


_Dumper.add_representer(str, _Dumper.represent_str)


def dump_document(data: Any) -> str:
    """Return plain values as YAML, keys in their order."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)


def _is_short(node: Node) -> bool:
    """Whether a node fits on a line; texts with spaces are for people and get lines of their own."""
    words = _list_words(node)
    return sum(len(word) + 2 for word in words) <= SHORT and not any(" " in word for word in words)


def _list_words(node: Node) -> list[str]:
    if isinstance(node, ScalarNode):
        return [node.value]
    pairs = node.value if isinstance(node, SequenceNode) else [part for pair in node.value for part in pair]
    return [word for part in pairs for word in _list_words(part)]
