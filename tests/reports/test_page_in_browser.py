"""The page in a real browser: it opens, searches, expands, and a value can be read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from pconfigs.reports.html import to_page
from tests.models.systems import Experiment

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")

USER = """
<script>
const told = {};
const at = path => [...document.querySelectorAll("li")].find(li => li.dataset.path === path);
const seen = path => at(path).checkVisibility();
told.closed = seen("model.blocks[1].width");
for (const path of ["model.blocks", "model.blocks[1]"]) at(path).querySelector("summary").click();
told.expanded = seen("model.blocks[1].width");
told.value = at("model.blocks[1].width").querySelector(".value").textContent;
told.origin = at("model.blocks[1].width").title;
document.dispatchEvent(new KeyboardEvent("keydown", {key: "/"}));
told.focused = document.activeElement.id;
box.value = "parameters";
box.dispatchEvent(new Event("input"));
told.count = count.textContent;
told.found = seen("model.parameters");
told.hidden = seen("tags");
document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
told.again = seen("tags");
for (const details of document.querySelectorAll("details")) details.open = false;
location.hash = at("cost").querySelector("a").hash;
reveal();
told.linked = seen("model.parameters");
document.body.dataset.told = JSON.stringify(told);
</script>
"""


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")
def test_a_reader_searches_expands_and_reads_a_value(tmp_path):
    page = tmp_path / "page.html"
    text = to_page(Experiment(), "experiment").replace("</body>", f"{USER}</body>")
    page.write_text(text, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    done = subprocess.run(
        [BROWSER, *options, profile, page.as_uri()],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    told = json.loads(re.search(r'data-told="([^"]*)"', done.stdout)[1].replace("&quot;", '"'))
    assert "systems.py" in told.pop("origin")
    assert told == {
        "closed": False,
        "expanded": True,
        "value": "2",
        "focused": "search",
        "count": "1 found",
        "found": True,
        "hidden": False,
        "again": True,
        "linked": True,
    }
