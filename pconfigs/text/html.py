"""HTML: a config as a collapsible tree, for notebooks and as a page of its own.

Nothing is loaded from elsewhere, and every text is escaped. Collapsing is the browser's own, so it
works by keyboard and without scripts; only the search of a page needs its few lines of script.
"""

from __future__ import annotations

from pconfigs.schema.table import is_config, schema_of
from pconfigs.text.values import short, words
from pconfigs.tree.origins import HIDDEN, built_at, function_place, is_secret, origin_of
from pconfigs.tree.paths import ROOT, Path, key_text
from pconfigs.tree.walk import has_inside, inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pconfigs.schema.fields import Field

OPEN_LEVELS = 2
INLINE = 80
"""Lists and dicts without configs in them stand on one line up to this width."""

STYLE = """
.pconfig { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; }
.pconfig ul { list-style: none; margin: 0; padding-left: 1.4em; }
.pconfig summary { cursor: pointer; }
.pconfig .class { color: #7a4fb5; }
.pconfig .value { color: #1a6f3c; white-space: pre-wrap; overflow-wrap: anywhere; }
.pconfig .pinned > .name::after { content: " pinned"; color: #a15c00; font-size: 85%; }
.pconfig .changed > .value, .pconfig .changed > details > summary { background: #fff3b0; }
.pconfig .added { background: #d7f5dd; }
.pconfig .was { color: #a33; text-decoration: line-through; margin-left: 1em; }
.pconfig .hit > .name, .pconfig .hit > details > summary > .name { outline: 2px solid #d98200; }
.pconfig .away { display: none; }
"""

PAGE_STYLE = """
body { margin: 2em auto; max-width: 60em; padding: 0 1em; }
input { font: inherit; width: 20em; padding: .3em; }
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .pconfig .class { color: #c5a3f0; } .pconfig .value { color: #8fd6a8; }
  .pconfig .changed > .value { background: #5a4c00; } .pconfig .added { background: #1d4a2a; }
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
    return f"<style>{STYLE}</style>\n{_tree(config, {})}"


def to_page(config: Any, title: str, before: Mapping[Path, tuple[str, str]] | None = None) -> str:
    """A page of its own with the tree of a config and a search box.

    Args:
        config: The config.
        title: What it is, such as its target.
        before: By path, what a change is (`changed`, `added`) and what the value was before.
    """
    shown = escaped(title)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{shown}</title>\n"
        f"<style>{STYLE}{PAGE_STYLE}</style>\n</head>\n<body>\n<h1>{shown}</h1>\n"
        '<p><label>Search <input id="search" type="search" '
        'placeholder="name, path or value (press /)"></label> '
        '<span id="count" role="status"></span></p>\n'
        f"{_tree(config, before or {})}\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _tree(config: Any, before: Mapping[Path, tuple[str, str]]) -> str:
    parts = ['<div class="pconfig"><ul>']
    pending: list[Iterator[tuple[Path, Field | None, Any]]] = [iter([(ROOT, None, config)])]
    owners: list[Any] = [None]
    while pending:
        for path, field, value in pending[-1]:
            owner = owners[-1]
            is_field = isinstance(path.step, str)
            shown = HIDDEN if is_field and is_secret(owner, str(path.step)) else value
            known = _attributes(owner if is_field else None, path, field, shown, before)
            if _is_opened(shown):
                level = len(pending)
                opened = " open" if level <= OPEN_LEVELS or str(path) in before else ""
                title = f"{_name(path)}{_class(shown)}"
                parts.append(f"<li{known}><details{opened}><summary>{title}</summary><ul>")
                pending.append(inside(shown, path, field))
                owners.append(shown)
                break
            code = f'<code class="value">{escaped(words(shown))}</code>'
            parts.append(f"<li{known}>{_name(path)}{code}{_was(path, before)}</li>")
        else:
            pending.pop()
            owners.pop()
            if pending:
                parts.append("</ul></details></li>")
    return "\n".join([*parts, "</ul></div>"])


def _is_opened(value: Any) -> bool:
    if is_config(value):
        return True
    if not has_inside(value) or not value:
        return False
    items = value.values() if isinstance(value, dict) else value
    return any(map(has_inside, items)) or len(words(value, 4 * INLINE)) > INLINE


def _attributes(
    owner: Any, path: Path, field: Field | None, value: Any, before: Mapping[Path, tuple[str, str]]
) -> str:
    classes = ["pinned"] if owner is not None and field is not None and field.pinned else []
    if path in before:
        classes.append(before[path][0])
    kind = f' class="{" ".join(classes)}"' if classes else ""
    data = f' data-path="{escaped(str(path))}"'
    if not has_inside(value):
        data += f' data-value="{escaped(short(value, 200))}"'
    place = _place(owner, path, field, value)
    return f"{kind}{data}" + (f' title="{escaped(place)}"' if place else "")


def _place(owner: Any, path: Path, field: Field | None, value: Any) -> str:
    """Where a value comes from, in a few words."""
    if owner is None or field is None:
        return f"built at {built_at(value)}" if is_config(value) else ""
    if field.property is not None:
        return f"computed by the property at {function_place(field.property.function)}"
    origin = origin_of(owner, field.name)
    if origin is None:
        return ""
    return f"{'default' if origin.is_default else 'set'} at {origin.place.exact}"


def _name(path: Path) -> str:
    step = path.step
    if step is None:
        return ""
    text = step if isinstance(step, str) else f"[{key_text(step.key)}]"
    return f'<span class="name">{escaped(text)}</span> = '


def _class(value: Any) -> str:
    if is_config(value):
        return f'<span class="class">{escaped(type(value).__name__)}</span>'
    kind = next(kind for kind in (list, tuple, dict) if isinstance(value, kind))
    return f'<span class="class">{kind.__name__} of {len(value)}</span>'


def _was(path: Path, before: Mapping[Path, tuple[str, str]]) -> str:
    if path not in before or not before[path][1]:
        return ""
    return f'<span class="was">{escaped(before[path][1])}</span>'


def rich_parts(config: Any) -> Iterator[tuple[str, Any]]:
    """Names and values of the fields, for `__rich_repr__`."""
    for name in schema_of(config).fields:
        yield name, HIDDEN if is_secret(config, name) else getattr(config, name)
