"""Style and script of the page of runs. Nothing is loaded from elsewhere."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --line: #8883; --mark: #4477aa; }
body { font: 14px/1.4 system-ui, sans-serif; margin: 1em 1.5em; }
h1 { font-size: 1.2em; margin: 0 0 .5em; }
input, select, button { font: inherit; }
#filter { width: 28em; max-width: 60%; padding: .25em .5em; }
#bad { color: #c33; }
#scroll { height: 60vh; overflow: auto; border: 1px solid var(--line); margin-top: .6em; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { text-align: left; padding: 0 10px; height: 26px; box-sizing: border-box; }
#runs tbody tr { border-bottom: 1px solid var(--line); }
thead th { position: sticky; top: 0; background: Canvas; z-index: 1; }
th button { border: 0; background: none; padding: 0; cursor: pointer; font-weight: 600; }
tr.here { outline: 2px solid var(--mark); outline-offset: -2px; }
tr.chosen { background: #4477aa22; }
.state-failed, .state-lost { color: #c33; } .state-done { color: #2a7d3a; }
details { display: inline-block; vertical-align: top; margin-left: 1em; }
details > div { columns: 3; max-height: 40vh; overflow: auto; }
label { display: block; }
#compare td, #compare th { white-space: normal; vertical-align: top; height: auto; padding: 2px 10px; }
#compare tr:nth-child(even) { background: #8881; }
kbd { border: 1px solid var(--line); border-radius: 3px; padding: 0 .3em; }
.help { color: GrayText; font-size: 12px; }
svg { max-width: 100%; }
@media (prefers-color-scheme: dark) { :root { --mark: #7aa6d8; } .state-done { color: #7fd08f; } }
"""

BODY = """
<h1>TITLE</h1>
<input id="filter" type="search" aria-label="filter" placeholder="state=done accuracy>0.9 text">
<span id="count" role="status"></span> <span id="bad" role="alert"></span>
<details id="columns"><summary>columns</summary><div></div></details>
<div class="help"><kbd>/</kbd> filter, <kbd>&uarr;</kbd> <kbd>&darr;</kbd> move,
<kbd>space</kbd> choose, <kbd>Esc</kbd> choose none; a head sorts. NOTE</div>
<div id="scroll" tabindex="0"><table id="runs"><thead></thead><tbody></tbody></table></div>
<div id="details" hidden>
<p><label for="metric" style="display:inline">curves of</label> <select id="metric"></select></p>
<div id="plot"></div>
<table id="compare"></table>
</div>
<noscript>This page needs scripts, which are part of it.</noscript>
"""

SCRIPT = r"""
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const names = data.columns.map(c => c.name), index = new Map(names.map((n, i) => [n, i]));
const values = data.columns.map(c => c.dict ? c.values.map(v => v === null ? null : c.dict[v]) : c.values);
const total = data.count, ROW = 26, COLORS = data.colors;
const $ = id => document.getElementById(id);
const state = {rows: [...Array(total).keys()], sort: null, down: true, here: 0, chosen: [],
  shown: new Set(data.shown)};

function text(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && !Number.isInteger(value))
    return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
      ? value.toExponential(3) : String(Math.round(value * 1e6) / 1e6);
  return typeof value === "string" ? value : JSON.stringify(value);
}

const tests = {
  "=": (a, b) => String(a) === b || (b.trim() !== "" && typeof a === "number" && a === Number(b)),
  "!=": (a, b) => !tests["="](a, b), "~": (a, b) => text(a).includes(b),
  ">": (a, b) => typeof a === "number" && a > Number(b),
  "<": (a, b) => typeof a === "number" && a < Number(b),
  ">=": (a, b) => typeof a === "number" && a >= Number(b),
  "<=": (a, b) => typeof a === "number" && a <= Number(b)};

function parse(word) {
  const found = /^([^=<>!~]+)(>=|<=|!=|=|>|<|~)(.*)$/.exec(word);
  if (!found) return row => values[0][row].includes(word) || names.some((n, i) =>
    state.shown.has(n) && typeof values[i][row] === "string" && values[i][row].includes(word));
  const at = index.get(found[1]);
  if (at === undefined) throw new Error("no column " + found[1]);
  return row => tests[found[2]](values[at][row], found[3]);
}

function filter() {
  let checks = [];
  $("bad").textContent = "";
  try { checks = $("filter").value.split(/\s+/).filter(Boolean).map(parse); }
  catch (error) { $("bad").textContent = error.message; return; }
  state.rows = [];
  for (let row = 0; row < total; row++) if (checks.every(c => c(row))) state.rows.push(row);
  sort();
}

function sort() {
  if (state.sort !== null) {
    const column = values[index.get(state.sort)], sign = state.down ? -1 : 1;
    const rank = v => v === null || v === undefined || Number.isNaN(v) ? 1 : 0;
    state.rows.sort((a, b) => {
      const x = column[a], y = column[b];
      if (rank(x) !== rank(y)) return rank(x) - rank(y);
      if (rank(x)) return a - b;
      const order = typeof x === "number" && typeof y === "number"
        ? x - y : text(x) < text(y) ? -1 : text(x) > text(y) ? 1 : 0;
      return sign * order || a - b;
    });
  } else state.rows.sort((a, b) => a - b);
  state.here = Math.min(state.here, Math.max(0, state.rows.length - 1));
  $("count").textContent = `${state.rows.length} of ${total} runs`;
  draw();
}

function element(tag, content, options) {
  const made = Object.assign(document.createElement(tag), options);
  if (content !== undefined) made.append(content);
  return made;
}

function head() {
  const line = element("tr");
  line.append(element("th", ""));
  for (const name of names) if (state.shown.has(name)) {
    const cell = element("th"), button = element("button", name, {type: "button"});
    const mine = state.sort === name;
    if (mine) { cell.ariaSort = state.down ? "descending" : "ascending"; button.append(state.down ? " ↓" : " ↑"); }
    button.onclick = () => {
      if (!mine) { state.sort = name; state.down = true; }
      else if (state.down) state.down = false;
      else state.sort = null;
      sort(); head();
    };
    cell.append(button); line.append(cell);
  }
  document.querySelector("#runs thead").replaceChildren(line);
}

function draw() {
  const box = $("scroll"), body = document.querySelector("#runs tbody");
  const first = Math.max(0, Math.floor(box.scrollTop / ROW) - 10);
  const last = Math.min(state.rows.length, first + Math.ceil(box.clientHeight / ROW) + 30);
  const lines = [element("tr", undefined, {style: `height:${first * ROW}px;border:0`})];
  for (let at = first; at < last; at++) {
    const row = state.rows[at], line = element("tr");
    line.dataset.run = values[0][row];
    line.className = (at === state.here ? "here " : "") + (state.chosen.includes(row) ? "chosen" : "");
    const check = element("input", undefined, {type: "checkbox", checked: state.chosen.includes(row)});
    check.ariaLabel = "choose " + values[0][row];
    check.tabIndex = -1;
    check.onclick = () => { state.here = at; choose(row); };
    line.append(element("td", check));
    names.forEach((name, i) => {
      if (!state.shown.has(name)) return;
      const cell = element("td", text(values[i][row]));
      if (name === "state") cell.className = "state-" + values[i][row];
      line.append(cell);
    });
    lines.push(line);
  }
  lines.push(element("tr", undefined, {style: `height:${(state.rows.length - last) * ROW}px;border:0`}));
  body.replaceChildren(...lines);
}

function choose(row) {
  const at = state.chosen.indexOf(row);
  if (at >= 0) state.chosen.splice(at, 1); else state.chosen.push(row);
  draw(); details();
}

function details() {
  $("details").hidden = state.chosen.length === 0;
  if (!state.chosen.length) return;
  const table = [element("tr", undefined, {})];
  table[0].append(element("th", "chosen"), ...state.chosen.map(row => element("th", values[0][row])));
  names.forEach((name, i) => {
    if (i === 0) return;
    const texts = state.chosen.map(row => text(values[i][row]));
    if (state.chosen.length > 1 ? new Set(texts).size > 1 : texts[0] !== "") {
      const line = element("tr");
      line.dataset.path = name;
      line.append(element("th", name), ...texts.map(one => element("td", one)));
      table.push(line);
    }
  });
  $("compare").replaceChildren(...table);
  plot();
}

function plot() {
  const NS = "http://www.w3.org/2000/svg", W = 720, H = 300, L = 60, B = 30, T = 10;
  const curves = state.chosen.map(row => (data.curves[row] || {})[$("metric").value]);
  const points = curves.flatMap(c => c ? c[0].map((x, i) => [x, c[1][i]]) : []).filter(p => p[1] !== null);
  const svg = document.createElementNS(NS, "svg");
  const put = (tag, attributes, content) => {
    const made = document.createElementNS(NS, tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (content !== undefined) made.textContent = content;
    svg.append(made);
    return made;
  };
  put("title", {}, "curves of " + $("metric").value);
  svg.setAttribute("viewBox", `0 0 ${W} ${H}`); svg.setAttribute("width", W);
  svg.setAttribute("fill", "currentColor"); svg.setAttribute("font-size", "12");
  if (!points.length) { $("plot").replaceChildren("no curves of these runs"); return; }
  const range = values => {
    let low = Infinity, high = -Infinity;
    for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
    return low === high ? [low - .5, high + .5] : [low, high];
  };
  const [x0, x1] = range(points.map(p => p[0])), [y0, y1] = range(points.map(p => p[1]));
  const X = x => L + (x - x0) / (x1 - x0) * (W - L - 10), Y = y => H - B - (y - y0) / (y1 - y0) * (H - B - T);
  for (let i = 0; i <= 4; i++) {
    const x = x0 + (x1 - x0) * i / 4, y = y0 + (y1 - y0) * i / 4;
    put("text", {x: X(x), y: H - 8, "text-anchor": "middle"}, text(Number(x.toPrecision(3))));
    put("text", {x: L - 6, y: Y(y) + 4, "text-anchor": "end"}, text(Number(y.toPrecision(3))));
    put("path", {d: `M${L} ${Y(y)}H${W - 10}`, stroke: "currentColor", opacity: .15});
  }
  curves.forEach((curve, n) => {
    if (!curve) return;
    let line = "", up = true;
    curve[0].forEach((x, i) => {
      if (curve[1][i] === null) { up = true; return; }
      line += `${up ? "M" : "L"}${X(x).toFixed(1)} ${Y(curve[1][i]).toFixed(1)}`; up = false;
    });
    const path = put("path", {d: line, fill: "none", stroke: COLORS[n % COLORS.length], "stroke-width": 2});
    const title = document.createElementNS(NS, "title");
    title.textContent = values[0][state.chosen[n]]; path.append(title);
  });
  $("plot").replaceChildren(svg);
  document.querySelectorAll("#compare tr:first-child th").forEach((cell, n) => {
    if (n) cell.style.borderTop = `4px solid ${COLORS[(n - 1) % COLORS.length]}`;
  });
}

function move(by) {
  state.here = Math.max(0, Math.min(state.rows.length - 1, state.here + by));
  const box = $("scroll"), top = state.here * ROW;
  if (top < box.scrollTop) box.scrollTop = top;
  if (top + 3 * ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + 3 * ROW - box.clientHeight;
  draw();
}

document.addEventListener("keydown", event => {
  const typing = document.activeElement === $("filter") || document.activeElement.tagName === "SELECT";
  if (event.key === "Escape") {
    if (typing) { $("filter").value = ""; $("scroll").focus(); filter(); }
    else { state.chosen = []; draw(); details(); }
  } else if (typing) {
    if (event.key === "Enter") $("scroll").focus();
    return;
  } else if (event.key === "/") $("filter").focus();
  else if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "PageDown") move(15);
  else if (event.key === "PageUp") move(-15);
  else if (event.key === " " && state.rows.length && document.activeElement.tagName !== "BUTTON"
    && document.activeElement.tagName !== "SUMMARY") choose(state.rows[state.here]);
  else return;
  event.preventDefault();
});

for (const name of names) {
  const check = element("input", undefined, {type: "checkbox", checked: state.shown.has(name)});
  check.onchange = () => {
    if (check.checked) state.shown.add(name); else state.shown.delete(name);
    head(); draw();
  };
  const label = element("label", check);
  label.append(" " + name);
  document.querySelector("#columns div").append(label);
}
for (const name of data.metrics) $("metric").append(element("option", name));
$("metric").onchange = plot;
$("filter").oninput = filter;
$("scroll").onscroll = draw;
addEventListener("resize", draw);
head(); filter();
"""
