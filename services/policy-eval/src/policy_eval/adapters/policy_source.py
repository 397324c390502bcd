"""The text of a policy file, YAML or JSON, as values with their lines and columns.

Files come from outside: nothing is built before the events of the whole text have been counted, so that depth, size and
aliases, which can make a small file a large value, are refused at a bounded cost.
"""

import json
from collections.abc import Hashable, Iterator
from typing import Any, Final

import yaml

from policy_eval.domain.policy_problems import PolicyProblem

MOST_BYTES: Final = 1024 * 1024
_MOST_EVENTS: Final = 100_000
_DEEPEST: Final = 40
_LONGEST_WORDS: Final = 500
Path = tuple[str | int, ...]


class UnreadablePolicy(ValueError):
    """The text is no YAML or JSON mapping that is taken; `problem` says where and why."""

    def __init__(self, problem: PolicyProblem) -> None:
        super().__init__(f"{problem.place}: {problem.message}")
        self.problem = problem


class PolicySource:
    """A policy file that could be read: `document` is its value, of plain mappings, lists, texts and numbers."""

    def __init__(self, text: str) -> None:
        """Read the text; raises UnreadablePolicy."""
        self.text = _without_tabs(text.removeprefix("\ufeff"))
        self._root, self.document = read_yaml(self.text)
        if not isinstance(self._root, yaml.MappingNode):
            raise _unreadable(self._root and self._root.start_mark, "a policy is a mapping of fields")

    def problem(self, path: Path, message: str, at_key: bool = False) -> PolicyProblem:
        """The fault at the value, or the key, that the path leads to: as far as the file has it."""
        node: Any = self._root
        mark = node.start_mark
        for step in path:
            found = next((pair for pair in _children(node) if pair[0] == step), None)
            if found is None:
                break
            _, key, node = found
            mark = key.start_mark if at_key else node.start_mark
        return PolicyProblem(mark.line + 1, mark.column + 1, pointer_of(path), message)

    def numbered(self, name: str, version: int) -> str:
        """The text with this name and version in it, and otherwise as its author wrote it."""
        text = self.text
        nodes = {step: node for step, _, node in _children(self._root)}
        wanted = {"name": json.dumps(name), "version": str(version)}
        given = [(nodes[key], value) for key, value in wanted.items() if key in nodes]
        for node, value in sorted(given, key=lambda each: -each[0].start_mark.index):
            text = text[: node.start_mark.index] + value + text[node.end_mark.index :]
        for key in sorted(wanted.keys() - nodes.keys(), reverse=True):
            text = self._with_field(text, key, wanted[key])
        return text

    def _with_field(self, text: str, key: str, value: str) -> str:
        # The first field begins where the mapping does, so that no other mark is before it.
        start = self._root.start_mark
        if self._root.flow_style:
            return f'{text[: start.index + 1]}"{key}": {value}, {text[start.index + 1 :]}'
        return f"{text[: start.index]}{key}: {value}\n{' ' * start.column}{text[start.index :]}"


def read_yaml(text: str) -> tuple[Any, Any]:
    """Return the root node, with the lines of everything in it, and the value; raises UnreadablePolicy."""
    try:
        _check_events(text)
        loader = _StrictLoader(text)
        try:
            root: Any = loader.get_single_node()
            return root, loader.construct_document(root) if root else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        message = f"not readable as YAML: {error.problem or error.context}"
        raise _unreadable(error.problem_mark or error.context_mark, message) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, UnreadablePolicy):
            raise
        raise _unreadable(None, f"not readable as YAML: {error}") from error


def pointer_of(path: Path) -> str:
    """The path as a JSON pointer (RFC 6901), cut where a hostile key makes it long."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)[:_LONGEST_WORDS]


def _children(node: Any) -> Iterator[tuple[str | int, Any, Any]]:
    """Step, node of the key and node of the value of each entry or item."""
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, key, value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from ((position, item, item) for position, item in enumerate(node.value))


def _check_events(text: str) -> None:
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        if isinstance(event, yaml.AliasEvent):
            raise _unreadable(event.start_mark, "an alias (*name) is not taken; write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _unreadable(event.start_mark, f"nested deeper than {_DEEPEST} levels")
        if number > _MOST_EVENTS:
            raise _unreadable(event.start_mark, f"more than {_MOST_EVENTS:,} values")
        if isinstance(event, yaml.ScalarEvent) and not _is_text(event.value):
            raise _unreadable(event.start_mark, "half of a surrogate pair or a NUL is no text")


def _is_text(value: str) -> bool:
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _unreadable(mark: Any, message: str) -> UnreadablePolicy:
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return UnreadablePolicy(PolicyProblem(line, column, "", message[:_LONGEST_WORDS]))


def _without_tabs(text: str) -> str:
    """JSON may be indented with tabs, and YAML may not; in valid JSON a tab is never part of a value."""
    if "\t" not in text or not text.lstrip().startswith("{"):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return text.replace("\t", " ")


class _StrictLoader(yaml.CSafeLoader):
    """YAML's safe loader takes the last of repeated keys without a word; this one refuses them."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(mapping) < len(keys):
            seen: set[Hashable] = set()
            for key, (key_node, _) in zip(keys, node.value, strict=True):
                if key in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key!r} is repeated", key_node.start_mark
                    )
                seen.add(key)
        return mapping
