"""The page on the API leaves nothing out."""

import enum
import inspect
import re
from pathlib import Path

import pconfigs
from pconfigs import errors

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "api.md").read_text(encoding="utf-8")
SHOWN = {line.removeprefix("::: ") for line in PAGE.splitlines() if line.startswith("::: ")}


def test_every_public_name_is_shown():
    homes = {f"{home}.{name}" for name, home in pconfigs._HOMES.items()}
    missing = {name for name in homes if not {name, name.rpartition(".")[0]} & SHOWN}
    assert missing == set()


def options_of(function):
    """Return the names of parameters that have a default, which a page has to explain."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [
        one.name
        for one in parameters
        if one.kind in kinds and one.default is not one.empty and one.name[0] != "_"
    ]


def public_functions():
    """Yield every public function and class, and the public methods of those that are ours."""
    for name in pconfigs._HOMES:
        found = getattr(pconfigs, name)
        if not isinstance(found, enum.EnumMeta):
            yield name, found
        cls = found if isinstance(found, type) else type(found)
        if cls.__module__.startswith("pconfigs."):
            for method in dir(cls):
                if method[0] != "_" and inspect.isroutine(getattr(cls, method, None)):
                    yield f"{name}.{method}", getattr(found, method)


def test_every_option_is_explained_on_a_page():
    """The reference alone does not count: pages show what an option is for."""
    pages = [path for path in DOCS.rglob("*.md") if path.name not in ("api.md", "tour.md")]
    prose = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    options = [(name, one) for name, found in public_functions() for one in options_of(found)]
    assert len(options) > 50
    missing = [pair for pair in options if not re.search(rf"\b{pair[1]}=|`{pair[1]}`", prose)]
    assert missing == []


def test_every_error_is_shown():
    assert {f"pconfigs.errors.{home}" for home in errors._HOMES.values()} - SHOWN == set()
