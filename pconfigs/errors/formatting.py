"""Formatting of messages: how they name, shorten, list and point."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from pconfigs.errors.place import Place


# To checkers, values here and what is in them may be anything.
_kind_of: Callable[[object], type[Any]] = type
_list: Any = list
_tuple: Any = tuple
_dict: Any = dict
_texts: Any = (str, bytes)

# Names of fields that hold secrets: what a line of source gives to them is not shown. All of them,
# and those of each config class by its name.
SECRET_NAMES: set[str] = set()
SECRETS_OF: dict[str, set[str]] = {}
_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."

_LINE = 92  # characters of a source line that a message shows
_BEFORE = 40  # of them before what it points to, where the line is longer


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the one of `words` that `word` was probably meant to be, or None."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(words), n=3, cutoff=0.6)
    if found:
        # Two letters that changed places make no other word: `flaot` is float, not pflat.
        return next((one for one in found if sorted(one) == sorted(word)), found[0])
    # Names that differ in case and underscores alone share too few letters: MAX_LEN and maxlen.
    folded = {known.lower().replace("_", ""): known for known in words}
    return folded.get(word.lower().replace("_", ""))


def did_you_mean(word: str, known: Iterable[str], form: str = "{!r}", otherwise: str = "") -> str:
    """Return the hint that names the nearest of the known words; without one, another hint.

    Args:
        word: What was given.
        known: What there is.
        form: How the nearest is written: `{}`, `@{}`.
        otherwise: The hint where none of them is near.
    """
    found = nearest(word, known)
    return otherwise if found is None else f"did you mean {form.format(found)}?"


def shorten(value: object, limit: int = 60) -> str:
    """Return `repr(value)` in at most `limit` characters; its type where that raises."""
    try:
        text = _short_repr(value)
    except Exception as error:
        text = f"<{type(value).__name__} whose repr raises {type(error).__name__}>"
    return cut(" ".join(text.split()), limit)


def cut(text: str, limit: int) -> str:
    """Return a text in at most `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _short_repr(value: Any, depth: int = 0) -> str:
    """Return a `repr` with the start of long containers only, and configs by their names alone."""
    kind = _kind_of(value)
    if getattr(kind, "__pconfig_schema__", None) is not None:
        return f"{kind.__name__}(...)"
    if isinstance(value, _texts) and len(value) > 200:
        return repr(value[:200])
    written = kind.__repr__
    if written not in (_list.__repr__, _tuple.__repr__, _dict.__repr__):
        return repr(value)
    # The repr of a million items takes a second, of which a message shows one line.
    if depth > 5:
        return "..."
    some: list[Any] = list(value.items() if written is _dict.__repr__ else value)[:20]
    if written is _dict.__repr__:
        pairs = [f"{_short_repr(k, depth + 1)}: {_item_repr(k, v, depth + 1)}" for k, v in some]
        return f"{{{', '.join(pairs)}}}"
    inner = ", ".join([_short_repr(item, depth + 1) for item in some])
    return f"[{inner}]" if written is _list.__repr__ else f"({inner}{',' * (len(value) == 1)})"


def _item_repr(key: Any, value: Any, depth: int) -> str:
    # A dict may be given for a config: by the names of its fields.
    is_secret = isinstance(key, str) and key in SECRET_NAMES
    return "..." if is_secret else _short_repr(value, depth)


def class_name(cls: type) -> str:
    """Return the qualified name of a class, without the functions that it is defined in."""
    return cls.__qualname__.rpartition("<locals>.")[2]


def type_words(cls: type) -> str:
    """Return the name of a class; after its package where that is read like a builtin.

    `numpy.bool` and `torch.dtype`, but `date` and `Tensor`.
    """
    import sys

    name = class_name(cls)
    package = cls.__module__.partition(".")[0]
    if not name.islower() or package in sys.stdlib_module_names or package == "__main__":
        return name
    return f"{package}.{name}" if getattr(sys.modules.get(package), name, None) is cls else name


def class_names(classes: Iterable[type]) -> list[str]:
    """Return the names of classes, with their modules where two have one name."""
    known = list(classes)
    names = [class_name(cls) for cls in known]
    if len(set(names)) == len(names):
        return names
    return [f"{cls.__module__}.{name}" for cls, name in zip(known, names, strict=True)]


def given_words(value: object) -> str:
    """Return a value and its type, as messages show what was given."""
    if isinstance(value, type):
        return f"the class {class_name(value)}"
    if value is None:
        return "None"
    if type(value).__module__ == "pconfigs.markers":
        return getattr(value, "__name__", repr(value))
    return f"{shorten(value)} ({type_words(type(value))})"


def listed(words: Sequence[str], last: str = "and", most: int | None = None) -> str:
    """Return `a, b and c`; of more words than `most`, `a, b and 3 more`."""
    if most is not None and len(words) > most:
        return some(words, most)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def some(words: Sequence[str], most: int = 8, separator: str = ", ") -> str:
    """Return the first of some words, and how many more there are: `a, b and 3 more`."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return f"{separator.join(words[:most])}{more}"


def at_most(lines: Sequence[str], most: int, more: str = "more") -> list[str]:
    """Return the first of some lines, and a line with how many more there are."""
    rest = len(lines) - most
    return [*lines[:most], f"and {rest} {more}"] if rest > 0 else [*lines]


def with_article(noun: str) -> str:
    """Return `a list`, `an int`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def aligned(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return the lines of a table of two columns."""
    known = list(rows)
    width = max((len(first) for first, _ in known), default=0)
    return [f"{first:{width}}  {second}".rstrip() for first, second in known]


def clauses(*words: str) -> str:
    """Return the clauses that there are, with semicolons between."""
    return "; ".join(filter(None, words))


def counted(count: int, noun: str) -> str:
    """Return a number and its noun: `1 point`, `2 points`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def shown_file(path: str) -> str:
    """Return a file relative to the current folder if it is below it; `Cell In[3]` for a cell."""
    import os

    cell = notebook_cell(path)
    if cell:
        return cell
    try:
        here = os.getcwd()
    except OSError:  # it was removed
        return path
    return path.removeprefix(here.rstrip(os.sep) + os.sep)


def notebook_cell(path: str) -> str | None:
    """Return the name of the cell that IPython compiled as this file, such as `Cell In[3]`."""
    import sys

    if "IPython" not in sys.modules:
        return None
    shell: Any = sys.modules["IPython"].get_ipython()
    name = getattr(getattr(shell, "compile", None), "format_code_name", None)
    label = name(path) if name is not None else None
    return " ".join(label) if label else None


def sentence(place: Place | None, headline: str) -> str:
    """Return the headline after its place, if there is one."""
    return headline if place is None else f"{place}: {headline}"


def pointed(place: Place | None, advice: str, hides: Iterable[str] = (), owner: str = "") -> str:
    """Return the source line of `place` with carets below what it spans, and the advice after them.

    What the line gives to secrets is left out, and so is what it gives to the names `hides`.
    """
    line = None if place is None else place.source_line()
    if place is None or line is None or place.column is None:
        return f"\n    {advice}" if advice else ""
    whole = place.end_column is not None and place.end_line == place.line
    end = place.end_column - place.column if whole and place.end_column is not None else 0
    line, column, end = _outside_of_secrets(place, line, place.column, end)
    line, column, end = without_secrets(line, column, end, hides, owner)
    text = line.strip()
    start = column - (len(line) - len(line.lstrip()))
    text, start = _window(text, start)
    width = max(1, min(end or len(text) - start, len(text) - start))
    carets = "^" * max(1, _columns(text[start : start + width]))
    return f"\n    {text}\n    {_blank(text[:start])}{carets} {advice}".rstrip()


def _outside_of_secrets(place: Place, line: str, column: int, width: int) -> tuple[str, int, int]:
    """Return the line of a place, and where its span is.

    Where the line is inside of what is given to a secret, or at its end, all of that is `...`.
    """
    before: str = getattr(place, "lines_before", str)() if SECRET_NAMES else ""
    if not before:
        return line, column, width
    text, at, width = without_secrets(before + line, len(before) + column, width)
    if text.endswith(f"\n{line}"):
        return line, column, width
    start = text.rfind("\n", 0, at) + 1
    return text[start:].partition("\n")[0], at - start, width


def note_secrets(class_name: str, names: Iterable[str]) -> None:
    """Keep which fields of a config class hold secrets, for the lines that messages quote."""
    SECRETS_OF.setdefault(class_name, set()).update(names)
    SECRET_NAMES.update(names)


def shown_word(word: str) -> str:
    """Return a word of a command line without what it gives to a name that is one of a secret."""
    # With the first word that is refused: it takes 5 ms.
    import re

    for found in re.finditer(r"(?<![\w.])([\w.]++)[\"'}]?\s*+[+-]?[=:\[]", word):
        names = {name for part in found[1].split(".") for name in (part, part.lower())}
        if found.end() < len(word) and not names.isdisjoint(SECRET_NAMES):
            return f"{word[: found.end()]}..."
    return word


def without_value(word: str) -> str:
    """Return a word of a command line without what it gives, which may be a secret."""
    name, sign, _ = word.partition("=")
    return f"{name}=..." if sign else word


def without_secrets(
    line: str, column: int = 0, width: int = 0, hides: Iterable[str] = (), owner: str = ""
) -> tuple[str, int, int]:
    """Return a line of source with `...` for what it gives to secrets, and where a span is then.

    Args:
        line: The line.
        column: Where the span starts.
        width: How wide it is; 0 where it goes on to the end of the line.
        hides: Names that count as those of secrets, too.
        owner: The class whose keywords are at the start of the line, where no call is.
    """
    for name in sorted({*SECRET_NAMES, *hides}):
        at = line.find(name)
        while at >= 0:
            start = _start_of_value(line, at, name)
            # Keys and paths may be those of a part, whose class is not named.
            is_keyword = line[at - 1 : at] not in ("'", '"', ".")
            called = (_called_around(line, at) or owner) if is_keyword else ""
            if not start or (name not in hides and name not in SECRETS_OF.get(called, {name})):
                at = line.find(name, at + 1)
                continue
            ends = (index for index, sign in outside_brackets(line, start) if sign in ",)]}")
            end = next(ends, len(line.rstrip()))
            less = end - start - 3  # what the three dots save
            line = f"{line[:start]}...{line[end:]}"
            at = line.find(name, start + 3)
            if column >= end:
                column -= less
            elif column > start:
                column, width = start, 3
            elif column + width >= end:
                width -= less
    return line, column, width


def _called_around(line: str, at: int) -> str:
    """Return the name that is called with the keyword at an index.

    For a key of a dict it is `{`, as it may name a field of any class; "" where no bracket is open.
    """
    names: list[str] = []
    for index, sign in enumerate(line[:at]):
        if sign in "([{":
            before = line[:index]
            called = "" if sign == "[" else sign
            if sign == "(":
                called = before[len(before.rstrip(_NAME)) :].rpartition(".")[2]
            elif before.rstrip().endswith("**") and names:
                called = names[-1]
            names.append(called)
        elif sign in ")]}" and names:
            names.pop()
    return names[-1] if names else ""


def _start_of_value(line: str, at: int, name: str) -> int:
    """Return where the value of `name=value` or `"name": value` starts; 0 if this is neither.

    Before a name there may be a path: `"model.name": value`.
    """
    before, after = line[:at], line[at + len(name) :]
    while after[:1] == "[" and "]" in after:  # an item of it
        after = after[after.index("]") + 1 :]
    rest = after.lstrip()
    if after[:1] in ("'", '"') and _starts_path(before, after[0]):
        rest = after[1:].lstrip()
        sign = ":"
    else:
        sign = "="
        if before[-1:].isalnum() or before[-1:] == "_" or rest[:2] == "==":
            return 0
    if rest[:1] != sign:
        return 0
    value = rest[1:].lstrip()
    return len(line) - len(value) if value.strip() else 0


def _starts_path(before: str, quote: str) -> bool:
    """Return whether a text ends in a quote and the start of a path: `"` or `"model.parts[0].`."""
    at = before.rfind(quote) if before[-1:] in (quote, ".") else -1
    return at >= 0 and all(sign in _NAME or sign in "*[]'\"" for sign in before[at + 1 :])


def always(text: str, index: int, depth: int) -> bool:
    """Return that a quote starts a string wherever it is: Python code."""
    return True


def in_brackets(text: str, index: int, depth: int) -> bool:
    """Return whether a quote starts a string: in brackets alone. Elsewhere it is an apostrophe."""
    return depth > 0


def outside_brackets(
    text: str, start: int = 0, starts_string: Callable[[str, int, int], bool] = always
) -> Iterator[tuple[int, str]]:
    """Yield index and letter of what is in neither brackets nor strings, from `start` on.

    Brackets that open are not yielded; one that closes is, where none was opened after `start`.

    Args:
        text: The text.
        start: The first index that is looked at.
        starts_string: Whether the quote at an index starts a string, by text, index and depth.
    """
    quote, depth, index = "", 0, start
    while index < len(text):
        letter = text[index]
        if quote:
            if letter == "\\":
                index += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"" and starts_string(text, index, depth):
            quote = letter
        elif letter in "[({":
            depth += 1
        elif letter in "])}" and depth:
            depth -= 1
        elif not depth:
            yield index, letter
        index += 1


def _blank(text: str) -> str:
    """Return white space as wide as `text` is where it is shown; its tabs stay tabs."""
    return "\t".join(" " * _columns(piece) for piece in text.split("\t"))


def _columns(text: str) -> int:
    """Return how many columns a terminal takes for `text`: two for many characters of East Asia."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
        for character in text
    )


def _window(text: str, start: int) -> tuple[str, int]:
    """Return the visible part of a line around column `start`, and the column there."""
    left = max(0, start - _BEFORE) if len(text) > _LINE else 0
    shown = text[left : left + _LINE]
    if left:
        shown = f"...{shown[3:]}"
    if left + _LINE < len(text):
        shown = f"{shown[:-3]}..."
    return shown, start - left
