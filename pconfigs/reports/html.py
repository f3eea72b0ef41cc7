"""HTML: a config as a collapsible tree, for notebooks and as a page of its own.

Nothing is loaded from elsewhere, and every text is escaped. Collapsing is the browser's own and
works by keyboard and without scripts; only the search of a page needs its few lines of script. Long
lists are folded: their first items are shown, those that changed, and how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import Any

from pconfigs.provenance.origins import (
    HIDDEN,
    built_at,
    function_place,
    is_secret,
    origin_of,
    shown_value,
)
from pconfigs.reports.graph import changed_values, removed_below
from pconfigs.reports.summaries import short, words
from pconfigs.schema.build_record import EnvironmentRead, reads_of
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.fields import Field
from pconfigs.tree.dependents import Dependents
from pconfigs.tree.paths import ROOT, Path, key_text, pattern_of
from pconfigs.tree.walk import has_inside, inside, pwalk

OPEN_LEVELS = 2
INLINE = 80
"""Lists and dicts without configs in them are on one line up to this width."""
PEEK = 50
"""How much of longer ones shows while they are closed."""
SHOWN_ITEMS = 50
"""How many items of a list or dict are shown, besides those that changed."""
MOST_ENTRIES, MOST_PAGE_ENTRIES = 1_000, 20_000
"""How many entries a notebook and a page show in all."""
EXACT_PARTS = 2_000
"""In larger trees, properties are shown with what was recorded of their reads."""
SHOWN_READS = 8

STYLE = """
.pconfig { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; }
.pconfig ul { list-style: none; margin: 0; padding-left: 1.4em; }
.pconfig summary { cursor: pointer; }
.pconfig .class { color: #7a4fb5; }
.pconfig .value { color: #1a6f3c; white-space: pre-wrap; overflow-wrap: anywhere; }
.pconfig .pinned > .name::after { content: " pinned"; font-size: 85%; }
.pconfig .pinned > .name::after, .pconfig .pin { color: #a15c00; }
.pconfig .changed > .value, .pconfig .changed > details > summary { background: #fff3b0; }
.pconfig .added { background: #d7f5dd; }
.pconfig .removed { background: #fbdcdc; }
.pconfig .was { color: #a33; margin-left: 1em; }
.pconfig .removed > .was { margin-left: 0; }
.pconfig .reads { color: #777; font-size: 90%; margin-left: 1em; }
.pconfig .reads a { color: inherit; }
.pconfig .default > .value { opacity: .6; }
.pconfig details[open] > summary > .peek { display: none; }
.pconfig :target { outline: 2px solid #4a73c9; }
.pconfig .hit > .name, .pconfig .hit > details > summary > .name { outline: 2px solid #d98200; }
.pconfig .away { display: none; }
.pconfig .more { color: #777; }
"""

PAGE_STYLE = """
body { margin: 2em auto; max-width: 60em; padding: 0 1em; }
h1 { font-size: 1.3em; overflow-wrap: anywhere; }
input { font: inherit; width: 20em; padding: .3em; }
.legend { color: #777; font-size: 12px; }
mark { color: inherit; } mark.changed { background: #fff3b0; }
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .pconfig .class { color: #c5a3f0; } .pconfig .value { color: #8fd6a8; }
  .pconfig .changed > .value, .pconfig .changed > details > summary, mark.changed {
    background: #5a4c00;
  }
  .pconfig .added { background: #1d4a2a; } .pconfig .removed { background: #552020; }
  .pconfig .was { color: #f09a9a; }
  .pconfig .pinned > .name::after, .pconfig .pin { color: #e0a050; }
}
"""

SCRIPT = """
const box = document.getElementById("search"), count = document.getElementById("count");
const entries = [...document.querySelectorAll(".pconfig li")];
const opened = new Map([...document.querySelectorAll(".pconfig details")].map(d => [d, d.open]));
function search() {
  const text = box.value.trim().toLowerCase();
  for (const [details, open] of opened) details.open = open;
  let hits = 0;
  for (const entry of entries) {
    const own = (entry.dataset.path + " " + (entry.dataset.value || "")).toLowerCase();
    const hit = text !== "" && own.includes(text);
    entry.classList.toggle("hit", hit);
    entry.classList.toggle("away", text !== "" && !hit);
    hits += hit;
  }
  if (text) for (const entry of document.querySelectorAll(".hit"))
    for (let up = entry.parentElement; up; up = up.parentElement) {
      up.classList.remove("away");
      if (up.tagName === "DETAILS") up.open = true;
    }
  count.textContent = text ? hits + " found" : "";
}
function reveal() {
  const wanted = document.getElementById(location.hash.slice(1));
  for (let up = wanted && wanted.parentElement; up; up = up.parentElement)
    if (up.tagName === "DETAILS") up.open = true;
  if (wanted) wanted.scrollIntoView({block: "nearest"});
}
addEventListener("hashchange", reveal);
box.addEventListener("input", search);
document.addEventListener("keydown", event => {
  if (event.key === "/" && document.activeElement !== box) { event.preventDefault(); box.focus(); }
  if (event.key === "Escape") { box.value = ""; search(); }
});
"""


def to_html(config: Any) -> str:
    """Return a config as a collapsible tree; the place of each setting shows on hover."""
    return f"<style>{STYLE}</style>\n{_Tree(config, None, linked=False).text()}"


def to_page(config: Any, title: str, before: Any = None) -> str:
    """Return a page of its own with the tree of a config and a search box.

    Args:
        config: The config.
        title: Its name, such as its target.
        before: A config to compare with: values that changed since then are marked.
    """
    shown = escape(title)
    legend = ['<span class="pin">pinned</span>: not to be set']
    legend += ["\u2190 what the value is computed from", "grey: a default", "hover: the origin"]
    if before is not None:
        legend += ['<mark class="changed">changed</mark>', '<mark class="added">added</mark>']
        legend += ['<del class="was">before</del>']
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{shown}</title>\n"
        f"<style>{STYLE}{PAGE_STYLE}</style>\n</head>\n<body>\n<h1>{shown}</h1>\n"
        '<p><label>Search <input id="search" type="search" '
        'placeholder="name, path or value (press /)"></label> '
        '<span id="count" role="status"></span></p>\n'
        f'<p class="pconfig legend">{" &nbsp; ".join(legend)}</p>\n'
        f"{_Tree(config, before, linked=True).text()}\n<script>{SCRIPT}</script>\n"
        "</body>\n</html>\n"
    )


@dataclass(slots=True)
class _Link:
    """A name in the text that links to the entry of a path, if that is shown."""

    path: Path
    name: str


class _Tree:
    """One tree while it is written.

    Attributes:
        changes: By path, what a change is, and what the value was before.
        gone: By the path of what held them, what was removed, with what it was.
        ids: By the path of an entry that is shown, the name that links lead to.
    """

    def __init__(self, config: Any, before: Any, linked: bool) -> None:
        self.config = config
        self.changes = {} if before is None else changed_values(before, config)
        self.ids: dict[Path, str] = {}
        self._linked = linked
        self._left = MOST_PAGE_ENTRIES if linked else MOST_ENTRIES
        self._dependents = Dependents(config)
        parts = (1 for _, _, value in pwalk(config) if is_config(value))
        self._is_small = sum(islice(parts, EXACT_PARTS + 1)) <= EXACT_PARTS
        self._touched = {above for path in self.changes for above in _with_ancestors(path)}
        self.gone: dict[Path, list[tuple[Path, str]]] = {}
        if self.changes:
            opened = {path for path, _, value in pwalk(config) if self._is_opened(path, value)}
            self.gone = removed_below(before, self.changes, opened)

    def text(self) -> str:
        """Return the whole tree."""
        parts = list(self._entry(ROOT, None, None, self.config, 1))
        shown = [self._link(part) if isinstance(part, _Link) else part for part in parts]
        return f'<div class="pconfig"><ul>{"".join(shown)}</ul></div>'

    def _link(self, link: _Link) -> str:
        name = escape(link.name)
        return f'<a href="#{self.ids[link.path]}">{name}</a>' if link.path in self.ids else name

    def _entry(
        self, path: Path, field: Field | None, owner: Any, value: Any, level: int
    ) -> Iterator[str | _Link]:
        """Yield the entry of a value, with everything inside of it that is shown."""
        self._left -= 1
        yield f"\n<li{self._attributes(path, field, owner, value)}>"
        if not self._is_opened(path, value):
            yield f'{_name(path)}<code class="value">{escape(words(value))}</code>{self._was(path)}'
            yield from self._reads(path, owner)
        else:
            near = level <= OPEN_LEVELS or path in self.changes
            opened = " open" if near and (is_config(value) or _holds_more(value)) else ""
            yield f"<details{opened}><summary>{_name(path)}{_class(value)}"
            yield from self._reads(path, owner)
            yield "</summary><ul>"
            yield from self._inside(path, field, value, level)
            for gone in self.gone.get(path, ()):
                yield self._gone_entry(*gone)
            yield "</ul></details>"
        yield "</li>"

    def _inside(
        self, path: Path, field: Field | None, value: Any, level: int
    ) -> Iterator[str | _Link]:
        if not is_config(value) and not _holds_more(value) and path not in self._touched:
            yield f'\n<li><code class="value">{escape(words(value))}</code></li>'
            return
        left_out = 0
        for index, (inner, own, item) in enumerate(inside(value, path, field)):
            shown = is_config(value) or index < SHOWN_ITEMS or inner in self._touched
            if not shown or self._left <= 0:
                left_out += 1
                continue
            owner = value if is_config(value) else None
            hidden = owner is not None and is_secret(owner, str(inner.step))
            yield from self._entry(inner, own, owner, HIDDEN if hidden else item, level + 1)
        if left_out:
            yield f'\n<li class="more">\u2026 and {left_out:,} more</li>'

    def _is_opened(self, path: Path, value: Any) -> bool:
        """Return whether there are entries inside that of a value."""
        if is_config(value):
            return True
        if not has_inside(value) or not value:
            return False
        return path in self._touched or _holds_more(value) or len(words(value, INLINE)) > INLINE

    def _gone_entry(self, path: Path, was: str) -> str:
        data = f'class="removed" data-path="{escape(str(path))}"'
        return f'\n<li {data}>{_name(path)}<del class="was">{escape(was)}</del></li>'

    def _attributes(self, path: Path, field: Field | None, owner: Any, value: Any) -> str:
        classes = ["pinned"] if owner is not None and field is not None and field.pinned else []
        place, is_default = _place(owner, field, value)
        if is_default:
            classes.append("default")
        if path in self.changes:
            classes.append(self.changes[path][0])
        kind = f' class="{" ".join(classes)}"' if classes else ""
        data = f' data-path="{escape(str(path))}"'
        if not has_inside(value):
            data += f' data-value="{escape(short(value, 200))}"'
        if self._linked:
            self.ids[path] = f"v{len(self.ids)}"
            data += f' id="{self.ids[path]}"'
        return f"{kind}{data}" + (f' title="{escape(place)}"' if place else "")

    def _was(self, path: Path) -> str:
        was = self.changes[path][1] if path in self.changes else ""
        return f'<del class="was">{escape(was)}</del>' if was else ""

    def _reads(self, path: Path, owner: Any) -> Iterator[str | _Link]:
        """Yield what the value was computed from, as links to what is shown."""
        name = path.step
        if owner is None or not isinstance(name, str) or name not in schema_of(owner).properties:
            return
        at = path.parent or ROOT
        perhaps = ""
        if self._is_small:
            reads = self._dependents.reads(owner, name)
            paths = list(reads.values.paths(at))
            perhaps = "" if reads.failure is None else "perhaps "
        else:
            recorded = reads_of(owner).get(name, ())
            paths = [Path(at, one) for one in recorded if not isinstance(one, EnvironmentRead)]
        # Items look alike, and fields of the same config go by their names.
        groups = {pattern_of(read): read for read in reversed(paths)}
        shown = [(read, str(read.step) if read.parent == at else p) for p, read in groups.items()]
        for index, (read, text) in enumerate(shown[::-1][:SHOWN_READS]):
            yield ", " if index else f'<span class="reads">\u2190 {perhaps}'
            yield _Link(read, text)
        if len(shown) > SHOWN_READS:
            yield f" and {len(shown) - SHOWN_READS} more"
        if shown:
            yield "</span>"


def _with_ancestors(path: Path) -> Iterator[Path]:
    node: Path | None = path
    while node is not None:
        yield node
        node = node.parent


def _holds_more(value: Any) -> bool:
    """Return whether a list or dict holds configs, lists or dicts in turn."""
    items: Any = value
    return any(map(has_inside, items.values() if isinstance(value, dict) else items))


def _place(owner: Any, field: Field | None, value: Any) -> tuple[str, bool]:
    """Return where a value comes from, in a few words, and whether it is a default."""
    if owner is None or field is None:
        return (f"built at {built_at(value)}" if is_config(value) else ""), False
    if field.property is not None:
        return f"computed by the property at {function_place(field.property.function)}", False
    origin = origin_of(owner, field.name)
    if origin is None:
        return "", False
    label = "default" if origin.is_default else "set"
    return f"{label} at {origin.place.exact}", origin.is_default


def _name(path: Path) -> str:
    step = path.step
    if step is None:
        return ""
    text = step if isinstance(step, str) else f"[{key_text(step.key)}]"
    return f'<span class="name">{escape(text)}</span> = '


def _class(value: Any) -> str:
    if is_config(value):
        return f'<span class="class">{escape(type(value).__name__)}</span>'
    size = len(value)
    kind = next(kind.__name__ for kind in (list, tuple, dict) if isinstance(value, kind))
    text = f'<span class="class">{kind} of {size}</span>'
    if _holds_more(value):
        return text
    return f'{text} <code class="value peek">{escape(short(value, PEEK))}</code>'


def rich_parts(config: Any) -> Iterator[tuple[str, Any]]:
    """Yield names and values of the fields, for `__rich_repr__`."""
    for name in schema_of(config).fields:
        yield name, shown_value(config, name)
