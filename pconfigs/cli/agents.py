"""`python -m pconfigs.agents`: rules for coding agents, and their way into AGENTS.md."""

from __future__ import annotations

import os
from argparse import Namespace
from pkgutil import get_data

from pconfigs.atomic_files import write_text
from pconfigs.cli.options import RULES_FILE
from pconfigs.cli.output import write, write_json
from pconfigs.errors.formatting import did_you_mean, listed
from pconfigs.errors.targets import UsageError
from pconfigs.reports.tables import columns

GUIDES = ("classes", "experiments", "inspecting", "testing")
BEGIN = "<!-- pconfigs: begin (python -m pconfigs.agents install writes what is in here) -->"
END = "<!-- pconfigs: end -->"


def command(asked: Namespace) -> int:
    """List the rules, show one, or put them all into a project's AGENTS.md."""
    if asked.action == "list":
        _list(asked.json)
    elif asked.action == "show":
        for name in asked.names or GUIDES:
            if name not in GUIDES:
                raise _unknown(name)
        write("\n\n".join(_guide(name) for name in asked.names or GUIDES))
    else:
        write(install(asked.folder))
    return 0


def _list(as_json: bool) -> None:
    titles = {name: _guide(name).partition("\n")[0].lstrip("# ") for name in GUIDES}
    if as_json:
        write_json([{"name": name, "title": title} for name, title in titles.items()])
        return
    write("\n".join(columns(list(titles.items()))))


def _guide(name: str) -> str:
    """Return the text of a rule, without a line break at its end."""
    # Also of a library in a zip.
    content = get_data("pconfigs", f"guides/{name}.md")
    assert content is not None
    return content.decode().replace("\r\n", "\n").rstrip("\n")


def _unknown(name: str) -> UsageError:
    advice = did_you_mean(name, GUIDES, "{}", f"there are {listed(GUIDES)}")
    return UsageError("agents", f"there is no rule {name!r}", [advice])


def block() -> str:
    """Return the block of AGENTS.md, from its first mark to its last."""
    lines = [BEGIN, "## Code with pconfigs", ""]
    for name in GUIDES:
        lines += [f"##{_guide(name)}", ""]
    return "\n".join([*lines, END])


def install(folder: str) -> str:
    """Write or renew the block in a folder's AGENTS.md; return a line for the user.

    Raises:
        UsageError: There is no such folder, or the marks in the file do not pair.
    """
    if not os.path.isdir(folder):
        raise UsageError("agents", f"there is no folder {folder}")
    path = os.path.join(folder, RULES_FILE)
    shown = os.path.relpath(path)
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            before = file.read()
    except FileNotFoundError:
        before = ""
    after = with_block(before, shown)
    if after == before:
        return f"{shown} is up to date"
    write_text(path, after)
    return f"{'updated' if before else 'wrote'} {shown}"


def with_block(text: str, shown: str) -> str:
    """Return a text with the block in the place of the old one, or at its end."""
    new = block()
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    line = "\r\n" if "\r\n" in text else "\n"
    start, end = text.find(BEGIN[: BEGIN.index(" (")]), text.find(END)
    if start < 0 and end < 0:
        gap = "" if not text else line if text.endswith("\n") else 2 * line
        return f"{text}{gap}{new}{line}"
    if not 0 <= start < end or text.count(END) > 1:
        raise UsageError(
            "agents",
            f"the marks of the block in {shown} do not pair",
            [f"remove the lines {BEGIN!r} and {END!r} with what is between them, and try again"],
        )
    return f"{text[:start]}{new}{text[end + len(END) :]}"
