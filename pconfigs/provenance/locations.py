"""Locations: positions in source files.

A location is made from a code object and the offset of an instruction. Nothing is read until a
column or a text is asked for; then the source counts only if compiling it gives those very
instructions.
"""

from __future__ import annotations

from pconfigs import provenance
from pconfigs.errors.formatting import shown_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Mapping
    from types import CodeType
    from typing import Any, Protocol

    from pconfigs.imports.path_syntax import Item
    from pconfigs.provenance.source_files import Node, Source

    class Path(Protocol):
        """The part of a path that is read here; see tree/paths.py."""

        @property
        def steps(self) -> tuple[str | Item, ...]: ...


# The lines of the code that was asked for last: a module may make thousands of configs.
_lines: tuple[CodeType | None, list[int], list[int | None]] = (None, [], [])


class Location:
    """A position in a source file; `str(place)` is `folder/file.py:12`.

    Attributes:
        file: File name as Python knows it; also `<string>` or the name of a notebook cell.
        function: Qualified name of the code around it, `<module>` at top level.
        line, end_line: 1-based; the latter None if only the former is known, the former 0 if none.
        column, end_column: 0-based, in characters; None if they are not certain.
    """

    __slots__ = ("_code", "_columns", "_end_line", "_lasti", "_text", "file", "function", "line")

    def __init__(
        self,
        file: str,
        line: int,
        column: int | None = None,
        end_line: int | None = None,
        end_column: int | None = None,
        function: str = "<module>",
        text: str | None = None,
    ) -> None:
        self.file, self.function, self.line, self._end_line = file, function, line, end_line
        self._columns: tuple[int | None, int | None] | None = (column, end_column)
        self._text = text
        self._code: CodeType | None = None
        self._lasti = -1

    @classmethod
    def of_call(cls, code: CodeType, lasti: int) -> Location:
        """Return the place of an instruction, whose columns are found when they are asked for."""
        place = cls(code.co_filename, _line_at(code, lasti), function=code.co_qualname)
        place._columns = None
        place._code, place._lasti = code, lasti
        return place

    @property
    def column(self) -> int | None:
        return self._found_columns()[0]

    @property
    def end_column(self) -> int | None:
        return self._found_columns()[1]

    @property
    def end_line(self) -> int | None:
        self._found_columns()
        return self._end_line

    def _found_columns(self) -> tuple[int | None, int | None]:
        """Return the columns; they are found in the source at the first call."""
        if self._columns is None:
            self._columns = (None, None)
            if self._code is not None:
                call = provenance.call_sites.call_at(self._code, self._lasti)
                if call is not None:
                    source, node = call
                    self._end_line = node.end_lineno
                    self._text = source.line(self.line)
                    start = (
                        source.column(node.lineno, node.col_offset)
                        if node.lineno == self.line
                        else None
                    )
                    self._columns = (start, source.column(node.end_lineno, node.end_col_offset))
        return self._columns

    def entry(self, name: str) -> Location | None:
        """Return the place of what set the field `name`, or None where that is code."""
        return None

    def text_of(self, name: str) -> str | None:
        """Return what set the field `name`, as it is written there, or None where that is code."""
        return None

    def source_line(self) -> str | None:
        """Return the text of its first line; None if the source is gone, or is not what ran."""
        self._found_columns()
        return self._text

    def lines_before(self) -> str:
        """Return the lines of the statement above its first line; nothing if they are unknown."""
        line = self.source_line()
        source: Source | None = provenance.source_files.source_of(self.file)
        if source is None or line is None or source.line(self.line) != line:
            return ""
        return "".join(source.lines[source.statement_start(self.line) - 1 : self.line - 1])

    def text(self) -> str | None:
        """Return the source from start to end; None if that is not known."""
        column, end_column = self._found_columns()
        line = self.source_line()
        if column is None or end_column is None or line is None:
            return None
        source: Source | None = provenance.source_files.source_of(self.file)
        if source is None or source.line(self.line) != line:
            return None
        return source.between(self.line, column, self.end_line or self.line, end_column)

    @property
    def shown_file(self) -> str:
        """The file, relative to the current folder if it lies below it."""
        return shown_file(self.file)

    def __str__(self) -> str:
        return f"{self.shown_file}:{self.line}" if self.line else self.shown_file

    @property
    def exact(self) -> str:
        """`file:line:column`, counted from 1 as editors do; no column if it is not known."""
        column = self.column
        return str(self) if column is None else f"{self}:{column + 1}"

    def __repr__(self) -> str:
        return f"Location({self.exact!r})"

    def _key(self) -> tuple[str, int, int, int, int, str]:
        column, end_column = self._found_columns()
        none = -1
        return (
            self.file,
            self.line,
            none if column is None else column,
            self.end_line or none,
            none if end_column is None else end_column,
            self.function,
        )

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Location) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._key() < other._key() if isinstance(other, Location) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.file, self.line, self.function))

    def __reduce__(self) -> tuple[Any, ...]:
        # Pickling reads no source: what was not found out yet stays unknown, but the line is kept.
        column, end_column = self._columns or (None, None)
        return (
            Location,
            (self.file, self.line, column, self._end_line, end_column, self.function, self._text),
        )


class StatementLocations(Location):
    """The place of an edit whose fields were set one by one, each by a statement of its own.

    Attributes:
        calls: By field: code and instruction of the statement that set it.
    """

    __slots__ = ("calls",)

    def __init__(
        self, place: Location, calls: Mapping[str, tuple[CodeType | Location, int]]
    ) -> None:
        self.file, self.function, self.line = place.file, place.function, place.line
        self._code, self._lasti, self._columns = place._code, place._lasti, place._columns
        self._end_line, self._text = place._end_line, place._text
        self.calls = calls


class CommandLineLocation(Location):
    """The words of a command line that made a variant of a config.

    Attributes:
        words: Steps and word of each, the steps from the config that all words are about.
        depth: How many steps it is from there to the config that was made.
    """

    __slots__ = ("depth", "words")

    def __init__(self, words: Iterable[tuple[Any, ...]], depth: int = 0) -> None:
        super().__init__("command line", 0)
        self.words = tuple(words)
        self.depth = depth

    @classmethod
    def of(cls, words: Iterable[tuple[Path, str]]) -> CommandLineLocation:
        """Return the location of the config that all these paths start from."""
        return cls((path.steps, word) for path, word in words)

    def below(self, path: Path) -> CommandLineLocation:
        """Return the words that set something in the part at `path`."""
        start = path.steps
        end = self.depth + len(start)
        return self._with([own for own in self.words if own[0][self.depth : end] == start], end)

    def _with(self, words: list[tuple[Any, ...]], depth: int) -> CommandLineLocation:
        return CommandLineLocation(words, depth)

    def _words_for(self, name: str) -> list[tuple[Any, ...]]:
        """Return the words that set the field `name` or something in it."""
        at = self.depth
        return [own for own in self.words if own[0][at : at + 1] == (name,)]

    def entry(self, name: str) -> Location | None:
        return self if self.text_of(name) else None

    def text_of(self, name: str) -> str | None:
        return " ".join(own[1] for own in self._words_for(name)) or None

    @property
    def shown_file(self) -> str:
        return self.file

    def __str__(self) -> str:
        return self.file

    def _key(self) -> tuple[str, int, int, int, int, str]:
        return (self.file, 0, -1, -1, -1, " ".join(own[1] for own in self.words))

    def __reduce__(self) -> tuple[Any, ...]:
        return (CommandLineLocation, (self.words, self.depth))


class FileEntriesLocation(CommandLineLocation):
    """The entries of a file that made a variant of a config.

    Attributes:
        words: Steps, text, file and line of each entry.
    """

    __slots__ = ()

    def __init__(self, file: str, words: Iterable[tuple[Any, ...]], depth: int = 0) -> None:
        super().__init__(words, depth)
        self.file = file
        lines = [line for _, _, name, line in self.words if name == file]
        self.line = min(lines, default=1)

    @classmethod
    def of_lines(
        cls, file: str, entries: Iterable[tuple[Path, str, int, str]]
    ) -> FileEntriesLocation:
        """Return the location of what entries made: path, file, line and its text of each."""
        return cls(file, [(path.steps, text, name, line) for path, name, line, text in entries])

    def _with(self, words: list[tuple[Any, ...]], depth: int) -> CommandLineLocation:
        return FileEntriesLocation(self.file, words, depth)

    def entry(self, name: str) -> Location | None:
        for _, text, file, line in self._words_for(name):
            return entry_place(file, line, text)
        return None

    @property
    def shown_file(self) -> str:
        return shown_file(self.file)

    def __str__(self) -> str:
        return f"{self.shown_file}:{self.line}"

    def __reduce__(self) -> tuple[Any, ...]:
        return (FileEntriesLocation, (self.file, self.words, self.depth))


def entry_place(file: str, line: int, text: str) -> Location:
    """Return the place of an entry of a data file, whose text is "" where it is not shown."""
    if not text:
        return Location(file, line, function="<file>")
    column, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return Location(file, line, column, line, end, "<file>", text)


def place_of(code: CodeType | Location, lasti: int) -> Location:
    """Return the place of the instruction of `code` at byte offset `lasti`, usually a call."""
    if isinstance(code, Location):
        return code
    return Location.of_call(code, lasti)


def keyword_place(code: CodeType | Location, lasti: int, name: str) -> Location | None:
    """Return the place of the keyword `name` in the call at `lasti`: of the name alone.

    If the call spells no such keyword but has one `**mapping`, return its place, or that of the key
    of a `{"path.to.name": …}` among the arguments; for a statement, that of its target. None if
    there is nothing of the kind, or if the source is gone or is not what ran.
    """
    if isinstance(code, Location) and (place := code.entry(name)) is not None:
        return place
    found = _keyword_nodes(code, lasti, name)
    if isinstance(code, StatementLocations) and name in code.calls:
        code, lasti = code.calls[name]
        if found is None:
            return place_of(code, lasti)
    if found is None or isinstance(code, Location):
        return None
    source, node, _, is_name = found
    span = source.span(node, node)
    if is_name:
        line, column, *_ = span
        span = (line, column, line, column + len(source.name_at(line, node.col_offset)))
    return _place_in(source, span, code)


def keyword_text(code: CodeType | Location, lasti: int, name: str) -> str | None:
    """Return the source of the keyword `name` with its value, `base_lr=1e-3`; None if not known."""
    if isinstance(code, Location) and (text := code.text_of(name)) is not None:
        return text
    found = _keyword_nodes(code, lasti, name)
    if found is None:
        return None
    source, first, last, _ = found
    return source.between(*source.span(first, last))


def argument_place(code: CodeType | Location, lasti: int, index: int) -> Location | None:
    """Return the place of positional argument number `index` of a call; None if not known."""
    call = None if isinstance(code, Location) else provenance.call_sites.call_at(code, lasti)
    if call is None or isinstance(code, Location):
        return None
    source, node = call
    plain = provenance.call_sites.plain_arguments(node)
    # After `*bases` it is not known which argument is which.
    if not 0 <= index < len(plain):
        return None
    return _place_in(source, source.span(plain[index], plain[index]), code)


def function_place(function: Any) -> Location | None:
    """Return the place of a function's `def` or first decorator; None if it has no code."""
    code = getattr(function, "__code__", None)
    if code is None:
        return None
    return Location(code.co_filename, code.co_firstlineno, function=function.__qualname__)


def _keyword_nodes(
    code: CodeType | Location, lasti: int, name: str
) -> tuple[Source, Node, Node, bool] | None:
    """Return source, start, end, and whether the start is the name as a keyword."""
    if isinstance(code, StatementLocations):
        by, at = code.calls.get(name, (code, lasti))
        if isinstance(by, Location):
            return None
        setting = provenance.call_sites.setting_at(by, at, name)
        return None if setting is None else (*setting, False)
    call = None if isinstance(code, Location) else provenance.call_sites.call_at(code, lasti)
    if call is None:
        return None
    source, node = call
    mappings: list[ast.keyword] = []
    for keyword in node.keywords:
        if keyword.arg == name:
            return source, keyword, keyword, True
        if keyword.arg is None:
            mappings.append(keyword)
    if len(mappings) == 1:
        return source, mappings[0], mappings[0], False
    keys = [] if mappings else provenance.call_sites.path_keys(node, name)
    return (source, *keys[0], False) if len(keys) == 1 else None


def _place_in(source: Source, span: tuple[int, int, int, int], code: CodeType) -> Location:
    return Location(source.file, *span, code.co_qualname, source.line(span[0]))


def _line_at(code: CodeType, lasti: int) -> int:
    global _lines  # noqa: PLW0603
    known, starts, numbers = _lines  # read once: another thread may replace it
    if known is not code:
        starts, numbers = [], []
        for start, _, line in code.co_lines():
            starts.append(start)
            numbers.append(line)
        _lines = (code, starts, numbers)
    from bisect import bisect_right

    at = bisect_right(starts, lasti) - 1
    line = numbers[at] if at >= 0 else None
    return code.co_firstlineno if line is None else line
