"""YAML: plain data as text, one line for each leaf; and text as data whose types fields decide.

Written by PyYAML's dumper. Read by its parser alone, none of whose types are used: scalars without
quotes are kept as they are in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pconfigs.annotations.kinds import JSON_SCALARS
from pconfigs.errors.base import MissingExtraError, Problem
from pconfigs.errors.serialization import FormatError
from pconfigs.serialization.formats.yaml_scalar import Located, PlainText

WIDTH = 60
"""Characters of the longest list that is written on one line."""
DEEPEST = 300
"""Levels of nesting that are read."""
DEEPEST_FLOW = 200
"""Levels of nested brackets that are read; PyYAML takes seconds for more."""
LARGEST = 200_000
"""Nodes that aliases may add to a file."""
ONE_DOCUMENT = "it must have one document"
_PLAIN = re.compile(r"[A-Za-z_$/.][A-Za-z0-9_$/.+@-]*( [A-Za-z0-9_$/.+@-]+)*")
_WORDS = re.compile(
    r"y|n|yes|no|on|off|true|false|null|nan|inf|infinity|\.nan|\.inf|[._]?[0-9][0-9_.e+-]*|\.+",
    re.IGNORECASE,
)


def _library(purpose: str) -> Any:
    try:
        import yaml  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise MissingExtraError("PyYAML", "yaml", purpose) from None
    return yaml


def write(data: Any) -> str:
    """Return the YAML text of plain data.

    Raises:
        MissingExtraError: PyYAML is not installed.
        ValueError: A string or number has no form in YAML.
    """
    yaml = _library("writing YAML")
    # Lines are never folded: one line for each leaf.
    text: str = yaml.dump(
        data, Dumper=_dumper(yaml), sort_keys=False, allow_unicode=True, width=1 << 30
    )
    return text.removesuffix("...\n")  # what ends a document that is one scalar


@cache
def _dumper(yaml: Any) -> Any:
    """Return the dumper in C, where PyYAML has it, with the styles of our files."""

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Writes short lists on one line, and quotes what may be taken for another type."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def string(dumper: Any, text: str) -> Any:
        # What other readers may take for a number, a boolean or a date is quoted.
        is_plain = _PLAIN.fullmatch(text) and not _WORDS.fullmatch(text)
        style = None if is_plain else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def sequence(dumper: Any, items: list[Any]) -> Any:
        return dumper.represent_sequence(
            "tag:yaml.org,2002:seq", items, flow_style=_is_short(items)
        )

    def mapping(dumper: Any, items: dict[str, Any]) -> Any:
        flow = len(items) < 2 and all(map(_is_short_value, items.values()))
        return dumper.represent_mapping("tag:yaml.org,2002:map", items.items(), flow_style=flow)

    Dumper.add_representer(str, string)
    Dumper.add_representer(list, sequence)
    Dumper.add_representer(dict, mapping)
    return Dumper


def _is_short(items: list[Any]) -> bool:
    """Return whether a list is written on one line: scalars that are not many."""
    if not JSON_SCALARS.issuperset(map(type, items)) or len(items) > WIDTH:
        return False
    return sum(len(str(item)) + 2 for item in items) <= WIDTH


def _is_short_value(value: Any) -> bool:
    if type(value) is list:
        return _is_short(value)
    return type(value) in JSON_SCALARS or not value


def read(text: str) -> Any:
    """Return the data of YAML text: scalars without quotes as `PlainText`, mappings with lines.

    Raises:
        FormatError: It is malformed, or has tags, duplicate keys, or aliases without bounds.
        MissingExtraError: PyYAML is not installed.
    """
    yaml = _library("reading YAML")
    try:
        # The parser in C, where PyYAML has it, is ten times faster.
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        return _Builder(yaml, yaml.parse(text, Loader=loader)).document()
    except yaml.YAMLError as error:
        raise FormatError([Problem("", _words_of(error))]) from error
    except FormatError:
        raise
    except (RecursionError, ValueError) as error:
        raise FormatError([Problem("", f"invalid YAML: {error}")]) from error


located = read


def _words_of(error: Any) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
    words = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    if words == "but found another document":
        return f"{where}{ONE_DOCUMENT}"
    return f"{where}invalid YAML: {words}"


class _Builder:
    """Builds data from the events of one document, as they come: limits hold before it is read."""

    def __init__(self, yaml: Any, events: Iterator[Any]) -> None:
        self.yaml, self.events = yaml, events
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.count = self.aliased = self.depth = self.flows = 0

    def document(self) -> Any:
        """Return the data of the document; that of none is an empty scalar."""
        top: Any = None
        for event in self.events:
            if isinstance(event, self.yaml.DocumentStartEvent):
                if top is not None:
                    raise _refused(event, ONE_DOCUMENT)
                top = self.node(next(self.events))
        return PlainText("") if top is None else top

    def node(self, event: Any) -> Any:
        """Return the data of the node that an event begins."""
        self.count += 1
        start = self.count
        if isinstance(event, self.yaml.AliasEvent):
            return self.aliased_node(event)
        if event.tag not in (None, "!"):
            raise _refused(event, f"the tag {event.tag} is not allowed: types follow from fields")
        made: Any
        if isinstance(event, self.yaml.ScalarEvent):
            made = event.value if event.style else PlainText(event.value)
        else:
            self.depth += 1
            self.flows += event.flow_style
            if self.depth > DEEPEST or self.flows > DEEPEST_FLOW:
                raise _refused(event, "it is nested too deeply")
            if isinstance(event, self.yaml.MappingStartEvent):
                made = self.mapping(event)
            else:
                made = [self.node(item) for item in iter(self.event_inside, None)]
            self.depth -= 1
            self.flows -= event.flow_style
        if event.anchor is not None:
            self.anchors[event.anchor] = (made, self.count - start + 1)
        return made

    def event_inside(self) -> Any:
        """Return the next event in a mapping or sequence, None at its end."""
        event = next(self.events)
        return None if isinstance(event, self.yaml.CollectionEndEvent) else event

    def mapping(self, start: Any) -> Located:
        """Return the mapping that an event begins."""
        made = Located(line=start.start_mark.line + 1)
        for event in iter(self.event_inside, None):
            is_open = isinstance(event, self.yaml.CollectionStartEvent)
            key = None if is_open else self.node(event)
            if not isinstance(key, str):
                raise _refused(event, "a key must be a string")
            if key in made:
                raise _refused(event, f"the key {str(key)!r} appears twice in one mapping")
            made.lines[str(key)] = event.start_mark.line + 1
            made[key] = self.node(next(self.events))
        _merge(made)
        return made

    def aliased_node(self, event: Any) -> Any:
        """Return the data that an alias refers to."""
        if event.anchor not in self.anchors:
            raise _refused(event, f"alias *{event.anchor} is undefined or recursive")
        value, size = self.anchors[event.anchor]
        self.count += size
        self.aliased += size
        if self.aliased > LARGEST:
            raise _refused(event, "aliases expand to more than 200,000 nodes")
        return value


def _merge(made: dict[Any, Any]) -> None:
    """Fill in the keys of `<<: *other` that the mapping does not have itself."""
    merged: Any = made.get("<<")
    if type(next((key for key in made if key == "<<"), None)) is not PlainText:
        return
    sources: list[Any] = merged if isinstance(merged, list) else [merged]
    if all(isinstance(source, dict) for source in sources):
        del made["<<"]
        for source in sources:
            for key, value in source.items():
                made.setdefault(key, value)


def _refused(event: Any, words: str) -> FormatError:
    mark = event.start_mark
    return FormatError([Problem("", f"line {mark.line + 1}, column {mark.column + 1}: {words}")])


def compose(text: str, source: str) -> Any:
    """Return PyYAML's node graph of YAML text, None for an empty text; nothing is constructed.

    Scalars are tagged as OmegaConf reads them: YAML 1.1, but `1e-3` is a float and a date a string.

    Args:
        text: One document.
        source: Its name in errors.

    Raises:
        FormatError: The text is not YAML.
        MissingExtraError: PyYAML is not installed.
    """
    yaml = _library("reading YAML")

    class Loader(yaml.SafeLoader):  # type: ignore[misc, name-defined, unused-ignore]
        """Tag scalars by the rules of OmegaConf."""

        yaml_implicit_resolvers = {
            letter: [pair for pair in pairs if not pair[0].endswith((":timestamp", ":float"))]
            for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    number = r"[-+]?([0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9][0-9_]*([eE][-+]?[0-9]+)?)"
    real = re.compile(
        rf"^({number}|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$"
    )
    # Integers are resolved first: they match this pattern as well.
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", real, list("-+0123456789."))
    try:
        return yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        raise FormatError([Problem("", _words_of(error))], source) from error
    except (RecursionError, ValueError) as error:
        raise FormatError([Problem("", f"invalid YAML: {error}")], source) from error


def scalar_value(node: Any) -> Any:
    """Return the value of a scalar node of `compose`.

    Raises:
        ValueError: Its text is not of the form that its tag asks for.
    """
    import yaml

    return yaml.SafeLoader("").construct_object(node)
