"""The built site: search and colours work in a real browser, and nothing comes from elsewhere."""

from __future__ import annotations

import functools
import http.server
import json
import queue
import re
import shutil
import subprocess
import threading

import pytest

from tests.test_walk import site

__all__ = ["site"]

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")

# A reader: the script reports what the page shows to the server, since searches take their time.
USER = """
<script>
const seen = {};
const scheme = () => document.body.getAttribute("data-md-color-scheme");
seen.first = scheme();
document.querySelector('label[title="Dark"]').click();
seen.then = scheme();
const box = document.querySelector("[data-md-component=search-query]");
document.querySelector("#__search").click();
function look() {
  const links = [...document.querySelectorAll(".md-search-result__link")];
  if (links.length) {
    seen.links = links.map(link => new URL(link.href).pathname);
    fetch("/seen", {method: "POST", body: JSON.stringify(seen)});
    return;
  }
  box.focus();
  box.value = "shell completion";
  box.dispatchEvent(new Event("keyup", {bubbles: true}));
  setTimeout(look, 200);
}
look();
</script>
"""


def reported(folder, page, profile):
    """Return what the user of a page of a site reports, with no network but loopback."""
    found = queue.Queue()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_POST(self):
            found.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

    text = (folder / page).read_text(encoding="utf-8")
    used = folder / "used.html"
    used.write_text(text.replace("</body>", f"{USER}</body>"), encoding="utf-8")
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        command = [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={profile}",
            f"http://127.0.0.1:{server.server_port}/used.html",
        ]  # fmt: skip
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=quiet, stderr=quiet) as browser:
            try:
                return found.get(timeout=120)
            finally:
                browser.terminate()
                server.shutdown()
                used.unlink()


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")
def test_a_reader_searches_and_turns_the_light_off(site, tmp_path):
    seen = reported(site, "index.html", tmp_path)
    assert (seen["first"], seen["then"]) == ("default", "slate")
    assert seen["links"][0] == "/completion.html"


@pytest.mark.slow
def test_pages_load_nothing_from_elsewhere(site):
    """Links may lead elsewhere; scripts, styles, fonts and pictures may not come from there."""
    parts = re.compile(r"<(?:script|img|iframe|source)[^>]*src=\"https?:|<link[^>]*href=\"https?:")
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert len(pages) > 40
    assert [path.name for path, text in pages.items() if parts.search(text)] == []


@pytest.mark.slow
def test_links_lead_to_pages_and_headings(site):
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    marks = {path: set(re.findall(r' id="([^"]+)"', text)) for path, text in pages.items()}
    dead = []
    for path, text in pages.items():
        for link in re.findall(r'<a [^>]*href="([^"]*)"', text):
            if re.match(r"[a-z]+:", link) or path.name == "404.html":
                continue
            name, _, mark = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            target = target / "index.html" if target.is_dir() else target
            if not target.exists() or (mark and mark not in marks.get(target, {mark})):
                dead.append(f"{path.relative_to(site)}: {link}")
    assert dead == []
