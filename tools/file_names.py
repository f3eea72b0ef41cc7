"""Show on the site in which file a block is: a page names it in a comment, which no reader sees.

mkdocs calls `on_page_markdown` for each page. The block after `<!-- file: lab/pi.py -->` gets the
title `lab/pi.py`.
"""

from __future__ import annotations

import re

BLOCK = re.compile(r"^([ \t]*)<!-- file: (\S+) -->\s*?\n\s*```(\w+)$", re.MULTILINE)


def on_page_markdown(markdown: str, **context: object) -> str:
    """Replace the comments above blocks with titles of the blocks."""
    return BLOCK.sub(r'\1```\3 title="\2"', markdown)
