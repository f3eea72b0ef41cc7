"""HTML: a config as a collapsible tree, for notebooks and as a page of its own.

Nothing is loaded from elsewhere, and every text is escaped. Collapsing is the browser's own, so it
works by keyboard and without scripts; only the search of a page needs its few lines of script.
"""

from __future__ import annotations

from pconfigs.provenance.origins import (
    HIDDEN,
    built_at,
    function_place,
    is_secret,
    origin_of,
    shown_value,
)
from pconfigs.reports.graph import changed_values, graph_of, removed_below
from pconfigs.reports.summaries import short, words
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.paths import ROOT, Path, key_text
from pconfigs.tree.walk import has_inside, inside, pwalk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pconfigs.schema.fields import Field

OPEN_LEVELS = 2
INLINE = 80
"""Lists and dicts without configs in them stand on one line up to this width."""
PEEK = 50
"""Of longer ones, so much shows while they are closed."""

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


def escaped(text: str) -> str:
    """A text as HTML shows it, also inside quotes."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#x27;")


def to_html(config: Any) -> str:
    """A config as a collapsible tree; the place where each value was set shows on hover."""
    return f"<style>{STYLE}</style>\n{_Tree(config, None, linked=False).text()}"


def to_page(config: Any, title: str, before: Any = None) -> str:
    """A page of its own with the tree of a config and a search box.

    Args:
        config: The config.
        title: What it is, such as its target.
        before: A config to compare with: what has changed since then is marked.
    """
    shown = escaped(title)
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


class _Tree:
    """What is known of a tree while it is written.

    Attributes:
        changes: By path, what a change is, and what the value was before.
        gone: By the path of what held them, what was removed, with what it was.
        sources: By the path of what a property computed, the paths of what it read.
        anchors: By the path of what was read, the name that links to it.
    """

    def __init__(self, config: Any, before: Any, linked: bool) -> None:
        self.config = config
        self.changes = {} if before is None else changed_values(before, config)
        self.sources: dict[Path, list[Path]] = {}
        for start, end in graph_of(config).arrows:
            self.sources.setdefault(end, []).append(start)
        read = {path for paths in self.sources.values() for path in paths}
        self.anchors = {path: f"v{count}" for count, path in enumerate(read)} if linked else {}
        opened = {path for path, _, value in pwalk(config) if _is_opened(value)}
        self.gone = removed_below(before, self.changes, opened) if self.changes else {}

    def text(self) -> str:
        """The whole tree."""
        parts = ['<div class="pconfig"><ul>']
        pending: list[Iterator[tuple[Path, Field | None, Any]]] = [
            iter([(ROOT, None, self.config)])
        ]
        owners: list[tuple[Path, Any]] = [(ROOT, None)]
        while pending:
            for path, field, value in pending[-1]:
                owner = owners[-1][1] if isinstance(path.step, str) else None
                shown = HIDDEN if owner and is_secret(owner, str(path.step)) else value
                parts.append(self._entry(path, field, owner, shown, len(pending)))
                if _is_opened(shown):
                    pending.append(inside(shown, path, field))
                    owners.append((path, shown))
                    break
            else:
                pending.pop()
                at, _ = owners.pop()
                if pending:
                    parts += [self._gone_entry(*gone) for gone in self.gone.get(at, ())]
                    parts.append("</ul></details></li>")
        return "\n".join([*parts, "</ul></div>"])

    def _entry(self, path: Path, field: Field | None, owner: Any, value: Any, level: int) -> str:
        """The whole entry of a value on one line, or the start of one with more inside."""
        known = self._attributes(path, field, owner, value)
        if not _is_opened(value):
            code = f'<code class="value">{escaped(words(value))}</code>'
            return f"<li{known}>{_name(path)}{code}{self._was(path)}{self._reads(path)}</li>"
        near = level <= OPEN_LEVELS or path in self.changes
        opened = " open" if near and (is_config(value) or _holds_more(value)) else ""
        title = f"{_name(path)}{_class(value)}{self._reads(path)}"
        return f"<li{known}><details{opened}><summary>{title}</summary><ul>"

    def _gone_entry(self, path: Path, was: str) -> str:
        data = f'class="removed" data-path="{escaped(str(path))}"'
        return f'<li {data}>{_name(path)}<del class="was">{escaped(was)}</del></li>'

    def _attributes(self, path: Path, field: Field | None, owner: Any, value: Any) -> str:
        classes = ["pinned"] if owner is not None and field is not None and field.pinned else []
        place, is_default = _place(owner, field, value)
        if is_default:
            classes.append("default")
        if path in self.changes:
            classes.append(self.changes[path][0])
        kind = f' class="{" ".join(classes)}"' if classes else ""
        data = f' data-path="{escaped(str(path))}"'
        if not has_inside(value):
            data += f' data-value="{escaped(short(value, 200))}"'
        if path in self.anchors:
            data += f' id="{self.anchors[path]}"'
        return f"{kind}{data}" + (f' title="{escaped(place)}"' if place else "")

    def _was(self, path: Path) -> str:
        was = self.changes[path][1] if path in self.changes else ""
        return f'<del class="was">{escaped(was)}</del>' if was else ""

    def _reads(self, path: Path) -> str:
        """What the value was computed from, as links where there is something to link to."""
        names: list[str] = []
        for source in self.sources.get(path, ()):
            # What is beside it goes by its name.
            shown = str(source.step if source.parent == path.parent else source)
            link = self.anchors.get(source)
            text = escaped(shown)
            names.append(f'<a href="#{link}">{text}</a>' if link else text)
        return f'<span class="reads">\u2190 {", ".join(names)}</span>' if names else ""


def _is_opened(value: Any) -> bool:
    if is_config(value):
        return True
    if not has_inside(value) or not value:
        return False
    return _holds_more(value) or len(words(value, 4 * INLINE)) > INLINE


def _holds_more(value: Any) -> bool:
    """Whether a list or dict holds configs, lists or dicts in turn."""
    items: Any = value
    return any(map(has_inside, items.values() if isinstance(value, dict) else items))


def _place(owner: Any, field: Field | None, value: Any) -> tuple[str, bool]:
    """Where a value comes from, in a few words, and whether it is a default."""
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
    return f'<span class="name">{escaped(text)}</span> = '


def _class(value: Any) -> str:
    if is_config(value):
        return f'<span class="class">{escaped(type(value).__name__)}</span>'
    size = len(value)
    kind = next(kind.__name__ for kind in (list, tuple, dict) if isinstance(value, kind))
    text = f'<span class="class">{kind} of {size}</span>'
    if _holds_more(value):
        return text
    return f'{text} <code class="value peek">{escaped(short(value, PEEK))}</code>'


def rich_parts(config: Any) -> Iterator[tuple[str, Any]]:
    """Names and values of the fields, for `__rich_repr__`."""
    for name in schema_of(config).fields:
        yield name, shown_value(config, name)
