"""Put golden messages into the site, so that a page never shows other words than the library.

A line `<!-- golden: CASE/FILE -->` of a page becomes a block that can be opened, with the text of
`tests/golden/CASE/FILE`. mkdocs calls `on_page_markdown` for each page.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden"
MARK = re.compile(r"^<!-- golden: ([\w./-]+) -->$", re.MULTILINE)


def block(name: str) -> str:
    """Return the Markdown of a block with the messages of a golden file."""
    text = (GOLDEN / name).read_text(encoding="utf-8").strip("\n")
    fence = f"```text\n{text}\n```"
    return f'??? example "Messages"\n\n{textwrap.indent(fence, "    ")}'


def on_page_markdown(markdown: str, **context: object) -> str:
    """Replace each mark of a page with the messages of its golden file."""
    return MARK.sub(lambda match: block(match[1]), markdown)
