"""Draw the pictures of the docs: what commands print in a terminal, and the graph of a config.

`python tools/pictures.py` writes docs/images/*.svg. Terminal pictures follow the colour scheme of
the reader, light or dark. The graph needs the program `dot` of Graphviz, or a command that reads
DOT from stdin and writes SVG, in the variable DOT.
"""

from __future__ import annotations

import html
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
FIRST, SECOND = "project.experiments.first", "project.experiments.second"
TERMINAL = {
    "explain": ["explain", SECOND, "base_lr", "effective_batch_size"],
    "diff": ["diff", FIRST, SECOND],
    "mistakes": ["run", SECOND, "bse_lr=1", "steps=many", "effective_batch_size=64"],
}
STYLE = """\
  .card { fill: #ffffff; stroke: #d0d7de; }
  text { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; fill: #24292f; }
  .prompt { fill: #57606a; }
  .bold { font-weight: bold; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #161b22; stroke: #30363d; }
    text { fill: #c9d1d9; }
    .prompt { fill: #8b949e; }
  }"""
LINE, LETTER, MARGIN = 19, 7.83, 16


def printed(words: list[str]) -> str:
    """Return what a command writes to a terminal of 100 columns."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="100")
        os.environ.pop("NO_COLOR", None)
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", f"pconfigs.{words[0]}", *words[1:]])
    output = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # the end, on Linux
            break
        if not chunk:
            break
        output += chunk
    os.waitpid(process, 0)
    return output.decode("utf-8").replace("\r\n", "\n").rstrip("\n")


def terminal_picture(words: list[str], output: str) -> str:
    """Return the SVG of a command and its output; bold text stays bold."""
    prompt = f"$ python -m pconfigs.{' '.join(words)}"
    lines = [f'<tspan class="prompt">{html.escape(prompt)}</tspan>']
    lines += [_marked(line) for line in output.split("\n")]
    width = max(len(re.sub(r"<[^>]+>|&\w+;", "", line)) for line in lines)
    size = f"{2 * MARGIN + LETTER * width:.0f}", f"{2 * MARGIN + LINE * len(lines):.0f}"
    texts = [
        f'<text x="{MARGIN}" y="{MARGIN + LINE * number + 13}" xml:space="preserve">{line}</text>'
        for number, line in enumerate(lines)
    ]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}"'
        f' role="img" aria-label="{html.escape(prompt)}">',
        f"<style>\n{STYLE}\n</style>",
        f'<rect class="card" x="0.5" y="0.5" rx="6" width="{int(size[0]) - 1}"'
        f' height="{int(size[1]) - 1}"/>',
        *texts,
        "</svg>\n",
    ])  # fmt: skip


def _marked(line: str) -> str:
    text = html.escape(line, quote=False)
    text = re.sub("\x1b\\[1m(.*?)\x1b\\[0m", r'<tspan class="bold">\1</tspan>', text)
    return re.sub("\x1b\\[[\\d;]*m", "", text)


def graph_picture() -> str:
    """Return the SVG of what differs between the first and the second experiment."""
    command = [sys.executable, "-m", "pconfigs.graph", FIRST, SECOND, "-o"]
    draft = IMAGES / "graph.dot"
    draft.unlink(missing_ok=True)
    subprocess.run([*command, str(draft)], cwd=ROOT, check=True, capture_output=True)
    drawing = os.environ.get("DOT", "dot -Tsvg").split()
    done = subprocess.run(drawing, input=draft.read_bytes(), check=True, capture_output=True)
    draft.unlink()
    return done.stdout.decode("utf-8")


def main() -> None:
    """Write all pictures."""
    IMAGES.mkdir(exist_ok=True)
    for name, words in TERMINAL.items():
        picture = terminal_picture(words, printed(words))
        (IMAGES / f"{name}.svg").write_text(picture, encoding="utf-8")
    (IMAGES / "graph.svg").write_text(graph_picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
