"""Comments of a YAML file: which key each belongs to."""

from __future__ import annotations

import re
from typing import Any

from pconfigs.adoption.nodes import Notes

# A comment such as `# lr: 1e-3`, `# - name` or `# lr: 1e-3  # slow`; prose after a colon is longer.
_SETTING = re.compile(r"(- )?[a-z_][\w.-]*:(\s+(\S+|\"[^\"]*\"|\[[^\]]*\]))?(\s+#.*)?|- \S+")
_PACKAGE = re.compile(r"@package\s+(\S+)")


class Comments:
    """The comments of one text, by line."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()

    def notes(self, key: Any, value: Any) -> Notes:
        """Return the comments at a key: the block above it and the rest of its line."""
        prose: list[str] = []
        settings: list[str] = []
        for line in self._above(key.start_mark.line, key.start_mark.column):
            (settings if _SETTING.fullmatch(line) else prose).append(line)
        trailing = self._after(key, value)
        text = "\n".join(filter(None, [*prose, trailing]))
        return Notes(text, tuple(settings))

    def head(self, first: int | None) -> str:
        """Return the comment at the top, where an empty line sets it off from the first key.

        Args:
            first: Line of the first key; None in a file without keys.
        """
        block: list[str] = []
        for line in self.lines[: len(self.lines) if first is None else first - 1]:
            bare = line.strip()
            if bare.startswith("#"):
                comment = _bare(bare)
                if not _PACKAGE.match(comment):
                    block.append(comment)
            elif block and any(block):
                return "\n".join(filter(None, block))
        return "\n".join(filter(None, block)) if first is None else ""

    def package(self) -> str | None:
        """Return the word of the header `# @package word`, which comes before all keys."""
        for line in self.lines:
            bare = line.strip()
            if bare and not bare.startswith("#"):
                return None
            match = _PACKAGE.match(_bare(bare))
            if match:
                return match[1]
        return None

    def _above(self, line: int, column: int) -> list[str]:
        """Return the comment lines directly above a line that are indented like it."""
        found: list[str] = []
        while line > 0:
            line -= 1
            text = self.lines[line]
            bare = text.lstrip()
            if not bare.startswith("#") or len(text) - len(bare) != column:
                break
            found.append(_bare(bare))
        found = [text for text in found if not _PACKAGE.match(text)]
        return found[::-1]

    def _after(self, key: Any, value: Any) -> str:
        """Return the comment on the line of a key, or on that on which its value ends."""
        line = key.end_mark.line
        rest = self.lines[line][key.end_mark.column :] if line < len(self.lines) else ""
        if value.id == "scalar" or value.flow_style:
            end = value.end_mark
            if end.line < len(self.lines) and getattr(value, "style", None) not in ("|", ">"):
                rest = ":" + self.lines[end.line][end.column :]
        match = re.fullmatch(r"\s*:?\s*(?:[|>][-+\d]*)?\s*#(.*)", rest)
        return _bare(f"#{match[1]}") if match else ""


def _bare(comment: str) -> str:
    """Return a comment without its marks."""
    return comment.lstrip("#").strip()
