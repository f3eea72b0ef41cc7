"""YAML: plain data as text, one line for each leaf; and text as data whose types fields decide.

Written without any package; read by PyYAML's parser alone, none of whose types are used: scalars
without quotes stay as they are in the file.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import is_a, kind_of
from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.serialization import FormatError, LoadProblem
from pconfigs.serialization.formats.yaml_scalar import Located, PlainText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

WIDTH = 88
DEEPEST = 6_000
"""Levels of nesting that are read."""
DEEPEST_FLOW = 200
"""Levels of nested brackets that are read; PyYAML takes seconds for more."""
LARGEST = 200_000
"""Nodes that aliases may add to a file."""
_SCALARS = frozenset((int, float, bool, str, type(None)))


def write(data: Any) -> str:
    """YAML text of plain data."""
    whole = _flow(data, WIDTH)
    if whole is not None:
        return f"{whole}\n"
    out: list[str] = []
    pending: list[Iterator[tuple[str, Any, str]]] = [_lines(data, "")]
    while pending:
        for head, value, indent in pending[-1]:
            flat = _flow(value, WIDTH - len(head))
            if flat is not None:
                out.append(f"{head} {flat}")
                continue
            out.append(head)
            pending.append(_lines(value, indent))
            break
        else:
            pending.pop()
    return "\n".join(out) + "\n"


def _lines(value: Any, indent: str) -> Iterator[tuple[str, Any, str]]:
    """Yield the prefix of each entry of a container, the entry, and the indent inside it."""
    if is_a(value, dict):
        for key, item in value.items():
            text = _scalar(key)
            if len(text) > 100:
                # Longer keys have to be announced.
                yield f"{indent}? {text}\n{indent}:", item, f"{indent}  "
            else:
                yield f"{indent}{text}:", item, f"{indent}  "
    else:
        for item in value:
            yield f"{indent}-", item, f"{indent}  "


def _flow(value: Any, room: int) -> str | None:
    """Return a scalar, or an empty or short container of scalars, on one line; else None."""
    kind = kind_of(value)
    if kind in _SCALARS:
        return _scalar(value)
    if not value:
        return "{}" if kind is dict else "[]"
    if kind is dict:
        ((key, inner), *more) = value.items()
        text = None if more else _flow(inner, room - len(key) - 6)
        return None if text is None else f"{{{_flow_scalar(key)}: {text}}}"
    if 3 * len(value) > room or not _SCALARS.issuperset(map(type, value)):
        return None
    text = f"[{', '.join(map(_flow_scalar, value))}]"
    return text if len(text) <= room else None


def _flow_scalar(value: Any) -> str:
    text = _scalar(value)
    # Commas and brackets mean something inside brackets.
    if type(value) is str and text[:1] != '"' and set(text) & set(",[]{}?"):
        return _quoted(value)
    return text


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if type(value) is str:
        return value if _is_plain(value) else _quoted(value)
    return repr(value)


def _is_plain(text: str) -> bool:
    """Return whether a text can be without quotes, and every reader takes it for a text."""
    import re

    if not re.fullmatch(r"[A-Za-z_$/.][A-Za-z0-9_$/.+@-]*( [A-Za-z0-9_$/.+@-]+)*", text):
        return False
    return not re.fullmatch(
        r"(?i)y|n|yes|no|on|off|true|false|null|nan|inf|\.nan|\.inf|[._]?[0-9][0-9_.e+-]*|\.+", text
    )


def _quoted(text: str) -> str:
    from json import dumps

    return "".join(
        letter if letter.isprintable() and letter not in "\ufeff\u2028\u2029" else _escaped(letter)
        for letter in dumps(text, ensure_ascii=False)
    )


def _escaped(letter: str) -> str:
    number = ord(letter)
    return f"\\U{number:08x}" if number > 0xFFFF else f"\\u{number:04x}"


def _events(yaml: Any, text: str) -> Any:
    # The parser in C, where PyYAML has it, is ten times faster.
    return yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def read(text: str) -> Any:
    """Return the data of YAML text: unquoted scalars as `PlainText`, mappings with lines.

    Raises:
        FormatError: It is not YAML, or has tags, keys twice, or aliases that grow without bounds.
        MissingExtraError: PyYAML is not installed.
    """
    try:
        import yaml  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise MissingExtraError("PyYAML", "yaml", "reading YAML") from None
    try:
        return _Builder().run(_events(yaml, text))
    except yaml.YAMLError as error:
        raise FormatError([LoadProblem("", _said(error))]) from error
    except FormatError:
        raise
    except (RecursionError, ValueError) as error:
        raise FormatError([LoadProblem("", f"invalid YAML: {error}")]) from error


def _said(error: Any) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
    words = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return f"{where}invalid YAML: {words}"


class _Builder:
    """Builds data from the events of one document, as they come."""

    def __init__(self) -> None:
        # Containers that are open, and of mappings the key whose value comes next.
        self.open: list[Any] = []
        self.keys: list[Any] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.starts: list[tuple[str | None, int]] = []
        self.count = self.aliased = self.flows = 0
        self.top: Any = PlainText("")

    def run(self, events: Iterable[Any]) -> Any:
        """Return the data of the document."""
        documents = 0
        for event in events:
            name = type(event).__name__
            if name == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    raise _refused(event, "it has more than one document")
            elif name == "ScalarEvent":
                self._refuse_tag(event)
                plain = not event.style
                self._put(PlainText(event.value) if plain else event.value, event)
                self._anchor(event.anchor, self._last, 1)
            elif name == "AliasEvent":
                self._alias(event)
            elif name in ("MappingStartEvent", "SequenceStartEvent"):
                self._refuse_tag(event)
                self._start(event, name == "MappingStartEvent")
            elif name in ("MappingEndEvent", "SequenceEndEvent"):
                self._end()
        return self.top

    def _refuse_tag(self, event: Any) -> None:
        if event.tag not in (None, "!"):
            raise _refused(event, f"the tag {event.tag} is not allowed: types follow from fields")

    def _start(self, event: Any, is_mapping: bool) -> None:
        made: Any = Located() if is_mapping else []
        if is_mapping:
            made.line, made.lines = event.start_mark.line + 1, {}
        self._put(made, event)
        self.open.append(made)
        self.flows += bool(event.flow_style)
        if len(self.open) > DEEPEST or self.flows > DEEPEST_FLOW:
            raise _refused(event, "it is nested deeper than YAML is read")
        self.keys.append(_NONE)
        self.starts.append((event.anchor, self.count))

    def _end(self) -> None:
        made = self.open.pop()
        self.flows -= self.flows > 0  # brackets are closed before what is around them
        self.keys.pop()
        anchor, start = self.starts.pop()
        if is_a(made, dict):
            _merge(made)
        self._anchor(anchor, made, self.count - start + 1)

    def _anchor(self, name: str | None, value: Any, size: int) -> None:
        if name is not None:
            self.anchors[name] = (value, size)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            raise _refused(event, f"alias *{event.anchor} is undefined or recursive")
        value, size = self.anchors[event.anchor]
        self.count += size
        self.aliased += size
        if self.aliased > LARGEST:
            raise _refused(event, f"aliases expand to more than {LARGEST:,} values")
        self._put(value, event)

    def _put(self, value: Any, event: Any) -> None:
        self.count += 1
        self._last = value
        if not self.open:
            self.top = value
            return
        container = self.open[-1]
        if is_a(container, list):
            container.append(value)
        elif self.keys[-1] is _NONE:
            if not isinstance(value, str):
                raise _refused(event, "a key has to be a text")
            if value in container:
                raise _refused(event, f"the key {str(value)!r} is there twice in one mapping")
            self.keys[-1] = value
            container.lines[str(value)] = event.start_mark.line + 1
        else:
            container[self.keys[-1]] = value
            self.keys[-1] = _NONE


_NONE = object()


def _merge(made: dict[Any, Any]) -> None:
    """Fill in the entries of `<<: *other` that the mapping does not have itself."""
    merged: Any = made.get("<<")
    if type(next((key for key in made if key == "<<"), None)) is not PlainText:
        return
    sources: list[Any] = merged if is_a(merged, list) else [merged]
    if all(is_a(source, dict) for source in sources):
        del made["<<"]
        for source in sources:
            for key, value in source.items():
                made.setdefault(key, value)


def _refused(event: Any, words: str) -> FormatError:
    mark = event.start_mark
    return FormatError(
        [LoadProblem("", f"line {mark.line + 1}, column {mark.column + 1}: {words}")]
    )


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
    import re

    try:
        import yaml
    except ImportError:
        raise MissingExtraError("PyYAML", "yaml", "reading YAML") from None

    class Loader(yaml.SafeLoader):  # type: ignore[misc, unused-ignore]
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
        raise FormatError([LoadProblem("", _said(error))], source) from error
    except (RecursionError, ValueError) as error:
        raise FormatError([LoadProblem("", f"invalid YAML: {error}")], source) from error


def scalar_value(node: Any) -> Any:
    """Return the value of a scalar node of `compose`.

    Raises:
        ValueError: Its text is not of the form that its tag asks for.
    """
    import yaml

    return yaml.SafeLoader("").construct_object(node)
