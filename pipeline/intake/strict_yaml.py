"""YAML as people write it: a key that stands twice in one entry is refused, where YAML would keep the last and drop the other."""

from collections.abc import Hashable
from typing import Any

import yaml


class _Loader(yaml.CSafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load(text: str) -> Any:
    """What a YAML text holds. Raises yaml.YAMLError naming the line of a fault, a repeated key among them."""
    return yaml.load(text, Loader=_Loader)
